package dev.turnout.tests.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.linux.load.KernelProgram;
import dev.turnout.linux.load.TestRun;
import dev.turnout.runtime.context.ContextFields;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.map.Datum;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.program.ContextField;
import dev.turnout.stdlib.program.ContextLayout;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.stdlib.program.SocketKind;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.Verifier;
import dev.turnout.verifier.specialize.SpecializeOptions;
import dev.turnout.verifier.specialize.Specializer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What a program finds in each field of its context, and what it leaves there, is what it finds and leaves in Linux's test run: on
 * frames of several kinds, with nothing said of the context and with numbers of all sizes.
 */
class ContextValuesAgainstKernelTest {
    private static final int DRAWN = 12;

    private static final List<ByteString> FRAMES = List.of(
            frame("000000000000" + "020000000001" + "0800" + "45000028000000004006000001020304" + "0a0b0c0d"),
            frame("ffffffffffff" + "020000000001" + "86dd" + "6000000000003b40" + "20010db8000000000000000000000001"
                    + "20010db8000000000000000000000002"),
            frame("0200000000ff" + "020000000001" + "0806" + "0001080006040001"),
            frame("010000000001" + "020000000001" + "8100" + "0005080045000014"),
            frame("000000000000" + "000000000000" + "0040" + "ffff"));

    /** What a run shows: r0, the packet and the context, or that it was refused. */
    private record Seen(boolean ran, int result, ByteString output, String context) {
        static final Seen REFUSED = new Seen(false, 0, ByteString.EMPTY, "");
    }

    private static ByteString frame(String hex) {
        byte[] bytes = new byte[80];
        byte[] given = HexFormat.of().parseHex(hex);
        System.arraycopy(given, 0, bytes, 0, given.length);
        return ByteString.copyOf(bytes);
    }

    @BeforeEach
    void the_kernel_lets_us_in() {
        assumeTrue(KernelObject.permitted(new Diagnostics()), "bpf(2) is not permitted here");
    }

    @TestFactory
    Stream<DynamicTest> fields_of_buffers() {
        return Stream.of(
                        ProgramType.SOCKET_FILTER,
                        ProgramType.SCHED_CLS,
                        ProgramType.SCHED_ACT,
                        ProgramType.CGROUP_SKB,
                        ProgramType.LWT_IN,
                        ProgramType.LWT_OUT,
                        ProgramType.LWT_XMIT)
                .map(type -> DynamicTest.dynamicTest(type.word(), () -> buffers(type)));
    }

    private static void buffers(ProgramType type) {
        List<Input> inputs = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(type.kernelId());
        for (ByteString frame : FRAMES) {
            inputs.add(new Input.Packet(frame));
            for (int i = 0; i < DRAWN / 4; i++) {
                inputs.add(new Input.Packet(frame, given(type, random)));
            }
        }
        for (ContextField field : type.context().fields()) {
            if (type.mayRead(field, type.attachedByDefault()) && field.kind() == ContextField.Kind.SCALAR) {
                agree(program(type, field.name(), reading(type, field)), inputs);
            }
            if (type.mayWrite(field, type.attachedByDefault())) {
                agree(program(type, "w_" + field.name(), writing(field)), inputs);
            }
        }
        for (ContextField field : SocketKind.COMMON.table().fields()) {
            if (SocketKind.COMMON.shows(field)) {
                agree(program(type, "sk_" + field.name(), readingSocket(type, field)), inputs);
            }
        }
        if (HelperFunction.SK_FULLSOCK.allowedIn(type)) {
            for (ContextField field : SocketKind.FULL.table().fields()) {
                agree(program(type, "full_" + field.name(), readingFullSocket(type, field)), inputs);
            }
        }
    }

    /** Now what Linux takes, now something that it may not. */
    private static ByteString given(ProgramType type, SplittableRandom random) {
        Map<String, Datum> fields = new java.util.LinkedHashMap<>();
        for (String name : List.of("mark", "priority", "ingress_ifindex", "tstamp", "gso_size", "hwtstamp")) {
            fields.put(name, Datum.of(random.nextInt(4) == 0 ? 0 : random.nextInt() & 0x7fff_ffff));
        }
        fields.put("ifindex", Datum.of(random.nextInt(2)));
        fields.put("gso_segs", Datum.of(random.nextInt(65_000, 66_000)));
        fields.put("cb", new Datum.Items(List.of(Datum.of(1), Datum.of(random.nextInt(99)), Datum.of(3))));
        fields.put("wire_len", Datum.of(random.nextBoolean() ? 0 : random.nextInt(60, 120)));
        if (random.nextInt(5) == 0) {
            fields.put(random.nextBoolean() ? "hash" : "queue_mapping", Datum.of(1));
        }
        return ContextFields.read(type, new Datum.Fields(fields), new StringBuilder())
                .orElseThrow();
    }

    @Test
    void fields_of_frames() {
        SplittableRandom random = new SplittableRandom(4);
        List<Input> inputs = new ArrayList<>();
        for (ByteString frame : FRAMES) {
            inputs.add(new Input.Packet(frame));
            for (int i = 0; i < DRAWN; i++) {
                StringBuilder why = new StringBuilder();
                Map<String, Datum> fields = Map.of(
                        "data", Datum.of(random.nextInt(3) == 0 ? random.nextInt(9) : 4L * random.nextInt(18)),
                        "data_end", Datum.of(random.nextBoolean() ? 0 : frame.size()),
                        "ingress_ifindex", Datum.of(random.nextInt(2)),
                        "rx_queue_index", Datum.of(random.nextInt(4) / 3));
                inputs.add(new Input.Packet(
                        frame,
                        ContextFields.read(ProgramType.XDP, new Datum.Fields(fields), why)
                                .orElseThrow()));
            }
        }
        for (String name : List.of("ingress_ifindex", "rx_queue_index")) {
            agree(
                    program(
                            ProgramType.XDP,
                            name,
                            reading(
                                    ProgramType.XDP,
                                    ContextLayout.XDP_MD.field(name).orElseThrow())),
                    inputs);
        }
    }

    @Test
    void keys_of_a_dissector() {
        List<Input> inputs = new ArrayList<>();
        for (ByteString frame : FRAMES) {
            inputs.add(new Input.Packet(frame));
            StringBuilder why = new StringBuilder();
            inputs.add(new Input.Packet(
                    frame,
                    ContextFields.read(ProgramType.FLOW_DISSECTOR, new Datum.Fields(Map.of("flags", Datum.of(6))), why)
                            .orElseThrow()));
        }
        int pointer =
                ContextLayout.DISSECTED_SK_BUFF.field("flow_keys").orElseThrow().offset();
        for (int at = 0; at < ContextLayout.FLOW_KEYS.size(); at += 4) {
            List<Insn> insns = new ArrayList<>();
            insns.add(load(Size.DW, Reg.R1, Reg.R1, pointer));
            insns.add(load(Size.W, Reg.R0, Reg.R1, at));
            insns.add(new Insn.Store(Size.W, Reg.R1, at, Operand.of(0x7123_4567)));
            insns.add(new Insn.Exit());
            agree(program(ProgramType.FLOW_DISSECTOR, "keys_" + at, insns), inputs);
        }
    }

    @Test
    void arguments_of_a_raw_tracepoint() {
        SplittableRandom random = new SplittableRandom(17);
        byte[] arguments = new byte[96];
        random.nextBytes(arguments);
        List<Input> inputs =
                List.of(new Input.Memory(ByteString.copyOf(arguments)), new Input.Memory(ByteString.zeros(104)));
        for (ContextField field : ContextLayout.RAW_TRACEPOINT.fields()) {
            agree(
                    program(ProgramType.RAW_TRACEPOINT, field.name(), reading(ProgramType.RAW_TRACEPOINT, field)),
                    inputs);
        }
    }

    @Test
    void memory_of_a_call() {
        byte[] memory = new byte[24];
        new SplittableRandom(3).nextBytes(memory);
        List<Insn> insns = new ArrayList<>();
        insns.add(load(Size.W, Reg.R0, Reg.R1, 12));
        insns.add(new Insn.Store(Size.H, Reg.R1, 2, Operand.of(0x1234)));
        insns.add(new Insn.Exit());
        agree(program(ProgramType.SYSCALL, "memory", insns), List.of(new Input.Memory(ByteString.copyOf(memory))));
    }

    @Test
    void fields_of_a_look_up() {
        StringBuilder why = new StringBuilder();
        List<Input> inputs = new ArrayList<>();
        for (int family : new int[] {2, 10, 3}) {
            Map<String, Datum> fields = new java.util.LinkedHashMap<>();
            fields.put("family", Datum.of(family));
            fields.put("protocol", Datum.of(17));
            fields.put("remote_ip4", Datum.of(0x0102_0304));
            fields.put("local_ip4", Datum.of(0x0506_0708));
            fields.put("remote_ip6", new Datum.Items(List.of(Datum.of(1), Datum.of(2), Datum.of(3), Datum.of(4))));
            fields.put("local_ip6", new Datum.Items(List.of(Datum.of(5), Datum.of(6), Datum.of(7), Datum.of(8))));
            fields.put("remote_port", Datum.of(0x1234));
            fields.put("local_port", Datum.of(0xffff));
            inputs.add(new Input.Memory(ContextFields.read(ProgramType.SK_LOOKUP, new Datum.Fields(fields), why)
                    .orElseThrow()));
        }
        for (ContextField field : ContextLayout.SK_LOOKUP.fields()) {
            if (field.kind() == ContextField.Kind.SCALAR) {
                agree(program(ProgramType.SK_LOOKUP, field.name(), reading(ProgramType.SK_LOOKUP, field)), inputs);
            }
        }
    }

    // Programs.

    private static Insn load(Size size, Reg to, Reg from, int at) {
        return new Insn.Load(size, false, to, from, at);
    }

    private static Insn alu(AluOp op, Reg to, Operand by) {
        return new Insn.Alu(op, Width.W64, to, by);
    }

    private static Size size(ContextField field) {
        return switch (field.bytes()) {
            case 1 -> Size.B;
            case 2 -> Size.H;
            case 4 -> Size.W;
            default -> Size.DW;
        };
    }

    private static List<Insn> reading(ProgramType type, ContextField field) {
        List<Insn> insns = new ArrayList<>();
        insns.add(alu(AluOp.MOV, Reg.R6, Operand.of(Reg.R1)));
        insns.add(load(size(field), Reg.R0, Reg.R1, field.offset()));
        return shown(type, insns);
    }

    private static List<Insn> readingSocket(ProgramType type, ContextField field) {
        List<Insn> insns = new ArrayList<>();
        int pointer = ContextLayout.SK_BUFF.field("sk").orElseThrow().offset();
        insns.add(alu(AluOp.MOV, Reg.R6, Operand.of(Reg.R1)));
        insns.add(alu(AluOp.MOV, Reg.R0, Operand.of(77)));
        insns.add(load(Size.DW, Reg.R1, Reg.R1, pointer));
        insns.add(new Insn.JumpIf(JumpOp.JEQ, Width.W64, Reg.R1, Operand.of(0), 1));
        insns.add(load(size(field), Reg.R0, Reg.R1, field.offset()));
        return shown(type, insns);
    }

    private static List<Insn> readingFullSocket(ProgramType type, ContextField field) {
        List<Insn> insns = new ArrayList<>();
        int pointer = ContextLayout.SK_BUFF.field("sk").orElseThrow().offset();
        insns.add(alu(AluOp.MOV, Reg.R6, Operand.of(Reg.R1)));
        insns.add(alu(AluOp.MOV, Reg.R0, Operand.of(77)));
        insns.add(load(Size.DW, Reg.R1, Reg.R1, pointer));
        insns.add(new Insn.JumpIf(JumpOp.JEQ, Width.W64, Reg.R1, Operand.of(0), 3));
        insns.add(new Insn.CallHelper(HelperFunction.SK_FULLSOCK.id()));
        insns.add(new Insn.JumpIf(JumpOp.JEQ, Width.W64, Reg.R0, Operand.of(0), 1));
        insns.add(load(size(field), Reg.R0, Reg.R0, field.offset()));
        return shown(type, insns);
    }

    private static List<Insn> writing(ContextField field) {
        List<Insn> insns = new ArrayList<>();
        insns.add(alu(AluOp.MOV, Reg.R2, Operand.of(0x1234)));
        insns.add(new Insn.Store(size(field), Reg.R1, field.offset(), Operand.of(Reg.R2)));
        insns.add(alu(AluOp.MOV, Reg.R0, Operand.of(0)));
        insns.add(new Insn.Exit());
        return insns;
    }

    /** Makes r0 of the program's result, which for some types is one bit: there it goes into the control buffer, or is counted. */
    private static List<Insn> shown(ProgramType type, List<Insn> insns) {
        insns.add(alu(AluOp.MOV, Reg.R2, Operand.of(Reg.R0)));
        insns.add(alu(AluOp.RSH, Reg.R2, Operand.of(32)));
        insns.add(alu(AluOp.XOR, Reg.R0, Operand.of(Reg.R2)));
        if (type == ProgramType.CGROUP_SKB) {
            int at = ContextLayout.SK_BUFF.field("cb[0]").orElseThrow().offset();
            insns.add(new Insn.Store(Size.W, Reg.R6, at, Operand.of(Reg.R0)));
            insns.add(alu(AluOp.MOV, Reg.R0, Operand.of(0)));
        } else if (type == ProgramType.SK_LOOKUP) {
            // One bit of a sum of all of them tells most numbers apart.
            insns.add(alu(AluOp.MUL, Reg.R0, Operand.of(0x5bd1_e995)));
            insns.add(alu(AluOp.RSH, Reg.R0, Operand.of(13)));
            insns.add(alu(AluOp.AND, Reg.R0, Operand.of(1)));
        }
        insns.add(new Insn.Exit());
        return insns;
    }

    private static BpfProgram program(ProgramType type, String about, List<Insn> insns) {
        Code code = Code.of(insns);
        String name = about.replaceAll("[^a-z0-9_]", "_");
        return new BpfProgram(
                name,
                type.word(),
                new BpfProgram.Entry.Context(type),
                "GPL",
                code,
                List.of(new BpfProgram.FunctionRange(name, 0, code.size(), true)),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    // Runs.

    private static void agree(BpfProgram program, List<Input> inputs) {
        Diagnostics diagnostics = new Diagnostics();
        ProgramType type = program.type().orElseThrow();
        List<Seen> theirs = new ArrayList<>();
        int thrice = 0;
        try (KernelObject object = new KernelObject()) {
            Optional<KernelProgram> loaded = object.load(program, diagnostics);
            assertThat(loaded)
                    .as("%s: %s", program.code().insns(), diagnostics.all())
                    .isPresent();
            for (Input input : inputs) {
                theirs.add(inKernel(loaded.get(), type, input));
            }
            if (inputs.getFirst() instanceof Input.Packet(ByteString frame, ByteString _)
                    && loaded.get().run(frame, 3) instanceof TestRun.Ran ran) {
                thrice = ran.result();
            }
        }
        if (!(Verifier.verify(program, Options.linux()) instanceof Verdict.Verified(var proven, long _))) {
            throw new AssertionError("not verified: " + program.code().insns());
        }
        for (EngineRow row : EngineRow.values()) {
            if (!(row.availability() instanceof EngineRow.Availability.Here(Engine engine))) {
                continue;
            }
            try (Machine machine = Machine.create(new ScriptedWorld(), 1);
                    RunnableProgram loaded = engine.load(
                                    Specializer.specialize(proven, SpecializeOptions.NONE), machine, diagnostics)
                            .orElseThrow()) {
                for (int i = 0; i < inputs.size(); i++) {
                    assertThat(here(loaded, type, inputs.get(i)))
                            .as("%s %s %s on input %d", engine.name(), type, program.name(), i)
                            .isEqualTo(theirs.get(i));
                }
                if (inputs.getFirst() instanceof Input.Packet) {
                    Batch.Result again = new Batch(new PacketFeed(true), 3, 1000)
                            .run(loaded, inputs.subList(0, 1), diagnostics)
                            .orElseThrow();
                    assertThat((int) again.last())
                            .as("%s three times", program.name())
                            .isEqualTo(thrice);
                }
                // Side by side they are fed alike.
                Batch.Result all = new Batch(new PacketFeed(true), 1, 1000)
                        .run(loaded, inputs, diagnostics)
                        .orElseThrow();
                for (int i = 0; i < inputs.size(); i++) {
                    long verdict = all.verdicts().get(i);
                    assertThat(verdict == Batch.REFUSED ? -1 : (int) verdict)
                            .as("%s %s side by side, input %d of %s", engine.name(), program.name(), i, all.verdicts())
                            .isEqualTo(theirs.get(i).ran() ? theirs.get(i).result() : -1);
                }
            }
        }
    }

    private static Seen inKernel(KernelProgram program, ProgramType type, Input input) {
        TestRun run = switch (input) {
            case Input.Packet(ByteString frame, ByteString context) -> program.run(frame, context, 1);
            case Input.Memory(ByteString bytes, ByteString _) -> program.runContext(bytes, 1);
        };
        return switch (run) {
            case TestRun.Ran ran ->
                new Seen(true, ran.result(), output(input, ran.output()), shownContext(type, input, ran.context()));
            case TestRun.Refused _ -> Seen.REFUSED;
        };
    }

    private static Seen here(RunnableProgram program, ProgramType type, Input input) {
        Batch.Result result = new Batch(new PacketFeed(true), 1, 1000)
                .run(program, List.of(input), new Diagnostics())
                .orElseThrow();
        return result.refused() > 0
                ? Seen.REFUSED
                : new Seen(
                        true,
                        (int) result.last(),
                        output(input, result.output()),
                        shownContext(type, input, result.context()));
    }

    /** What a context was changed to is compared as one. */
    private static ByteString output(Input input, ByteString output) {
        return input instanceof Input.Packet ? output : ByteString.EMPTY;
    }

    private static String shownContext(ProgramType type, Input input, ByteString context) {
        boolean given =
                !(input instanceof Input.Packet packet) || packet.context().size() > 0;
        return given && type != ProgramType.RAW_TRACEPOINT
                ? ContextFields.show(type, context).toString()
                : "";
    }
}
