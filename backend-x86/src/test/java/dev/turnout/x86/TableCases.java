package dev.turnout.x86;

import static dev.turnout.x86.Programs.map;
import static dev.turnout.x86.Programs.memory;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.bpf.asm.InsnParser;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapDefinition.Content.Functions;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.image.LiveTable;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.interpreter.Interpreter;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.x86.live.Gates;
import dev.turnout.x86.live.LiveMachine;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Calls through function tables, and rows that are replaced. Run in a process of its own, as {@link Cases}. Under load:
 * {@code tests/replace-rows}.
 */
final class TableCases {
    private static final int MISSED = 9;

    /** Calls the row that the first four bytes say; each function returns its number. */
    private static final String TEXT = """
            r3 = *(u32 *)(r1 + 0)
            if r3 > 2 goto +8
            r3 <<= 3
            r2 = map[0][0] + 0
            r2 += r3
            r2 = *(u64 *)(r2 + 0)
            if r2 == 0 goto +2
            callx r2
            exit
            r0 = 9
            exit
            r0 = 1
            exit
            r0 = 2
            exit
            r0 = 3
            exit
            """;

    private static final int[] STARTS = {0, 12, 14, 16};

    private final Engine direct = DirectEngine.create(new Diagnostics()).orElseThrow();
    private final Engine interp = new Interpreter();

    private static BpfProgram caller(String name, boolean mutable) {
        Code code = InsnParser.parse(new SourceFile("calls", TEXT), new Diagnostics())
                .orElseThrow();
        List<FunctionRange> functions = new ArrayList<>();
        for (int i = 0; i < STARTS.length; i++) {
            int end = i + 1 < STARTS.length ? STARTS[i + 1] : code.size();
            functions.add(new FunctionRange(i == 0 ? name : "f" + i, STARTS[i], end, i == 0));
        }
        // f3 is in no row at first.
        MapDefinition table = map("actions", MapKind.INSN_ARRAY, 4, 16, 3)
                .withContent(new Functions(
                        List.of(12, Functions.MISSING, 14),
                        mutable ? List.of(12, 14, 16) : List.of(12, 14),
                        mutable,
                        true));
        return new BpfProgram(
                name, "test", memory(8), "GPL", code, functions, List.of(table), List.of(), List.of(), List.of());
    }

    private static long run(RunnableProgram program, int index) {
        try (CpuSlots.Lease slot = program.machine().slots().lease()) {
            feed(slot, index);
            return program.once(slot);
        }
    }

    private static void feed(CpuSlots.Lease slot, int index) {
        MemorySegment memory = MemorySegment.ofArray(new byte[8]);
        memory.set(ValueLayout.JAVA_INT_UNALIGNED, 0, index);
        slot.workspace().useMemory(memory);
    }

    private static LiveTable table(Machine machine) {
        return Optional.ofNullable(machine.tables().get("actions")).orElseThrow();
    }

    void rows_are_called_and_missing_ones_are_null() {
        for (Engine engine : List.of(direct, interp)) {
            try (Machine machine = Machine.create(new ScriptedWorld(), 2);
                    RunnableProgram program = Programs.load(caller("main", true), engine, machine)) {
                assertThat(run(program, 0)).isEqualTo(1);
                assertThat(run(program, 1)).isEqualTo(MISSED);
                assertThat(run(program, 2)).isEqualTo(2);
                assertThat(run(program, 3)).isEqualTo(MISSED);
            }
        }
    }

    void a_row_is_replaced_in_every_program_of_the_machine() {
        try (Machine machine = Machine.create(new ScriptedWorld(), 2);
                RunnableProgram one = Programs.load(caller("one", true), direct, machine);
                RunnableProgram two = Programs.load(caller("two", true), interp, machine)) {
            LiveTable table = table(machine);
            assertThat(table.rows()).containsExactly("f1", "", "f2");
            table.set(1, "f3");
            table.clear(0);
            for (RunnableProgram program : List.of(one, two)) {
                assertThat(run(program, 0)).isEqualTo(MISSED);
                assertThat(run(program, 1)).isEqualTo(3);
            }
            assertThat(table.row(0)).isEmpty();
            assertThat(table.row(1)).contains("f3");
            try (RunnableProgram later = Programs.load(caller("later", true), direct, machine)) {
                assertThat(run(later, 1)).isEqualTo(3);
                table.set(0, "f2");
                assertThat(run(later, 0)).isEqualTo(2);
            }
            table.set(0, "f1");
            assertThat(run(one, 0)).isEqualTo(1);
        }
    }

    void only_candidates_of_a_mutable_table_are_stored() {
        try (Machine machine = Machine.create(new ScriptedWorld(), 2);
                RunnableProgram program = Programs.load(caller("main", true), direct, machine)) {
            LiveTable table = table(machine);
            assertThatThrownBy(() -> table.set(0, "main"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("f1, f2, f3");
            assertThatThrownBy(() -> table.set(3, "f1")).isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(run(program, 0)).isEqualTo(1);
        }
        try (Machine machine = Machine.create(new ScriptedWorld(), 2);
                RunnableProgram program = Programs.load(caller("main", false), direct, machine)) {
            LiveTable table = table(machine);
            assertThatThrownBy(() -> table.set(0, "f2"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not mutable");
            assertThatThrownBy(() -> table.clear(0)).isInstanceOf(IllegalArgumentException.class);
            assertThat(run(program, 0)).isEqualTo(1);
        }
    }

    void a_closed_program_goes_although_its_rows_were_replaced() {
        try (Machine machine = Machine.create(new ScriptedWorld(), 2);
                RunnableProgram stays = Programs.load(caller("stays", true), direct, machine)) {
            LiveMachine live =
                    LiveMachine.of(machine, Gates.ofProcess(new Diagnostics()).orElseThrow());
            long before = live.codeBytes();
            for (int i = 0; i < 20; i++) {
                RunnableProgram goes = Programs.load(caller("goes" + i, true), direct, machine);
                table(machine).set(2, i % 2 == 0 ? "f1" : "f3");
                goes.close();
                table(machine).set(1, "f2");
                assertThat(run(stays, 2)).isEqualTo(i % 2 == 0 ? 1 : 3);
            }
            RunnableProgram last = Programs.load(caller("last", true), direct, machine);
            last.close();
            assertThat(live.codeBytes()).isLessThan(4 * before);
        }
    }
}
