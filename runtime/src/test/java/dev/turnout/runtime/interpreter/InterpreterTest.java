package dev.turnout.runtime.interpreter;

import static dev.turnout.bpf.isa.Reg.R0;
import static dev.turnout.bpf.isa.Reg.R1;
import static dev.turnout.bpf.isa.Reg.R10;
import static dev.turnout.bpf.isa.Reg.R2;
import static dev.turnout.bpf.isa.Reg.R3;
import static dev.turnout.bpf.isa.Reg.R4;
import static dev.turnout.bpf.isa.Reg.R6;
import static dev.turnout.runtime.interpreter.Programs.alu;
import static dev.turnout.runtime.interpreter.Programs.call;
import static dev.turnout.runtime.interpreter.Programs.exit;
import static dev.turnout.runtime.interpreter.Programs.jump;
import static dev.turnout.runtime.interpreter.Programs.load;
import static dev.turnout.runtime.interpreter.Programs.machine;
import static dev.turnout.runtime.interpreter.Programs.map;
import static dev.turnout.runtime.interpreter.Programs.mapAt;
import static dev.turnout.runtime.interpreter.Programs.mov;
import static dev.turnout.runtime.interpreter.Programs.program;
import static dev.turnout.runtime.interpreter.Programs.run;
import static dev.turnout.runtime.interpreter.Programs.store;
import static dev.turnout.runtime.interpreter.Programs.xdp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.SwapOp;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.Entry;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.KeyDefinition;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.engine.Outcome;
import dev.turnout.runtime.engine.RunFault;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.ProgramArrayMap;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterpreterTest {
    @Test
    void memory_comes_as_address_and_length() {
        assertThat(run(List.of(mov(R0, R2), exit()), new byte[7])).isEqualTo(7);
        assertThat(run(List.of(load(Size.H, R0, R1, 1), exit()), (byte) 1, (byte) 2, (byte) 3))
                .isEqualTo(0x0302);
        assertThat(run(List.of(mov(R0, R1), exit()))).isZero();
    }

    @Test
    void a_signed_load_extends_to_sixty_four_bits() {
        assertThat(run(List.of(new Insn.Load(Size.B, true, R0, R1, 0), exit()), (byte) -5))
                .isEqualTo(-5);
        assertThat(run(List.of(new Insn.Load(Size.B, false, R0, R1, 0), exit()), (byte) -5))
                .isEqualTo(251);
    }

    @Test
    void swaps_and_wide_constants() {
        assertThat(run(List.of(
                        Insn.Wide.constant(R0, 0x1122_3344_5566_7788L), new Insn.Swap(SwapOp.BE, 32, R0), exit())))
                .isEqualTo(0x8877_6655L);
    }

    @Test
    void a_loop_counts_its_steps() {
        BpfProgram program = program(
                new Entry.Memory(0),
                List.of(),
                List.of(),
                List.of(mov(R0, 0), alu(AluOp.ADD, R0, 1), jump(JumpOp.JLT, R0, 10, -2), exit()));
        try (Machine machine = machine()) {
            Batch.Result result =
                    run(Programs.load(program, machine), new Input.Memory(ByteString.copyOf(new byte[0])));
            assertThat(result.last()).isEqualTo(10);
            assertThat(result.steps()).isEqualTo(1 + 2 * 10 + 1);
        }
    }

    @Test
    void fuel_ends_an_endless_loop() {
        BpfProgram program = program(new Entry.Memory(0), List.of(), List.of(), List.of(new Insn.Jump(false, -1)));
        try (Machine machine = machine();
                CpuSlots.Lease slot = machine.slots().lease()) {
            RunnableProgram loaded = Programs.load(program, machine);
            assertThatThrownBy(() -> loaded.run(slot, 1, 1000))
                    .isInstanceOfSatisfying(
                            RunFault.class,
                            fault -> assertThat(fault.diagnostic().code()).isEqualTo(DiagnosticCode.R0110));
        }
    }

    @Test
    void an_access_outside_of_live_memory_is_stopped_and_described() {
        faults(List.of(load(Size.W, R0, R1, 1), exit()), "reads 4 bytes");
        faults(List.of(mov(R1, 64), load(Size.B, R0, R1, 0), exit()), "reads 1 bytes at 0x40");
        faults(List.of(store(Size.B, R10, 0, 1), exit()), "writes 1 bytes");
        faults(List.of(store(Size.DW, R10, -520, 1), exit()), "`*(u64 *)(r10 - 520) = 1`");
        faults(List.of(new Insn.JumpIndirect(R1)), "which is no instruction");
        faults(List.of(new Insn.CallIndirect(R1), exit()), "which is no function");
        faults(List.of(mov(R0, 0)), "no instruction begins");
        faults(List.of(call(HelperFunction.MAP_LOOKUP_ELEM), exit()), "for a map");
        faults(List.of(new Insn.Atomic(AtomicOp.ADD, Size.DW, R10, -12, R1), exit()), "is not aligned");
    }

    private static void faults(List<Insn> insns, String words) {
        assertThatThrownBy(() -> run(insns, new byte[4]))
                .isInstanceOf(RunFault.class)
                .hasMessageContaining(words);
    }

    @Test
    void no_bytes_may_be_nowhere() {
        List<Insn> insns = List.of(mov(R1, 0), mov(R2, 0), mov(R3, 0), call(HelperFunction.PROBE_READ_KERNEL), exit());
        assertThat(run(insns)).isLessThanOrEqualTo(0);
    }

    @Test
    void a_call_keeps_r6_to_r9_and_has_a_frame_of_its_own() {
        BpfProgram program = program(
                new Entry.Memory(0),
                List.of(),
                List.of(new FunctionRange("main", 0, 7, true), new FunctionRange("f", 7, 10, false)),
                List.of(
                        mov(R6, 5),
                        store(Size.DW, R10, -8, 7),
                        mov(R1, 1),
                        new Insn.CallLocal(3),
                        load(Size.DW, R1, R10, -8),
                        alu(AluOp.ADD, R6, R1),
                        new Insn.Jump(false, 3),
                        store(Size.DW, R10, -8, 1000),
                        mov(R6, 1000),
                        exit(),
                        mov(R0, R6),
                        exit()));
        assertThat(run(program)).isEqualTo(12);
    }

    @Test
    void a_callee_may_use_its_callers_locals_but_nobody_a_frame_that_returned() {
        List<FunctionRange> functions =
                List.of(new FunctionRange("main", 0, 6, true), new FunctionRange("f", 6, 9, false));
        assertThat(run(program(
                        new Entry.Memory(0),
                        List.of(),
                        functions,
                        List.of(
                                mov(R1, R10),
                                alu(AluOp.ADD, R1, -8),
                                store(Size.DW, R1, 0, 3),
                                new Insn.CallLocal(2),
                                exit(),
                                exit(),
                                load(Size.DW, R0, R1, 0),
                                alu(AluOp.ADD, R0, 1),
                                exit()))))
                .isEqualTo(4);
        assertThatThrownBy(() -> run(program(
                        new Entry.Memory(0),
                        List.of(),
                        functions,
                        List.of(
                                new Insn.CallLocal(5),
                                load(Size.DW, R0, R0, -8),
                                exit(),
                                exit(),
                                exit(),
                                exit(),
                                store(Size.DW, R10, -8, 1),
                                mov(R0, R10),
                                exit()))))
                .isInstanceOf(RunFault.class);
    }

    @Test
    void calls_that_nest_too_deeply_are_stopped() {
        assertThatThrownBy(() -> run(List.of(new Insn.CallLocal(-1), exit())))
                .isInstanceOf(RunFault.class)
                .hasMessageContaining("512 frames");
    }

    @Test
    void atomics_give_back_what_was() {
        List<Insn> insns = List.of(
                store(Size.DW, R10, -8, 5),
                mov(R1, 3),
                new Insn.Atomic(AtomicOp.FETCH_ADD, Size.DW, R10, -8, R1),
                mov(R0, 8),
                mov(R2, 100),
                new Insn.Atomic(AtomicOp.CMPXCHG, Size.DW, R10, -8, R2),
                new Insn.Atomic(AtomicOp.XCHG, Size.DW, R10, -8, R0),
                alu(AluOp.MUL, R0, 10),
                alu(AluOp.ADD, R0, R1),
                exit());
        assertThat(run(insns)).isEqualTo(100 * 10 + 5);
    }

    @Test
    void a_narrow_atomic_clears_the_upper_half_of_what_it_fetches() {
        assertThat(run(List.of(
                        store(Size.DW, R10, -8, -1),
                        mov(R0, 1),
                        new Insn.Atomic(AtomicOp.FETCH_XOR, Size.W, R10, -8, R0),
                        exit())))
                .isEqualTo(0xffff_ffffL);
    }

    @Test
    void may_goto_gives_way_after_as_many_turns_as_on_linux() {
        BpfProgram program = program(
                new Entry.Memory(0),
                List.of(),
                List.of(),
                List.of(mov(R0, 0), new Insn.MayGoto(2), alu(AluOp.ADD, R0, 1), new Insn.Jump(false, -3), exit()));
        assertThat(run(program)).isEqualTo(8_388_608);
    }

    @Test
    void gotox_goes_where_the_table_says() {
        MapDefinition table = new MapDefinition(
                ".jumptables",
                MapKind.INSN_ARRAY,
                4,
                16,
                2,
                0,
                new DebugType.Void(),
                new DebugType.Void(),
                new MapDefinition.Content.Targets(List.of(7, 9)));
        List<Insn> insns = List.of(
                load(Size.B, R1, R1, 0),
                alu(AluOp.LSH, R1, 3),
                new Insn.Wide(R2, WideKind.MAP_INDEX_VALUE, 0, 0),
                alu(AluOp.ADD, R2, R1),
                load(Size.DW, R2, R2, 0),
                new Insn.JumpIndirect(R2),
                mov(R0, 10),
                exit(),
                mov(R0, 20),
                exit());
        BpfProgram program = program(new Entry.Memory(1), List.of(table), List.of(), insns);
        assertThat(run(program, (byte) 0)).isEqualTo(10);
        assertThat(run(program, (byte) 1)).isEqualTo(20);
    }

    @Test
    void a_static_branch_obeys_its_key_now() {
        BpfProgram program = program(
                new Entry.Memory(0),
                List.of(),
                List.of(),
                List.of(mov(R0, 0), new Insn.StaticJump(true, true, 1), exit(), mov(R0, 1), exit()),
                List.of(new KeyDefinition("audit", 0, new DebugType.Void())),
                List.of(new BranchSite(1, 3, 0, 1, false)));
        try (Machine machine = machine()) {
            RunnableProgram loaded = Programs.load(program, machine);
            assertThat(run(loaded, new Input.Memory(ByteString.copyOf(new byte[0])))
                            .last())
                    .isZero();
            machine.keys().set(machine.keys().number("audit").orElseThrow(), 1);
            assertThat(run(loaded, new Input.Memory(ByteString.copyOf(new byte[0])))
                            .last())
                    .isEqualTo(1);
        }
    }

    @Test
    void programs_count_in_maps_that_the_machine_shows() {
        MapDefinition hits = map("hits", MapKind.PERCPU_ARRAY, 4, 8, 4);
        List<Insn> insns = List.of(
                store(Size.W, R10, -4, 2),
                mov(R2, R10),
                alu(AluOp.ADD, R2, -4),
                mapAt(R1, 0),
                call(HelperFunction.MAP_LOOKUP_ELEM),
                jump(JumpOp.JEQ, R0, 0, 3),
                load(Size.DW, R1, R0, 0),
                alu(AluOp.ADD, R1, 1),
                store(Size.DW, R0, 0, R1),
                mov(R0, 2),
                exit());
        try (Machine machine = machine();
                CpuSlots.Lease slot = machine.slots().lease(1)) {
            RunnableProgram loaded = Programs.load(program(xdp(), List.of(hits), List.of(), insns), machine);
            slot.workspace().useMemory(MemorySegment.ofArray(new byte[0]));
            Outcome outcome = loaded.run(slot, 5, RunnableProgram.ENDLESS);
            assertThat(outcome.verdict()).isEqualTo(2);
            BpfMap map = machine.maps().get("hits");
            assertThat(map).isNotNull();
            assertThat(map.entries().get(2).values().get(1).at(0)).isEqualTo((byte) 5);
            assertThat(map.entries().get(2).values().get(0).isZero()).isTrue();
        }
    }

    @Test
    void a_program_reads_the_packet_between_the_contexts_pointers_and_no_byte_more() {
        List<Insn> last = List.of(load(Size.W, R2, R1, 4), load(Size.W, R1, R1, 0), load(Size.B, R0, R2, -1), exit());
        List<Insn> past = List.of(load(Size.W, R2, R1, 4), load(Size.B, R0, R2, 0), exit());
        try (Machine machine = machine()) {
            byte[] frame = new byte[60];
            frame[59] = 9;
            RunnableProgram good = Programs.load(program(xdp(), List.of(), List.of(), last), machine);
            assertThat(run(good, new Input.Packet(ByteString.copyOf(frame))).last())
                    .isEqualTo(9);
            RunnableProgram bad = Programs.load(program(xdp(), List.of(), List.of(), past), machine);
            assertThatThrownBy(() -> run(bad, new Input.Packet(ByteString.copyOf(frame))))
                    .isInstanceOf(RunFault.class);
        }
    }

    @Test
    void a_legacy_packet_load_swaps_and_leaves_with_zero_past_the_end() {
        Entry socket = new Entry.Context(ProgramType.SOCKET_FILTER);
        List<Insn> insns =
                List.of(mov(R6, R1), new Insn.PacketLoad(Size.H, false, R0, 2), alu(AluOp.ADD, R0, 1), exit());
        try (Machine machine = machine()) {
            RunnableProgram loaded = Programs.load(program(socket, List.of(), List.of(), insns), machine);
            byte[] frame = new byte[18];
            frame[16] = 0x12;
            frame[17] = 0x34;
            assertThat(run(loaded, new Input.Packet(ByteString.copyOf(frame))).last())
                    .isEqualTo(0x1235);
            assertThat(run(loaded, new Input.Packet(ByteString.copyOf(new byte[17])))
                            .last())
                    .isZero();
        }
    }

    @Test
    void tail_calls_go_on_in_the_other_program_and_end_after_thirty_three() {
        MapDefinition table = map("t", MapKind.PROG_ARRAY, 4, 4, 2);
        // r0 = number of times that the program was entered, counted in memory.
        List<Insn> insns = List.of(
                mov(R6, R1),
                load(Size.W, R0, R1, 0),
                alu(AluOp.ADD, R0, 1),
                store(Size.W, R1, 0, R0),
                mapAt(R2, 0),
                mov(R3, 1),
                call(HelperFunction.TAIL_CALL),
                load(Size.W, R0, R6, 0),
                exit());
        try (Machine machine = machine()) {
            RunnableProgram loaded =
                    Programs.load(program(new Entry.Memory(4), List.of(table), List.of(), insns), machine);
            assertThat(run(loaded, new Input.Memory(ByteString.copyOf(new byte[4])))
                            .last())
                    .isEqualTo(1);
            assertThat(machine.maps().get("t"))
                    .isInstanceOfSatisfying(
                            ProgramArrayMap.class,
                            array -> assertThat(array.put(1, loaded)).isZero());
            assertThat(run(loaded, new Input.Memory(ByteString.copyOf(new byte[4])))
                            .last())
                    .isEqualTo(34);
        }
    }

    @Test
    void a_counted_loop_calls_back_until_it_is_told_to_stop() {
        // The wide load takes slots 1 and 2, so the callback begins at slot 7, five behind the slot after slot 1.
        List<Insn> insns = List.of(
                mov(R1, 10),
                new Insn.Wide(R2, WideKind.FUNCTION, 5, 0),
                mov(R3, R10),
                mov(R4, 0),
                call(HelperFunction.LOOP),
                exit(),
                mov(R0, 0),
                jump(JumpOp.JLT, R1, 4, 1),
                mov(R0, 1),
                exit());
        List<FunctionRange> functions =
                List.of(new FunctionRange("main", 0, 7, true), new FunctionRange("callback", 7, 11, false));
        assertThat(run(program(new Entry.Memory(0), List.of(), functions, insns)))
                .isEqualTo(5);
    }

    @Test
    void a_helper_that_is_missing_is_named_before_anything_runs() {
        Diagnostics diagnostics = new Diagnostics();
        try (Machine machine = machine()) {
            BpfProgram program =
                    program(new Entry.Memory(0), List.of(), List.of(), List.of(call(HelperFunction.SYS_BPF), exit()));
            assertThat(Interpreter.load(program, machine, diagnostics)).isEmpty();
        }
        assertThat(diagnostics.all()).singleElement().satisfies(one -> {
            assertThat(one.code()).isEqualTo(DiagnosticCode.R0104);
            assertThat(one.message()).contains("`sys_bpf`");
        });
    }

    @Test
    void a_batch_counts_verdicts_and_what_could_not_be_fed() {
        List<Insn> insns =
                List.of(load(Size.W, R2, R1, 4), load(Size.W, R1, R1, 0), mov(R0, R2), alu(AluOp.SUB, R0, R1), exit());
        try (Machine machine = machine()) {
            RunnableProgram loaded = Programs.load(program(xdp(), List.of(), List.of(), insns), machine);
            Batch.Result result = run(
                    loaded,
                    new Input.Packet(ByteString.copyOf(new byte[20])),
                    new Input.Packet(ByteString.copyOf(new byte[30])),
                    new Input.Packet(ByteString.copyOf(new byte[70_000])),
                    new Input.Packet(ByteString.copyOf(new byte[20])));
            assertThat(result.counts())
                    .containsEntry(20, 2L)
                    .containsEntry(30, 1L)
                    .hasSize(2);
            assertThat(result.refused()).isEqualTo(1);
            assertThat(result.runs()).isEqualTo(3);
        }
    }

    @Test
    void width_thirty_two_clears_the_upper_half() {
        assertThat(run(List.of(mov(R0, -1), new Insn.Alu(AluOp.ADD, Width.W32, R0, Operand.of(1)), exit())))
                .isZero();
    }
}
