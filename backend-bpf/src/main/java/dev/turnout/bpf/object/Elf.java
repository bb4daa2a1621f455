package dev.turnout.bpf.object;

/** Numbers of the ELF-64 container, and what BPF adds. */
final class Elf {
    static final int HEADER_SIZE = 64;
    static final int SECTION_SIZE = 64;
    static final int SYMBOL_SIZE = 24;
    static final int REL_SIZE = 16;

    static final int TYPE_REL = 1;
    static final int MACHINE_BPF = 247;

    static final int PROGBITS = 1;
    static final int SYMTAB = 2;
    static final int STRTAB = 3;
    static final int NOBITS = 8;
    static final int REL = 9;

    static final long WRITE = 1;
    static final long ALLOC = 2;
    static final long EXEC = 4;

    static final int LOCAL = 0;
    static final int GLOBAL = 1;
    static final int WEAK = 2;

    static final int NOTYPE = 0;
    static final int OBJECT = 1;
    static final int FUNC = 2;
    static final int SECTION = 3;

    static final int HIDDEN = 2;
    static final int INTERNAL = 1;

    /** R_BPF_64_64: both immediates of a wide load. */
    static final int R_64_64 = 1;

    static final int R_ABS64 = 2;

    /** R_BPF_64_32: the immediate of a call. */
    static final int R_64_32 = 10;

    /** Section header indices from here on are no sections. */
    static final int RESERVED_INDEX = 0xff00;

    static final String LICENSE = "license";
    static final String MAPS = ".maps";
    /** Variables in the arena. */
    static final String ARENA = ".addr_space.1";

    static final String JUMP_TABLES = ".jumptables";
    static final String FUNCTION_TABLES = ".calltables";
    static final String STATIC_BRANCHES = ".static_branches";
    static final String STATIC_KEYS = ".static_keys";

    static final String TABLE_PREFIX = "BPF.";
    static final String MUTABLE_PREFIX = "BPF.mutable.";
    /** Of what the rows of a mutable table may come to hold. */
    static final String CANDIDATES_PREFIX = "BPF.candidates.";

    /** Bytes of a record of {@link #STATIC_BRANCHES}. */
    static final int BRANCH_RECORD = 24;
    /** Bits of a record's flags that mean something. */
    static final int BRANCH_FLAGS = 3;

    private Elf() {}
}
