package dev.turnout.bpf.elf;

/** Numbers of the ELF-64 container, and what BPF adds. */
public final class Elf {
    public static final int HEADER_SIZE = 64;
    public static final int SECTION_SIZE = 64;
    public static final int SYMBOL_SIZE = 24;
    public static final int REL_SIZE = 16;

    public static final int TYPE_REL = 1;
    public static final int MACHINE_BPF = 247;

    public static final int PROGBITS = 1;
    public static final int SYMTAB = 2;
    public static final int STRTAB = 3;
    public static final int NOBITS = 8;
    public static final int RELA = 4;
    public static final int REL = 9;

    public static final long WRITE = 1;
    public static final long ALLOC = 2;
    public static final long EXEC = 4;
    /** The section's info is the number of another section. */
    public static final long INFO_LINK = 0x40;

    public static final int LOCAL = 0;
    public static final int GLOBAL = 1;
    public static final int WEAK = 2;

    public static final int NOTYPE = 0;
    public static final int OBJECT = 1;
    public static final int FUNC = 2;
    public static final int SECTION = 3;

    public static final int HIDDEN = 2;
    public static final int INTERNAL = 1;

    /** R_BPF_64_64: both immediates of a wide load. */
    public static final int R_64_64 = 1;

    public static final int R_ABS64 = 2;
    public static final int R_ABS32 = 3;
    /** Four bytes that a dynamic linker would leave alone. */
    public static final int R_NODYLD32 = 4;

    /** R_BPF_64_32: the immediate of a call. */
    public static final int R_64_32 = 10;

    /** Section header indices from here on are no sections. */
    public static final int RESERVED_INDEX = 0xff00;
    /** A symbol's section index that says its value is no place. */
    public static final int ABSOLUTE = 0xfff1;

    public static final String LICENSE = "license";
    /** What kernels before 5.0 demanded of some programs. */
    public static final String VERSION = "version";

    public static final String TEXT = ".text";
    public static final String TYPES = ".BTF";
    /** Functions, lines and relocations to a kernel's types. */
    public static final String TYPES_OF_CODE = ".BTF.ext";
    /** What the kernel has to provide. */
    public static final String KERNEL_SYMBOLS = ".ksyms";
    /** What another object has to provide. */
    public static final String EXTERNS = ".extern";

    public static final String MAPS = ".maps";
    /** Variables in the arena. */
    public static final String ARENA = ".addr_space.1";

    public static final String JUMP_TABLES = ".jumptables";
    public static final String FUNCTION_TABLES = ".calltables";
    public static final String STATIC_BRANCHES = ".static_branches";
    public static final String STATIC_KEYS = ".static_keys";

    public static final String TABLE_PREFIX = "BPF.";
    public static final String MUTABLE_PREFIX = "BPF.mutable.";
    /** Of what the rows of a mutable table may come to hold. */
    public static final String CANDIDATES_PREFIX = "BPF.candidates.";

    /** Bytes of a record of {@link #STATIC_BRANCHES}. */
    public static final int BRANCH_RECORD = 24;
    /** Bits of a record's flags that mean something. */
    public static final int BRANCH_FLAGS = 3;

    private Elf() {}
}
