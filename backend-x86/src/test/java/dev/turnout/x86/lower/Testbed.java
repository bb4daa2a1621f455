package dev.turnout.x86.lower;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.runtime.context.ControlBlock;
import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.map.MapHeader;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.x86.asm.Assembler;
import dev.turnout.x86.asm.Mem;
import dev.turnout.x86.code.Addresses;
import dev.turnout.x86.code.PatchMode;
import dev.turnout.x86.code.Stub;
import dev.turnout.x86.code.X86Code;
import dev.turnout.x86.isa.Arith;
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
import java.util.function.LongFunction;
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
    private final List<LongFunction<byte[]>> pieces = new ArrayList<>();
    private final List<Long> places = new ArrayList<>();
    private final long helperStub;
    private long size;
    private long code;
    private @Nullable MethodHandle gate;

    Testbed(Set<Feature> features) {
        this.features = features;
        byte[] gateCode = gateCode();
        add(gateCode.length, at -> gateCode);
        byte[] stub = helperCode();
        this.helperStub = add(stub.length, at -> stub);
    }

    private static MethodHandle bind(String name, FunctionDescriptor signature) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), signature);
    }

    /** (code, control block, registers): loads r0 to r9, calls, stores r0. */
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
        asm.push(Gpr.R9);
        asm.call(Gpr.R11);
        asm.pop(Gpr.R9);
        asm.store(OperandSize.QWORD, Mem.of(Gpr.R9), Gpr.RAX);
        for (int i = kept.length - 1; i >= 0; i--) {
            asm.pop(kept[i]);
        }
        asm.bare(Bare.RET);
        return asm.finish().bytes();
    }

    /** A helper stub that computes something of all that it is given and spoils all that it may: see {@link #helped}. */
    private static byte[] helperCode() {
        Assembler asm = new Assembler();
        asm.load(OperandSize.DWORD, Gpr.RAX, Mem.of(Gpr.R12, ControlBlock.HELPER));
        asm.imul(OperandSize.QWORD, Gpr.RAX, Gpr.RAX, 1_000_000);
        asm.load(OperandSize.DWORD, Gpr.R11, Mem.of(Gpr.R12, ControlBlock.SITE));
        asm.arith(Arith.ADD, OperandSize.QWORD, Gpr.RAX, Gpr.R11);
        for (Gpr argument : new Gpr[] {Gpr.RDI, Gpr.RSI, Gpr.RDX, Gpr.RCX, Gpr.R8}) {
            asm.imul(OperandSize.QWORD, Gpr.RAX, Gpr.RAX, 3);
            asm.arith(Arith.ADD, OperandSize.QWORD, Gpr.RAX, argument);
        }
        for (Gpr lost : new Gpr[] {Gpr.RDI, Gpr.RSI, Gpr.RDX, Gpr.RCX, Gpr.R8, Gpr.R9, Gpr.R10, Gpr.R11}) {
            asm.movImm(lost, 0x7777_7777);
        }
        asm.bare(Bare.RET);
        return asm.finish().bytes();
    }

    /** What a helper call leaves in r0 here. */
    static long helped(int helper, int site, long... arguments) {
        long result = helper * 1_000_000L + site;
        for (int i = 0; i < 5; i++) {
            result = result * 3 + arguments[i];
        }
        return result;
    }

    private long add(int bytes, LongFunction<byte[]> piece) {
        long at = size;
        pieces.add(piece);
        places.add(at);
        size += (bytes + 15) & -16;
        return at;
    }

    /** Translates one function without maps; where it will be, for {@link #run}. */
    long add(List<Insn> insns) {
        return add(program(insns), List.of(), 0).at(0);
    }

    /** A program in the bed: what is where, before the bed's own address is known. */
    record Placed(X86Code code, long place) {
        long at(int function) {
            return place + code.entry(function);
        }
    }

    /**
     * Translates a program.
     *
     * @param maps the headers of its maps
     * @param keys where its keys' values stand, side by side
     */
    Placed add(BpfProgram program, List<Long> maps, long keys) {
        X86Code translated = DirectCompiler.compile(program, features, PatchMode.FLAG, new Assembler())
                .code();
        long place = add(translated.size(), base -> translated.placed(base, addresses(maps, keys)));
        return new Placed(translated, place);
    }

    private Addresses addresses(List<Long> maps, long keys) {
        return new Addresses() {
            @Override
            public long stub(Stub stub) {
                return code + helperStub;
            }

            @Override
            public long mapHeader(int map) {
                return maps.get(map);
            }

            @Override
            public long mapValue(int map) {
                return Memory.loadLong(maps.get(map) + MapHeader.VALUES);
            }

            @Override
            public long key(int key) {
                return keys + 8L * key;
            }
        };
    }

    /** The native address of something that was added. Only after {@link #seal}. */
    long address(long place) {
        return code + place;
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

    /** All pieces are there: from now on they can be run. */
    void seal() {
        code = map(size);
        for (int i = 0; i < pieces.size(); i++) {
            long at = code + places.get(i);
            Memory.copyIn(pieces.get(i).apply(at), at);
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

    /** r0 of a run with these arguments. */
    long call(long piece, long... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            set(i + 1, arguments[i]);
        }
        run(piece);
        return registers.get(ValueLayout.JAVA_LONG, 0);
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
