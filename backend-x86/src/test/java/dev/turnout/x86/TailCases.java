package dev.turnout.x86;

import static dev.turnout.x86.Programs.call;
import static dev.turnout.x86.Programs.exit;
import static dev.turnout.x86.Programs.map;
import static dev.turnout.x86.Programs.mapAt;
import static dev.turnout.x86.Programs.mov;
import static dev.turnout.x86.Programs.program;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.interpreter.Interpreter;
import dev.turnout.runtime.map.ProgramArrayMap;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.x86.code.PatchMode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** Tail calls through entries that are replaced. Run in a process of its own, as {@link Cases}. */
final class TailCases {
    private static final int REPLACEMENTS = Integer.getInteger("turnout.replacements", 20_000);
    private static final int THREADS = 4;

    private static final MapDefinition TARGETS = map("targets", MapKind.PROG_ARRAY, 4, 4, 4);
    private static final MapDefinition CELL = map("cell", MapKind.ARRAY, 4, 8, 1);
    private static final int MISSED = 9;

    /** With a table and an index that the compiler knows, out of a function that keeps registers of its caller. */
    private static BpfProgram known(int index) {
        return program(
                "known",
                Programs.XDP,
                List.of(TARGETS),
                List.of(
                        mov(Reg.R6, 100),
                        mov(Reg.R7, 20),
                        new Insn.CallLocal(3),
                        new Insn.Alu(AluOp.ADD, Width.W64, Reg.R0, Operand.of(Reg.R6)),
                        new Insn.Alu(AluOp.ADD, Width.W64, Reg.R0, Operand.of(Reg.R7)),
                        exit(),
                        mov(Reg.R6, 1),
                        mov(Reg.R7, 2),
                        mapAt(Reg.R2, 0),
                        mov(Reg.R3, index),
                        call(HelperFunction.TAIL_CALL),
                        mov(Reg.R0, MISSED),
                        exit()),
                6);
    }

    /** The same with an index out of memory. */
    private static BpfProgram unknown() {
        return program(
                "unknown",
                Programs.XDP,
                List.of(TARGETS, CELL),
                List.of(
                        new Insn.Wide(Reg.R3, WideKind.MAP_INDEX_VALUE, 1, 0),
                        new Insn.Load(Size.W, false, Reg.R3, Reg.R3, 0),
                        mapAt(Reg.R2, 0),
                        call(HelperFunction.TAIL_CALL),
                        mov(Reg.R0, MISSED),
                        exit()));
    }

    private static BpfProgram returns(int value) {
        return program("returns" + value, Programs.XDP, List.of(), List.of(mov(Reg.R0, value), exit()));
    }

    private static Engine engine(PatchMode mode) {
        return DirectEngine.create(mode, new Diagnostics()).orElseThrow();
    }

    private static ProgramArrayMap targets(Machine machine) {
        return (ProgramArrayMap) machine.map("targets", new Diagnostics()).orElseThrow();
    }

    private static long run(RunnableProgram program) {
        try (CpuSlots.Lease slot = program.machine().slots().lease()) {
            slot.workspace().ownInput();
            return program.once(slot);
        }
    }

    void an_entry_that_is_known_is_followed_at_once() {
        List<Engine> engines = new ArrayList<>(List.of(new Interpreter()));
        for (PatchMode mode : PatchMode.values()) {
            engines.add(engine(mode));
        }
        for (Engine engine : engines) {
            try (Machine machine = Machine.create(new ScriptedWorld(), 1)) {
                RunnableProgram from = Programs.load(known(1), engine, machine);
                RunnableProgram one = Programs.load(returns(1), engine, machine);
                RunnableProgram two = Programs.load(returns(2), engine, machine);
                ProgramArrayMap targets = targets(machine);
                assertThat(run(from)).as("empty").isEqualTo(120 + MISSED);
                assertThat(targets.put(1, one)).isZero();
                assertThat(run(from)).isEqualTo(121);
                assertThat(targets.put(1, two)).isZero();
                assertThat(run(from)).isEqualTo(122);
                assertThat(targets.put(1, two)).as("the same again").isZero();
                RunnableProgram later = Programs.load(known(1), engine, machine);
                RunnableProgram beside = Programs.load(known(2), engine, machine);
                RunnableProgram outside = Programs.load(known(4), engine, machine);
                assertThat(run(later)).as("filled when it was placed").isEqualTo(122);
                assertThat(run(beside)).isEqualTo(120 + MISSED);
                assertThat(run(outside)).isEqualTo(120 + MISSED);
                assertThat(targets.clear(1)).isZero();
                assertThat(run(from)).isEqualTo(120 + MISSED);
                assertThat(run(later)).isEqualTo(120 + MISSED);
                assertThat(targets.put(1, one)).isZero();
                assertThat(run(later)).isEqualTo(121);
            }
        }
    }

    void a_program_that_calls_itself_ends() {
        for (PatchMode mode : PatchMode.values()) {
            try (Machine machine = Machine.create(new ScriptedWorld(), 1)) {
                RunnableProgram from = Programs.load(known(1), engine(mode), machine);
                assertThat(targets(machine).put(1, from)).isZero();
                // 33 times in the place of the function; each adds its own 120 on the way back.
                assertThat(run(from)).isEqualTo(34 * 120 + MISSED);
            }
        }
    }

    void an_array_takes_one_type_of_programs() {
        try (Machine machine = Machine.create(new ScriptedWorld(), 1)) {
            Engine engine = engine(PatchMode.CELL);
            RunnableProgram from = Programs.load(known(1), engine, machine);
            BpfProgram filter = program(
                    "filter",
                    new BpfProgram.Entry.Context(ProgramType.SOCKET_FILTER),
                    List.of(),
                    List.of(mov(Reg.R0, 1), exit()));
            Diagnostics diagnostics = new Diagnostics();
            assertThat(targets(machine).put(1, Programs.load(filter, engine, machine), diagnostics))
                    .isFalse();
            assertThat(diagnostics.all().stream().map(Diagnostic::code)).containsExactly(DiagnosticCode.R0117);
            assertThat(run(from)).isEqualTo(120 + MISSED);
        }
    }

    /**
     * Four threads go through an entry, two by jumps that are patched and two through memory, while a fifth replaces it by programs
     * that stay, by fresh ones that are closed at once, and by nothing. Each run ends in a program that was there, or in its miss;
     * what was set before a run is what the run finds.
     */
    void an_entry_is_replaced_while_four_threads_run() throws InterruptedException {
        for (PatchMode mode : List.of(PatchMode.CELL, PatchMode.DISPLACEMENT)) {
            try (Machine machine = Machine.create(new ScriptedWorld(), 2 * THREADS)) {
                Engine engine = engine(mode);
                RunnableProgram known = Programs.load(known(0), engine, machine);
                RunnableProgram unknown = Programs.load(unknown(), engine, machine);
                ProgramArrayMap targets = targets(machine);
                List<RunnableProgram> lasting =
                        List.of(Programs.load(returns(1), engine, machine), Programs.load(returns(2), engine, machine));
                AtomicBoolean over = new AtomicBoolean();
                AtomicReference<Throwable> wrong = new AtomicReference<>();
                long[][] results = new long[THREADS][MISSED + 1];
                List<Thread> threads = new ArrayList<>();
                for (int t = 0; t < THREADS; t++) {
                    long[] mine = results[t];
                    RunnableProgram from = t % 2 == 0 ? known : unknown;
                    int added = t % 2 == 0 ? 120 : 0;
                    threads.add(Thread.ofPlatform().start(() -> {
                        try {
                            while (!over.get()) {
                                mine[(int) run(from) - added]++;
                            }
                        } catch (RuntimeException | Error failure) {
                            wrong.set(failure);
                        }
                    }));
                }
                SplittableRandom random = new SplittableRandom(1);
                for (int i = 0; i < REPLACEMENTS && wrong.get() == null; i++) {
                    int value = random.nextInt(16);
                    int expected = value == 0 ? 3 : value < 6 ? MISSED : 1 + value % 2;
                    if (expected == 3) {
                        try (RunnableProgram fresh = Programs.load(returns(3), engine, machine)) {
                            assertThat(targets.put(0, fresh)).isZero();
                        }
                    } else if (expected == MISSED) {
                        targets.clear(0);
                    } else {
                        assertThat(targets.put(0, lasting.get(expected - 1))).isZero();
                    }
                    assertThat(run(known)).isEqualTo(120 + expected);
                    assertThat(run(unknown)).isEqualTo(expected);
                }
                over.set(true);
                for (Thread thread : threads) {
                    thread.join();
                }
                assertThat(wrong.get()).isNull();
                for (long[] one : results) {
                    for (int value = 0; value <= MISSED; value++) {
                        boolean there = (value >= 1 && value <= 3) || value == MISSED;
                        assertThat(one[value] > 0 && !there)
                                .as("came to " + value)
                                .isFalse();
                    }
                }
            }
        }
    }
}
