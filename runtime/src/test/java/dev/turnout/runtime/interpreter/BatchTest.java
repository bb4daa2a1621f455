package dev.turnout.runtime.interpreter;

import static dev.turnout.bpf.isa.Reg.R0;
import static dev.turnout.bpf.isa.Reg.R1;
import static dev.turnout.bpf.isa.Reg.R2;
import static dev.turnout.bpf.isa.Reg.R6;
import static dev.turnout.runtime.interpreter.Programs.alu;
import static dev.turnout.runtime.interpreter.Programs.call;
import static dev.turnout.runtime.interpreter.Programs.exit;
import static dev.turnout.runtime.interpreter.Programs.load;
import static dev.turnout.runtime.interpreter.Programs.machine;
import static dev.turnout.runtime.interpreter.Programs.mov;
import static dev.turnout.runtime.interpreter.Programs.program;
import static dev.turnout.runtime.interpreter.Programs.store;
import static dev.turnout.runtime.interpreter.Programs.xdp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.Entry;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.image.Machine;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {
    /** Counts its runs in the first byte of the memory and returns it. */
    private static BpfProgram counter() {
        return program(
                new Entry.Memory(4),
                List.of(),
                List.of(),
                List.of(load(Size.B, R0, R1, 0), alu(AluOp.ADD, R0, 1), store(Size.B, R1, 0, R0), exit()));
    }

    private static Input memory(int... bytes) {
        byte[] all = new byte[bytes.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) bytes[i];
        }
        return new Input.Memory(ByteString.copyOf(all));
    }

    private static Batch.Result run(BpfProgram program, long repeat, List<Input> inputs, Diagnostics diagnostics) {
        try (Machine machine = machine()) {
            return new Batch(new PacketFeed(true), repeat, 1000)
                    .run(Programs.load(program, machine), inputs, diagnostics)
                    .orElseThrow();
        }
    }

    @Test
    void each_input_keeps_what_its_repetitions_left_and_gives_its_last_result() {
        Batch.Result result = run(
                counter(), 3, List.of(memory(0, 9, 9, 9), memory(10, 8, 8, 8), memory(20, 7, 6, 5)), new Diagnostics());
        assertThat(result.verdicts()).containsExactly(3L, 13L, 23L);
        assertThat(result.last()).isEqualTo(23);
        assertThat(result.runs()).isEqualTo(9);
        assertThat(result.steps()).isEqualTo(9 * 4);
        assertThat(result.output()).isEqualTo(ByteString.copyOf(new byte[] {23, 7, 6, 5}));
    }

    @Test
    void no_inputs_are_no_runs() {
        Batch.Result result = run(counter(), 3, List.of(), new Diagnostics());
        assertThat(result.runs()).isZero();
        assertThat(result.verdicts()).isEmpty();
    }

    @Test
    void refused_packets_keep_their_place_among_the_verdicts() {
        BpfProgram length = program(
                xdp(),
                List.of(),
                List.of(),
                List.of(load(Size.W, R0, R1, 4), load(Size.W, R1, R1, 0), alu(AluOp.SUB, R0, R1), exit()));
        List<Input> frames = new ArrayList<>();
        for (int size : new int[] {13, 14, 20, 3, 5000}) {
            frames.add(new Input.Packet(ByteString.zeros(size)));
        }
        Batch.Result result = run(length, 1, frames, new Diagnostics());
        assertThat(result.verdicts()).containsExactly(Batch.REFUSED, 14L, 20L, Batch.REFUSED, 3520L);
        assertThat(result.refused()).isEqualTo(2);
    }

    @Test
    void a_packet_of_many_may_grow_as_one_alone_does() {
        BpfProgram grows = program(
                xdp(),
                List.of(),
                List.of(),
                List.of(
                        mov(R6, R1),
                        mov(R2, -100),
                        call(HelperFunction.XDP_ADJUST_HEAD),
                        mov(R1, R6),
                        mov(R2, 3000),
                        call(HelperFunction.XDP_ADJUST_TAIL),
                        exit()));
        Input frame = new Input.Packet(ByteString.zeros(60));
        Batch.Result one = run(grows, 1, List.of(frame), new Diagnostics());
        Batch.Result many = run(grows, 1, List.of(frame, frame, frame), new Diagnostics());
        assertThat(one.last()).isZero();
        assertThat(many.verdicts()).containsExactly(0L, 0L, 0L);
        assertThat(many.output().size()).isEqualTo(3160).isEqualTo(one.output().size());
    }

    @Test
    void more_packets_than_there_is_room_for_are_all_run() {
        Insn twice = alu(AluOp.ADD, R0, R0);
        BpfProgram first = program(
                new Entry.Memory(60_000), List.of(), List.of(), List.of(load(Size.W, R0, R1, 0), twice, exit()));
        List<Input> inputs = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            byte[] bytes = new byte[60_000];
            bytes[0] = (byte) i;
            bytes[1] = (byte) (i >> 8);
            inputs.add(new Input.Memory(ByteString.copyOf(bytes)));
        }
        Batch.Result result = run(first, 1, inputs, new Diagnostics());
        assertThat(result.runs()).isEqualTo(600);
        for (int i = 0; i < 600; i++) {
            assertThat(result.verdicts().get(i)).isEqualTo(2L * i);
        }
    }

    @Test
    void inputs_of_the_wrong_kind_are_reported_before_anything_runs() {
        Diagnostics diagnostics = new Diagnostics();
        try (Machine machine = machine()) {
            assertThat(new Batch(new PacketFeed(true), 1, 1000)
                            .run(
                                    Programs.load(counter(), machine),
                                    List.of(memory(1, 2, 3, 4), memory(1)),
                                    diagnostics))
                    .isEmpty();
        }
        assertThat(diagnostics.all().getFirst().code()).isEqualTo(DiagnosticCode.R0112);
    }
}
