package dev.turnout.x86;

import static dev.turnout.bpf.isa.Reg.R0;
import static dev.turnout.bpf.isa.Reg.R1;
import static dev.turnout.bpf.isa.Reg.R10;
import static dev.turnout.bpf.isa.Reg.R2;
import static dev.turnout.bpf.isa.Reg.R3;
import static dev.turnout.bpf.isa.Reg.R4;
import static dev.turnout.bpf.isa.Reg.R5;
import static dev.turnout.bpf.isa.Reg.R6;
import static dev.turnout.bpf.isa.Reg.R7;
import static dev.turnout.x86.Programs.alu;
import static dev.turnout.x86.Programs.call;
import static dev.turnout.x86.Programs.exit;
import static dev.turnout.x86.Programs.map;
import static dev.turnout.x86.Programs.mapAt;
import static dev.turnout.x86.Programs.memory;
import static dev.turnout.x86.Programs.mov;
import static dev.turnout.x86.Programs.program;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.runtime.helper.World;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.interpreter.Interpreter;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.Errno;
import dev.turnout.runtime.map.MapView;
import dev.turnout.runtime.map.ProgramArrayMap;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.x86.live.GateProbe;
import dev.turnout.x86.live.Gates;
import dev.turnout.x86.live.LiveMachine;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** What the engine must do, run in a process of its own: see {@link DirectEngineTest}. Each method without arguments is a case. */
final class Cases {
    private static final MapDefinition TARGETS = map("targets", MapKind.PROG_ARRAY, 4, 4, 8);

    private final Engine direct = DirectEngine.create(new Diagnostics()).orElseThrow();
    private final Engine interp = new Interpreter();

    private static BpfProgram constant(String name, int value) {
        return program(name, Programs.XDP, List.of(TARGETS), List.of(mov(R0, value), mapAt(R1, 0), exit()));
    }

    private static long run(RunnableProgram program) {
        try (CpuSlots.Lease slot = program.machine().slots().lease()) {
            slot.workspace().ownInput();
            return program.once(slot);
        }
    }

    private static ProgramArrayMap targets(Machine machine) {
        return (ProgramArrayMap) machine.map("targets", new Diagnostics()).orElseThrow();
    }

    private static Datum counts(Machine machine) {
        return MapView.show(machine.map("counts", new Diagnostics()).orElseThrow());
    }

    private static Batch.Result batch(RunnableProgram program, long repeat, List<Input> inputs) {
        Diagnostics diagnostics = new Diagnostics();
        return new Batch(new PacketFeed(false), repeat, RunnableProgram.ENDLESS)
                .run(program, inputs, diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all().toString()));
    }

    void a_program_returns_all_bits_of_r0() {
        try (Machine machine = Machine.create(new ScriptedWorld(), 2)) {
            BpfProgram program = program(
                    "main",
                    memory(8),
                    List.of(),
                    List.of(new Insn.Load(Size.DW, false, R0, R1, 0), alu(AluOp.ADD, R0, R2), exit()));
            RunnableProgram loaded = Programs.load(program, direct, machine);
            ByteString bytes = ByteString.copyOf(new byte[] {-1, 2, 3, 4, 5, 6, 7, (byte) 0x88});
            assertThat(batch(loaded, 1, List.of(new Input.Memory(bytes))).last())
                    .isEqualTo(0x88_07_06_05_04_03_02_ffL + 8);
            try (CpuSlots.Lease slot = machine.slots().lease()) {
                slot.workspace().useMemory(MemorySegment.ofArray(bytes.toArray()));
                assertThat(loaded.once(slot)).isEqualTo(0x88_07_06_05_04_03_02_ffL + 8);
                assertThat(loaded.run(slot, 1000, 0).result()).isEqualTo(0x88_07_06_05_04_03_02_ffL + 8);
            }
        }
    }

    private static MapDefinition table(String name, int... targets) {
        return map(name, MapKind.INSN_ARRAY, 4, 16, targets.length)
                .withContent(new MapDefinition.Content.Targets(
                        java.util.Arrays.stream(targets).boxed().toList()));
    }

    /** The first byte says which table the entry comes from, the second which entry; one jump serves both. */
    void several_tables_reach_one_jump() {
        BpfProgram program = program(
                "main",
                memory(2),
                List.of(table("first", 15, 17), table("second", 19, 15)),
                List.of(
                        new Insn.Load(Size.B, false, R3, R1, 0),
                        new Insn.Load(Size.B, false, R2, R1, 1),
                        alu(AluOp.AND, R2, 1),
                        alu(AluOp.LSH, R2, 3),
                        new Insn.JumpIf(JumpOp.JNE, Width.W64, R3, Operand.of(0), 5),
                        new Insn.Wide(R4, WideKind.MAP_INDEX_VALUE, 0, 0),
                        alu(AluOp.ADD, R4, R2),
                        new Insn.Load(Size.DW, false, R4, R4, 0),
                        new Insn.Jump(false, 4),
                        new Insn.Wide(R4, WideKind.MAP_INDEX_VALUE, 1, 0),
                        alu(AluOp.ADD, R4, R2),
                        new Insn.Load(Size.DW, false, R4, R4, 0),
                        new Insn.JumpIndirect(R4),
                        mov(R0, 10),
                        exit(),
                        mov(R0, 20),
                        exit(),
                        mov(R0, 30),
                        exit()));
        for (Engine engine : List.of(interp, direct)) {
            try (Machine machine = Machine.create(new ScriptedWorld(), 2)) {
                RunnableProgram loaded = Programs.load(program, engine, machine);
                int[][] wanted = {{10, 20}, {30, 10}};
                for (int table = 0; table < 2; table++) {
                    for (int entry = 0; entry < 2; entry++) {
                        ByteString bytes = ByteString.copyOf(new byte[] {(byte) table, (byte) entry});
                        assertThat(batch(loaded, 1, List.of(new Input.Memory(bytes)))
                                        .last())
                                .isEqualTo(wanted[table][entry]);
                    }
                }
            }
        }
    }

    /** Says which packets are long, and counts by length in a hash map, through helpers in Java. */
    private static BpfProgram counter() {
        MapDefinition counts = map("counts", MapKind.HASH, 4, 8, 100);
        return program(
                "counter",
                Programs.XDP,
                List.of(counts),
                List.of(
                        new Insn.Load(Size.W, false, R6, R1, 4),
                        new Insn.Load(Size.W, false, R7, R1, 0),
                        alu(AluOp.SUB, R6, R7),
                        new Insn.Store(Size.W, R10, -4, Operand.of(R6)),
                        mapAt(R1, 0),
                        mov(R2, R10),
                        alu(AluOp.ADD, R2, -4),
                        call(HelperFunction.MAP_LOOKUP_ELEM),
                        new Insn.JumpIf(JumpOp.JNE, Width.W64, R0, Operand.of(0), 11),
                        new Insn.Store(Size.DW, R10, -16, Operand.of(1)),
                        mapAt(R1, 0),
                        mov(R2, R10),
                        alu(AluOp.ADD, R2, -4),
                        mov(R3, R10),
                        alu(AluOp.ADD, R3, -16),
                        mov(R4, 0),
                        call(HelperFunction.MAP_UPDATE_ELEM),
                        mov(R0, 1),
                        exit(),
                        new Insn.Load(Size.DW, false, R3, R0, 0),
                        alu(AluOp.ADD, R3, 1),
                        new Insn.Store(Size.DW, R0, 0, Operand.of(R3)),
                        mov(R0, R3),
                        exit()));
    }

    private static List<Input> packets(int count) {
        SplittableRandom random = new SplittableRandom(count);
        List<Input> packets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            packets.add(new Input.Packet(ByteString.zeros(14 + random.nextInt(40))));
        }
        return packets;
    }

    void a_batch_is_its_single_runs_and_what_the_interpreter_does() {
        List<Input> packets = packets(5000);
        for (long repeat : new long[] {1, 3}) {
            try (Machine one = Machine.create(new ScriptedWorld(), 1);
                    Machine two = Machine.create(new ScriptedWorld(), 1);
                    Machine three = Machine.create(new ScriptedWorld(), 1)) {
                Batch.Result compiled = batch(Programs.load(counter(), direct, one), repeat, packets);
                Batch.Result steps = batch(Programs.load(counter(), interp, two), repeat, packets);
                RunnableProgram alone = Programs.load(counter(), direct, three);
                List<Long> single = new ArrayList<>();
                for (Input packet : packets) {
                    single.add(batch(alone, repeat, List.of(packet)).last());
                }
                assertThat(compiled.verdicts()).isEqualTo(steps.verdicts()).isEqualTo(single);
                assertThat(compiled.last()).isEqualTo(steps.last());
                assertThat(compiled.output()).isEqualTo(steps.output());
                assertThat(compiled.runs()).isEqualTo(repeat * packets.size());
                assertThat(counts(one)).isEqualTo(counts(two)).isEqualTo(counts(three));
            }
        }
    }

    /** Has a clock at times, and never a random number. */
    private static final class FailingWorld implements World {
        private final AtomicBoolean fails = new AtomicBoolean(true);

        @Override
        public long monotonicNanos() {
            if (fails.get()) {
                throw new UnsupportedOperationException("no clock today");
            }
            return 7;
        }

        @Override
        public long atomicNanos() {
            return 0;
        }

        @Override
        public int random() {
            throw new StackOverflowError("no random numbers either");
        }

        @Override
        public long pidTgid() {
            return 0;
        }

        @Override
        public long uidGid() {
            return 0;
        }

        @Override
        public String comm() {
            return "";
        }

        @Override
        public void print(String line) {}
    }

    /** In a function that is called, so that there is a frame to leave behind. */
    private static BpfProgram asksTheTime() {
        return program(
                "asks",
                memory(0),
                List.of(),
                List.of(
                        mov(R6, 10),
                        new Insn.CallLocal(1),
                        exit(),
                        mov(R6, 11),
                        call(HelperFunction.KTIME_GET_NS),
                        exit()),
                3);
    }

    void gates_keep_what_c_functions_keep() throws Throwable {
        FailingWorld world = new FailingWorld();
        try (Machine machine = Machine.create(world, 1);
                CpuSlots.Lease slot = machine.slots().lease()) {
            slot.workspace().ownInput();
            DirectProgram asks = (DirectProgram) Programs.load(asksTheTime(), direct, machine);
            assertThatThrownBy(() -> asks.once(slot)).hasMessage("no clock today");
            long entry = asks.image().entry();
            assertThat(GateProbe.once(entry, slot)).isZero();
            assertThat(GateProbe.faulted(slot)).isTrue();
            assertThat(GateProbe.loop(entry, slot, 3)).isZero();
            assertThat(GateProbe.faulted(slot)).isTrue();
            world.fails.set(false);
            assertThat(GateProbe.once(entry, slot)).isZero();
            assertThat(GateProbe.loop(entry, slot, 3)).isZero();
            assertThat(GateProbe.faulted(slot)).isFalse();
            assertThat(slot.workspace().input().result()).isEqualTo(7);
            assertThat(GateProbe.once(GateProbe.vandal(), slot)).isZero();
        }
    }

    void wild_pointers_print_nothing() {
        ScriptedWorld world = new ScriptedWorld();
        BpfProgram prints = program(
                "prints",
                Programs.XDP,
                List.of(),
                List.of(
                        new Insn.Store(Size.W, R10, -4, Operand.of(0x0073_25)),
                        mov(R1, R10),
                        alu(AluOp.ADD, R1, -4),
                        mov(R2, 4),
                        mov(R3, 0x1234),
                        mov(R4, 0),
                        mov(R5, 0),
                        call(HelperFunction.TRACE_PRINTK),
                        exit()));
        try (Machine machine = Machine.create(world, 1)) {
            assertThat(run(Programs.load(prints, direct, machine))).isZero();
            assertThat(world.output()).containsExactly("");
        }
    }

    void a_helper_that_fails_ends_the_run_and_nothing_else() {
        FailingWorld world = new FailingWorld();
        BpfProgram random =
                program("random", memory(0), List.of(), List.of(call(HelperFunction.GET_PRANDOM_U32), exit()));
        try (Machine machine = Machine.create(world, 1)) {
            RunnableProgram nested = Programs.load(asksTheTime(), direct, machine);
            RunnableProgram draws = Programs.load(random, direct, machine);
            for (int i = 0; i < 1000; i++) {
                world.fails.set(true);
                assertThatThrownBy(() -> run(nested)).hasMessage("no clock today");
                assertThatThrownBy(() -> batch(nested, 5, List.of(new Input.Memory(ByteString.EMPTY))))
                        .hasMessage("no clock today");
                assertThatThrownBy(() -> run(draws)).isInstanceOf(StackOverflowError.class);
                world.fails.set(false);
                assertThat(run(nested)).isEqualTo(7);
            }
        }
    }

    void the_clock_of_the_host_is_read_without_java() {
        BpfProgram clock = program("clock", memory(0), List.of(), List.of(call(HelperFunction.KTIME_GET_NS), exit()));
        try (Machine machine = Machine.create(World.host(_ -> {}), 1)) {
            RunnableProgram reads = Programs.load(clock, direct, machine);
            for (int i = 0; i < 10_000; i++) {
                long before = System.nanoTime();
                long seen = run(reads);
                assertThat(seen).isBetween(before, System.nanoTime());
            }
        }
        ScriptedWorld world = new ScriptedWorld();
        try (Machine machine = Machine.create(world, 1)) {
            world.clock(42);
            assertThat(run(Programs.load(clock, direct, machine))).isEqualTo(42);
        }
    }

    /** Tail-calls entry 3 of the array; -1 if there is none. */
    private static BpfProgram jumper() {
        return program(
                "jumper",
                Programs.XDP,
                List.of(TARGETS),
                List.of(mov(R6, 3), mapAt(R2, 0), mov(R3, R6), call(HelperFunction.TAIL_CALL), mov(R0, -1), exit()));
    }

    void a_tail_call_goes_on_as_another_program() {
        try (Machine machine = Machine.create(new ScriptedWorld(), 1)) {
            RunnableProgram from = Programs.load(jumper(), direct, machine);
            ProgramArrayMap targets = targets(machine);
            assertThat(run(from)).isEqualTo(-1);
            RunnableProgram seven = Programs.load(constant("seven", 7), direct, machine);
            assertThat(targets.put(3, seven)).isZero();
            assertThat(run(from)).isEqualTo(7);
            // The array keeps it.
            seven.close();
            assertThat(run(from)).isEqualTo(7);
            assertThatThrownBy(() -> run(seven)).hasMessageContaining("closed");
            assertThat(targets.clear(3)).isZero();
            assertThat(run(from)).isEqualTo(-1);
            assertThat(targets.put(3, seven)).isEqualTo(-Errno.EINVAL);
            assertThat(targets.put(3, from)).isZero();
            assertThat(run(from)).as("33 times itself, then not").isEqualTo(-1);
            // Another engine's program is none that this one can go on as.
            assertThat(targets.put(3, Programs.load(constant("steps", 9), interp, machine)))
                    .isZero();
            assertThat(run(from)).isEqualTo(-1);
        }
    }

    void targets_are_replaced_and_freed_while_many_run_through_them() throws InterruptedException {
        try (Machine machine = Machine.create(new ScriptedWorld(), 4)) {
            RunnableProgram from = Programs.load(jumper(), direct, machine);
            ProgramArrayMap targets = targets(machine);
            LiveMachine live =
                    LiveMachine.of(machine, Gates.ofProcess(new Diagnostics()).orElseThrow());
            AtomicInteger newest = new AtomicInteger();
            AtomicBoolean stop = new AtomicBoolean();
            AtomicReference<Throwable> wrong = new AtomicReference<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        long last = -1;
                        while (!stop.get()) {
                            long seen = run(from);
                            assertThat(seen).isBetween(last, (long) newest.get());
                            last = seen;
                        }
                    } catch (Throwable failed) {
                        wrong.set(failed);
                    }
                }));
            }
            long most = 0;
            for (int turn = 1; turn <= 3000 && wrong.get() == null; turn++) {
                newest.set(turn);
                try (RunnableProgram next = Programs.load(constant("target", turn), direct, machine)) {
                    assertThat(targets.put(3, next)).isZero();
                }
                most = Math.max(most, live.codeBytes());
            }
            stop.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(wrong.get()).isNull();
            assertThat(most).as("old code goes while others run").isLessThan(100_000);
            assertThat(targets.clear(3)).isZero();
            assertThat(live.codeBytes()).isLessThan(500);
        }
    }

    void a_program_is_closed_while_others_run_it() throws InterruptedException {
        try (Machine machine = Machine.create(new ScriptedWorld(), 4)) {
            LiveMachine live =
                    LiveMachine.of(machine, Gates.ofProcess(new Diagnostics()).orElseThrow());
            for (int turn = 0; turn < 300; turn++) {
                RunnableProgram program = Programs.load(constant("closing", turn), direct, machine);
                List<Thread> threads = new ArrayList<>();
                AtomicReference<Throwable> wrong = new AtomicReference<>();
                AtomicInteger runs = new AtomicInteger();
                int expected = turn;
                for (int i = 0; i < 3; i++) {
                    threads.add(Thread.ofPlatform().start(() -> {
                        try {
                            while (true) {
                                assertThat(run(program)).isEqualTo(expected);
                                runs.incrementAndGet();
                            }
                        } catch (IllegalStateException closed) {
                            assertThat(closed).hasMessageContaining("closed");
                        } catch (Throwable failed) {
                            wrong.set(failed);
                        }
                    }));
                }
                while (runs.get() < 20) {
                    Thread.onSpinWait();
                }
                program.close();
                program.close();
                for (Thread thread : threads) {
                    thread.join();
                }
                assertThat(wrong.get()).isNull();
            }
            Programs.load(constant("last", 1), direct, machine).close();
            assertThat(live.codeBytes()).isZero();
        }
    }

    void a_lease_that_is_held_keeps_what_was_there_when_it_began() {
        try (Machine machine = Machine.create(new ScriptedWorld(), 2)) {
            LiveMachine live =
                    LiveMachine.of(machine, Gates.ofProcess(new Diagnostics()).orElseThrow());
            RunnableProgram program = Programs.load(constant("held", 5), direct, machine);
            CpuSlots.Lease held = machine.slots().lease();
            program.close();
            Programs.load(constant("other", 6), direct, machine).close();
            assertThat(live.codeBytes()).isPositive();
            held.close();
            assertThatThrownBy(() -> program.once(held)).isInstanceOf(IllegalArgumentException.class);
            Programs.load(constant("third", 6), direct, machine).close();
            assertThat(live.codeBytes()).isZero();
        }
    }

    void a_slot_of_another_machine_is_refused() {
        try (Machine machine = Machine.create(new ScriptedWorld(), 1);
                Machine other = Machine.create(new ScriptedWorld(), 1);
                CpuSlots.Lease lease = other.slots().lease()) {
            RunnableProgram program = Programs.load(constant("one", 5), direct, machine);
            assertThatThrownBy(() -> program.once(lease)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** No case: for a test that ends the process. */
    static void runForEver() {
        Engine engine = DirectEngine.create(new Diagnostics()).orElseThrow();
        try (Machine machine = Machine.create(new ScriptedWorld(), 1);
                CpuSlots.Lease slot = machine.slots().lease()) {
            slot.workspace().ownInput();
            Programs.load(constant("one", 5), engine, machine).run(slot, Long.MAX_VALUE, 0);
        }
    }
}
