package dev.turnout.linux.feature;

import dev.turnout.bpf.asm.Encoder;
import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.SwapOp;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.linux.syscall.Attributes;
import dev.turnout.linux.syscall.Bpf;
import dev.turnout.linux.syscall.Command;
import dev.turnout.linux.syscall.Descriptor;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.stdlib.target.TargetProfile;
import java.lang.foreign.Arena;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What instructions need that not every kernel has, in the order in which kernels got it. Thread-safe. */
public enum KernelFeature {
    /** The helper that runs a callback so many times. */
    BPF_LOOP("`bpf_loop`", "5.17") {
        @Override
        boolean probe() {
            return RunningKernel.here().has(HelperFunction.LOOP);
        }
    },
    /** Instructions of BPF cpu v4. */
    CPU_V4("instructions of BPF cpu v4 (sign extension, `bswap`, signed division, far jumps)", "6.6") {
        @Override
        boolean probe() {
            return loads(ZERO, new Insn.Alu(AluOp.MOVSX8, Width.W64, Reg.R0, Operand.of(Reg.R0)), new Insn.Exit());
        }
    },
    MAY_GOTO("`may_goto`", "6.9") {
        @Override
        boolean probe() {
            // Not +0: Linux 6.12 has the instruction and refuses that distance.
            return loads(ZERO, new Insn.MayGoto(1), ZERO, new Insn.Exit());
        }
    },
    /** Loads that acquire and stores that release. */
    ACQUIRE_RELEASE("loads that acquire and stores that release", "6.15") {
        @Override
        boolean probe() {
            return loads(
                    new Insn.Store(Size.DW, Reg.R10, -8, Operand.of(0)),
                    new Insn.Atomic(AtomicOp.LOAD_ACQUIRE, Size.DW, Reg.R10, -8, Reg.R0),
                    new Insn.Exit());
        }
    },
    /** Jumps through instruction arrays. */
    JUMP_TABLES("indirect jumps (`gotox`) and the instruction arrays that they need", "6.19") {
        @Override
        boolean probe() {
            try (Arena arena = Arena.ofConfined()) {
                return succeeds(
                        Command.MAP_CREATE,
                        new Attributes(arena)
                                .word(0, MapKind.INSN_ARRAY.kernelId())
                                .word(4, 4)
                                .word(8, 16)
                                .word(12, 1));
            }
        }
    };

    private static final Insn ZERO = new Insn.Alu(AluOp.MOV, Width.W64, Reg.R0, Operand.of(0));
    private static final Map<KernelFeature, Boolean> ASKED = new ConcurrentHashMap<>();

    private final String words;
    private final String since;

    KernelFeature(String words, String since) {
        this.words = words;
        this.since = since;
    }

    /** As a message names it. */
    public String words() {
        return words;
    }

    /** The first Linux that has it, such as {@code 6.9}. */
    public String since() {
        return since;
    }

    /** Whether the running kernel has it; false where programs may not be loaded. */
    public boolean here() {
        return ASKED.computeIfAbsent(this, KernelFeature::probe);
    }

    abstract boolean probe();

    /** Those that a program's instructions need. */
    public static Set<KernelFeature> of(BpfProgram program) {
        Set<KernelFeature> needed = EnumSet.noneOf(KernelFeature.class);
        for (Insn insn : program.code().insns()) {
            of(insn).ifPresent(needed::add);
        }
        return needed;
    }

    private static Optional<KernelFeature> of(Insn insn) {
        return switch (insn) {
            case Insn.Alu alu ->
                switch (alu.op()) {
                    case SDIV, SMOD, MOVSX8, MOVSX16, MOVSX32 -> Optional.of(CPU_V4);
                    case ADD, SUB, MUL, DIV, OR, AND, LSH, RSH, MOD, XOR, MOV, ARSH -> Optional.empty();
                };
            case Insn.Swap swap -> swap.op() == SwapOp.BSWAP ? Optional.of(CPU_V4) : Optional.empty();
            case Insn.Load load -> load.signed() ? Optional.of(CPU_V4) : Optional.empty();
            case Insn.Jump jump -> jump.far() ? Optional.of(CPU_V4) : Optional.empty();
            case Insn.Atomic atomic ->
                switch (atomic.op()) {
                    case LOAD_ACQUIRE, STORE_RELEASE -> Optional.of(ACQUIRE_RELEASE);
                    case ADD, OR, AND, XOR, FETCH_ADD, FETCH_OR, FETCH_AND, FETCH_XOR, XCHG, CMPXCHG ->
                        Optional.empty();
                };
            case Insn.MayGoto _ -> Optional.of(MAY_GOTO);
            case Insn.JumpIndirect _ -> Optional.of(JUMP_TABLES);
            case Insn.CallHelper(int id) -> id == HelperFunction.LOOP.id() ? Optional.of(BPF_LOOP) : Optional.empty();
            case Insn.Neg _, Insn.CastSpace _, Insn.Wide _, Insn.Store _, Insn.PacketLoad _, Insn.JumpIf _ ->
                Optional.empty();
            case Insn.StaticJump _, Insn.CallLocal _, Insn.CallKernel _, Insn.CallIndirect _, Insn.Exit _ ->
                Optional.empty();
        };
    }

    /** Those that every program for a target may use. */
    public static Set<KernelFeature> of(TargetProfile target) {
        Set<KernelFeature> needed = EnumSet.noneOf(KernelFeature.class);
        if (target.cpu() >= 4) {
            needed.add(CPU_V4);
        }
        if (target.has(TargetProfile.Feature.BPF_LOOP)) {
            needed.add(BPF_LOOP);
        }
        if (target.has(TargetProfile.Feature.MAY_GOTO)) {
            needed.add(MAY_GOTO);
        }
        if (target.has(TargetProfile.Feature.JUMP_TABLE)) {
            needed.add(JUMP_TABLES);
        }
        return needed;
    }

    /** Whether the kernel takes this code as a socket filter, the type that asks for the fewest rights. */
    private static boolean loads(Insn... insns) {
        Code code = Code.of(List.of(insns));
        try (Arena arena = Arena.ofConfined()) {
            return succeeds(
                    Command.PROG_LOAD,
                    new Attributes(arena)
                            .word(0, ProgramType.SOCKET_FILTER.kernelId())
                            .word(4, code.size())
                            .bytes(8, Encoder.encode(code))
                            .text(16, "GPL"));
        }
    }

    private static boolean succeeds(Command command, Attributes attributes) {
        int result = Bpf.call(command, attributes);
        if (result >= 0) {
            new Descriptor(result).close();
        }
        return result >= 0;
    }
}
