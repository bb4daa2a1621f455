package dev.turnout.x86.lower;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.x86.asm.Assembler;
import dev.turnout.x86.asm.Mem;
import dev.turnout.x86.code.Addresses;
import dev.turnout.x86.code.Stub;
import dev.turnout.x86.code.X86Code;
import dev.turnout.x86.isa.Bare;
import dev.turnout.x86.isa.Feature;
import dev.turnout.x86.isa.Gpr;
import dev.turnout.x86.isa.OperandSize;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs pieces of translated code with registers of our choice, unverified: for processes that may die. Code is written into
 * memory that may not be executed, and executed when it may no longer be written.
 */
@SuppressWarnings("restricted") // Running code that was just made is what this is for.
final class Testbed implements AutoCloseable {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle MMAP = bind(
            "mmap",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG));
    private static final MethodHandle MPROTECT = bind(
            "mprotect",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    private static final int NONE = 0;
    private static final int READ_WRITE = 3;
    private static final int READ_EXECUTE = 5;
    private static final int PRIVATE_ANONYMOUS = 0x22;
    static final int PAGE = 4096;

    private static final Gpr[] HOMES = {
        Gpr.RAX, Gpr.RDI, Gpr.RSI, Gpr.RDX, Gpr.RCX, Gpr.R8, Gpr.RBX, Gpr.R13, Gpr.R14, Gpr.R15
    };

    private final Workspace workspace = Workspace.create().orElseThrow();
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment registers = arena.allocate(80, 8);
    private final Set<Feature> features;
    private final List<byte[]> pieces = new ArrayList<>();
    private long size;
    private long code;
    private @Nullable MethodHandle gate;

    Testbed(Set<Feature> features) {
        this.features = features;
        add(gateCode());
    }

    private static MethodHandle bind(String name, FunctionDescriptor signature) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), signature);
    }

    /** (code, control block, registers): loads r0 to r9, calls. */
    private static byte[] gateCode() {
        Assembler asm = new Assembler();
        Gpr[] kept = {Gpr.RBX, Gpr.RBP, Gpr.R12, Gpr.R13, Gpr.R14, Gpr.R15};
        for (Gpr one : kept) {
            asm.push(one);
        }
        asm.mov(OperandSize.QWORD, Gpr.R11, Gpr.RDI);
        asm.mov(OperandSize.QWORD, Gpr.R12, Gpr.RSI);
        asm.mov(OperandSize.QWORD, Gpr.RBP, Gpr.RSI);
        asm.mov(OperandSize.QWORD, Gpr.R9, Gpr.RDX);
        for (int i = 0; i < HOMES.length; i++) {
            asm.load(OperandSize.QWORD, HOMES[i], Mem.of(Gpr.R9, 8 * i));
        }
        asm.call(Gpr.R11);
        for (int i = kept.length - 1; i >= 0; i--) {
            asm.pop(kept[i]);
        }
        asm.bare(Bare.RET);
        return asm.finish().bytes();
    }

    private long add(byte[] piece) {
        long at = size;
        pieces.add(piece);
        size += (piece.length + 15) & -16;
        return at;
    }

    /** Translates one function without maps; where it will be, for {@link #run}. */
    long add(List<Insn> insns) {
        X86Code translated = DirectCompiler.compile(program(insns), features, new Assembler())
                .code();
        return add(translated.placed(0, NOWHERE)) + translated.entry();
    }

    static BpfProgram program(List<Insn> insns) {
        Code code = Code.of(insns);
        return new BpfProgram(
                "test",
                "",
                new BpfProgram.Entry.Memory(0),
                "",
                code,
                List.of(new BpfProgram.FunctionRange("test", 0, code.size(), false)),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private static final Addresses NOWHERE = new Addresses() {
        @Override
        public long stub(Stub stub) {
            throw new IllegalStateException("no stubs here");
        }

        @Override
        public long mapHeader(int map) {
            throw new IllegalStateException("no maps here");
        }

        @Override
        public long mapValue(int map) {
            throw new IllegalStateException("no maps here");
        }

        @Override
        public long key(int key) {
            throw new IllegalStateException("no keys here");
        }
    };

    /** All pieces are there: from now on they can be run. */
    void seal() {
        code = map(size);
        long at = code;
        for (byte[] piece : pieces) {
            Memory.copyIn(piece, at);
            at += (piece.length + 15) & -16;
        }
        protect(code, size, READ_EXECUTE);
        gate = LINKER.downcallHandle(
                MemorySegment.ofAddress(code),
                FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    }

    /** r0 to r9 before the next run. */
    void set(int register, long value) {
        registers.set(ValueLayout.JAVA_LONG, 8L * register, value);
    }

    void run(long piece) {
        MethodHandle open = gate;
        if (open == null) {
            throw new IllegalStateException("not sealed");
        }
        try {
            open.invokeExact(code + piece, control(), registers.address());
        } catch (Throwable bug) {
            throw new IllegalStateException(bug);
        }
    }

    long control() {
        return workspace.address() + Workspace.CONTROL;
    }

    /** What the piece stored at r10 + offset. */
    long local(int offset) {
        return Memory.loadLong(control() + offset);
    }

    /** A page between two that nobody may touch. */
    static long guardedPage() {
        long pages = map(3L * PAGE);
        protect(pages, PAGE, NONE);
        protect(pages + 2L * PAGE, PAGE, NONE);
        return pages + PAGE;
    }

    private static long map(long bytes) {
        try {
            long address = (long) MMAP.invokeExact(0L, bytes, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
            if (address == -1) {
                throw new IllegalStateException("no memory");
            }
            return address;
        } catch (Throwable bug) {
            throw new IllegalStateException(bug);
        }
    }

    private static void protect(long address, long bytes, int protection) {
        try {
            int result = (int) MPROTECT.invokeExact(address, (bytes + PAGE - 1) & -PAGE, protection);
            if (result != 0) {
                throw new IllegalStateException("mprotect");
            }
        } catch (Throwable bug) {
            throw new IllegalStateException(bug);
        }
    }

    @Override
    public void close() {
        arena.close();
        workspace.close();
    }
}
