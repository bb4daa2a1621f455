package dev.turnout.runtime.interpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.isa.random.RandomInsns;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.linux.load.KernelProgram;
import dev.turnout.linux.load.TestRun;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.runtime.image.Machine;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.program.ContextField;
import dev.turnout.stdlib.program.ProgramType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class InterpreterAgainstKernelTest {
    private static final int PROGRAMS = 300;
    private static final int LENGTH = 60;

    /** What both must agree on: the verdict and the packet. */
    private record Seen(int result, ByteString packet) {}

    @BeforeEach
    void the_kernel_lets_us_in() {
        assumeTrue(KernelObject.permitted(new Diagnostics()), "bpf(2) is not permitted here");
    }

    private static BpfProgram program(ProgramType type, List<Insn> insns) {
        Code code = Code.of(insns);
        return new BpfProgram(
                "random",
                type.word(),
                new BpfProgram.Entry.Context(type),
                "GPL",
                code,
                List.of(new BpfProgram.FunctionRange("random", 0, code.size(), true)),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private static void agree(BpfProgram program, ByteString frame) {
        Diagnostics diagnostics = new Diagnostics();
        Seen theirs;
        try (KernelObject object = new KernelObject()) {
            KernelProgram loaded = object.load(program, diagnostics)
                    .orElseThrow(() -> new AssertionError(diagnostics.all().toString()));
            theirs = loaded.run(frame, 1) instanceof TestRun.Ran ran
                    ? new Seen(ran.result(), ran.output())
                    : new Seen(-1, ByteString.EMPTY);
        }
        Seen ours;
        try (Machine machine = Machine.create(new ScriptedWorld(), 1)) {
            InterpretedProgram loaded =
                    Interpreter.load(program, machine, diagnostics).orElseThrow();
            Batch.Result result = new Batch(new PacketFeed(true), 1, 1_000_000)
                    .run(loaded, List.of(new Input.Packet(frame)), diagnostics)
                    .orElseThrow();
            ours = result.refused() > 0
                    ? new Seen(-1, ByteString.EMPTY)
                    : new Seen((int) result.last(), result.output());
        }
        assertThat(ours).as("%s on %s", program.code().insns(), frame).isEqualTo(theirs);
    }

    private static Insn alu(AluOp op, Reg dst, Operand src) {
        return new Insn.Alu(op, Width.W64, dst, src);
    }

    private static Insn mov(Reg dst, int value) {
        return alu(AluOp.MOV, dst, Operand.of(value));
    }

    private static Insn mov(Reg dst, Reg src) {
        return alu(AluOp.MOV, dst, Operand.of(src));
    }

    /** Numbers at the edges as often as others. */
    private static long number(SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt(-2, 3);
            case 1 -> Long.MIN_VALUE + random.nextInt(2);
            case 2 -> Integer.MIN_VALUE + (long) random.nextInt(2);
            case 3 -> 1L << random.nextInt(64);
            default -> random.nextLong();
        };
    }

    private static void foldInto(List<Insn> insns, int registers) {
        for (int reg = 1; reg < registers; reg++) {
            insns.add(alu(AluOp.MUL, Reg.R0, Operand.of(31)));
            insns.add(alu(AluOp.XOR, Reg.R0, Operand.of(Reg.of(reg))));
        }
        insns.add(mov(Reg.R1, Reg.R0));
        insns.add(alu(AluOp.RSH, Reg.R1, Operand.of(32)));
        insns.add(alu(AluOp.XOR, Reg.R0, Operand.of(Reg.R1)));
        insns.add(new Insn.Exit());
    }

    private static boolean isArithmetic(Insn insn) {
        return switch (insn) {
            case Insn.Alu alu -> alu.dst() != Reg.R10 && !alu.src().equals(Operand.of(Reg.R10));
            case Insn.Neg neg -> neg.dst() != Reg.R10;
            case Insn.Swap swap -> swap.dst() != Reg.R10;
            case Insn.CastSpace _, Insn.Wide _, Insn.Load _, Insn.Store _, Insn.Atomic _, Insn.PacketLoad _ -> false;
            case Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _, Insn.MayGoto _, Insn.JumpIndirect _ -> false;
            case Insn.CallHelper _, Insn.CallLocal _, Insn.CallKernel _, Insn.CallIndirect _, Insn.Exit _ -> false;
        };
    }

    @TestFactory
    Stream<DynamicTest> random_arithmetic_gives_the_same_numbers() {
        return IntStream.range(0, PROGRAMS)
                .mapToObj(seed ->
                        DynamicTest.dynamicTest("seed " + seed, () -> agree(arithmetic(seed), ByteString.zeros(60))));
    }

    private static BpfProgram arithmetic(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RandomInsns source = new RandomInsns(seed);
        List<Insn> insns = new ArrayList<>();
        for (int reg = 0; reg < 10; reg++) {
            insns.add(Insn.Wide.constant(Reg.of(reg), number(random)));
        }
        while (insns.size() < LENGTH) {
            Insn insn = source.next();
            if (isArithmetic(insn)) {
                insns.add(insn);
            }
        }
        foldInto(insns, 10);
        return program(ProgramType.XDP, insns);
    }

    @TestFactory
    Stream<DynamicTest> atomics_leave_the_same_memory_and_registers() {
        return Stream.of(AtomicOp.values())
                .flatMap(op -> Stream.of(Size.W, Size.DW)
                        .map(size -> DynamicTest.dynamicTest(op + " " + size, () -> {
                            for (int seed = 0; seed < 5; seed++) {
                                agree(atomic(op, size, new SplittableRandom(seed)), ByteString.zeros(60));
                            }
                        })));
    }

    private static BpfProgram atomic(AtomicOp op, Size size, SplittableRandom random) {
        long memory = number(random);
        long value = number(random);
        List<Insn> insns = new ArrayList<>();
        insns.add(Insn.Wide.constant(Reg.R3, memory));
        insns.add(new Insn.Store(Size.DW, Reg.R10, -8, Operand.of(Reg.R3)));
        // A compare-and-exchange should succeed as often as not.
        insns.add(Insn.Wide.constant(Reg.R0, random.nextBoolean() ? memory : value));
        insns.add(Insn.Wide.constant(Reg.R1, value));
        insns.add(new Insn.Atomic(op, size, Reg.R10, -8, Reg.R1));
        insns.add(new Insn.Load(Size.DW, false, Reg.R2, Reg.R10, -8));
        foldInto(insns, 3);
        return program(ProgramType.XDP, insns);
    }

    /** Frames of the kinds that a test run looks into. */
    private static List<ByteString> frames() {
        byte[] ip = new byte[60];
        ip[0] = 2;
        ip[12] = 8;
        ip[14] = 0x45;
        ip[26] = 10;
        ip[29] = 1;
        ip[30] = 20;
        ip[33] = 2;
        byte[] broadcast = ip.clone();
        Arrays.fill(broadcast, 0, 6, (byte) -1);
        byte[] multicast = ip.clone();
        multicast[0] = 1;
        byte[] six = new byte[80];
        six[12] = (byte) 0x86;
        six[13] = (byte) 0xdd;
        six[14] = 0x60;
        for (int i = 22; i < 54; i++) {
            six[i] = (byte) i;
        }
        byte[] old = new byte[60];
        old[13] = 46;
        byte[] novell = old.clone();
        novell[14] = -1;
        novell[15] = -1;
        List<byte[]> cut = new ArrayList<>();
        for (int length : new int[] {14, 15, 16, 33, 34, 35, 53, 54, 55}) {
            cut.add(Arrays.copyOf(ip, length));
            cut.add(Arrays.copyOf(six, length));
            cut.add(Arrays.copyOf(old, length));
        }
        return Stream.concat(Stream.of(ip, broadcast, multicast, six, old, novell, new byte[3520]), cut.stream())
                .map(ByteString::copyOf)
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> every_number_of_a_context_is_the_kernels() {
        return Stream.of(ProgramType.XDP, ProgramType.SCHED_CLS, ProgramType.SOCKET_FILTER, ProgramType.CGROUP_SKB)
                .flatMap(type -> type.context().fields().stream()
                        .filter(field -> field.kind() == ContextField.Kind.SCALAR
                                && type.mayRead(field, type.attachedByDefault()))
                        .map(field -> DynamicTest.dynamicTest(type.word() + " " + field.name(), () -> {
                            for (BpfProgram reads : readers(type, field)) {
                                frames().forEach(frame -> agree(reads, frame));
                            }
                        })));
    }

    /** A program that returns the field; several that return a bit of it where no more may be returned. */
    private static List<BpfProgram> readers(ProgramType type, ContextField field) {
        Insn load = new Insn.Load(Size.ofBytes(field.bytes()), false, Reg.R0, Reg.R1, field.offset());
        if (type != ProgramType.CGROUP_SKB) {
            return List.of(program(type, List.of(load, new Insn.Exit())));
        }
        return IntStream.of(0, 1, 3, 10)
                .mapToObj(bit -> program(
                        type,
                        List.of(
                                load,
                                alu(AluOp.RSH, Reg.R0, Operand.of(bit)),
                                alu(AluOp.AND, Reg.R0, Operand.of(1)),
                                new Insn.Exit())))
                .toList();
    }

    @Test
    void the_packet_can_grow_and_shrink_as_far_as_in_the_kernel() {
        for (HelperFunction helper : List.of(
                HelperFunction.XDP_ADJUST_HEAD, HelperFunction.XDP_ADJUST_META, HelperFunction.XDP_ADJUST_TAIL)) {
            for (int by : new int[] {-300, -256, -217, -216, -215, -32, -4, -3, 0, 4, 46, 47, 100, 3000, 3716, 3717}) {
                agree(
                        program(
                                ProgramType.XDP,
                                List.of(mov(Reg.R2, by), new Insn.CallHelper(helper.id()), new Insn.Exit())),
                        counting(60));
            }
        }
    }

    private static ByteString counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return ByteString.copyOf(bytes);
    }

    @Test
    void checksums_of_random_bytes_are_the_kernels() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 60; i++) {
            int from = 4 * random.nextInt(3);
            int to = 4 * random.nextInt(3);
            agree(
                    program(
                            ProgramType.XDP,
                            List.of(
                                    Insn.Wide.constant(Reg.R0, number(random)),
                                    new Insn.Store(Size.DW, Reg.R10, -8, Operand.of(Reg.R0)),
                                    Insn.Wide.constant(Reg.R0, number(random)),
                                    new Insn.Store(Size.DW, Reg.R10, -16, Operand.of(Reg.R0)),
                                    mov(Reg.R1, Reg.R10),
                                    alu(AluOp.ADD, Reg.R1, Operand.of(-8)),
                                    mov(Reg.R2, from),
                                    mov(Reg.R3, Reg.R10),
                                    alu(AluOp.ADD, Reg.R3, Operand.of(-16)),
                                    mov(Reg.R4, to),
                                    mov(Reg.R5, random.nextInt()),
                                    new Insn.CallHelper(HelperFunction.CSUM_DIFF.id()),
                                    new Insn.Exit())),
                    ByteString.zeros(60));
        }
    }
}
