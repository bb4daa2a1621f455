package dev.turnout.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTableTest {
    /** Two programs that call through the same tables, in an order of their own. */
    private static final String TEXT = """
            license "GPL";
            alias Decide = fn(u8) -> XdpAction;
            @row(first, maybe) fn send(x: u8) -> XdpAction { return XDP_TX; }
            fn drop(x: u8) -> XdpAction { return XDP_DROP; }
            fn large(x: u8) -> XdpAction { return if (x > 10) XDP_PASS else XDP_DROP; }
            mutable table first: [2]Decide = { 0 => drop, 1 => large };
            mutable table maybe: [3]?Decide = { 0 => drop };
            table fixed: [2]Decide = { 0 => large, 1 => drop };
            header Head { kind: u8, mark: u8 }
            prog xdp one(ctx: *XdpCtx) -> XdpAction fails XDP_ABORTED {
                var pkt = ctx.cursor();
                let head = pkt.take(Head)?;
                return first[head.kind & 1](head.mark);
            }
            prog xdp two(ctx: *XdpCtx) -> XdpAction fails XDP_ABORTED {
                var pkt = ctx.cursor();
                let head = pkt.take(Head)?;
                let decide = maybe[head.kind] else return fixed[head.mark & 1](11);
                let chosen = decide(head.mark);
                return if (chosen == XDP_TX) first[1](head.mark) else chosen;
            }
            """;

    private static Machine machine(String engine) {
        return Turnout.load(
                Turnout.compile("tables.turn", TEXT), LoadSettings.standard().withEngine(engine));
    }

    private static String verdict(Machine machine, String program, String packet) {
        return machine.program(program).run(Texts.packet(packet)).verdict();
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct", "interp"})
    void a_row_is_replaced_for_all_programs(String engine) {
        try (Machine machine = machine(engine)) {
            ProgramTable first = machine.table("first");
            assertThat(verdict(machine, "one", "0100")).isEqualTo("XDP_DROP");
            assertThat(first.rows()).containsExactly("drop", "large");
            first.set(1, "send");
            assertThat(verdict(machine, "one", "0100")).isEqualTo("XDP_TX");
            assertThat(verdict(machine, "one", "0000")).isEqualTo("XDP_DROP");
            machine.table("maybe").set(2, "send");
            assertThat(verdict(machine, "two", "0200")).isEqualTo("XDP_TX");
            first.set(1, "drop");
            assertThat(verdict(machine, "two", "0200")).isEqualTo("XDP_DROP");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct", "interp"})
    void a_row_that_may_be_missing_is_emptied(String engine) {
        try (Machine machine = machine(engine)) {
            ProgramTable maybe = machine.table("maybe");
            assertThat(maybe.row(1)).isEmpty();
            assertThat(verdict(machine, "two", "0000")).isEqualTo("XDP_DROP");
            maybe.clear(0);
            assertThat(maybe.rows()).containsExactly("", "", "");
            // Falls back to the fixed table.
            assertThat(verdict(machine, "two", "0000")).isEqualTo("XDP_PASS");
            assertThat(verdict(machine, "two", "0001")).isEqualTo("XDP_DROP");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-6.19", "linux-6.1"})
    void rows_are_replaced_alike_where_a_call_is_a_choice_of_numbers(String target) {
        ObjectCode code =
                Turnout.compile("tables.turn", TEXT, CompileSettings.standard().withTarget(target));
        try (Machine machine = Turnout.load(Turnout.read(code.toElf()))) {
            assertThat(machine.tables()).containsOnlyKeys("first", "maybe");
            ProgramTable first = machine.table("first");
            ProgramTable maybe = machine.table("maybe");
            assertThat(first.candidates()).containsExactly("drop", "large", "send");
            assertThat(first.rows()).containsExactly("drop", "large");
            assertThat(maybe.rows()).containsExactly("drop", "", "");
            assertThat(first.nullable()).isFalse();
            assertThat(maybe.nullable()).isTrue();
            first.set(1, "send");
            maybe.set(2, "send");
            assertThat(first.row(1)).contains("send");
            assertThat(verdict(machine, "one", "0100")).isEqualTo("XDP_TX");
            assertThat(verdict(machine, "two", "0200")).isEqualTo("XDP_TX");
            maybe.clear(2);
            assertThat(verdict(machine, "two", "0200")).isEqualTo("XDP_PASS");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> first.clear(0))
                    .withMessageContaining("missing");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> first.set(0, "two"))
                    .withMessageContaining("[drop, large, send]");
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> first.set(2, "drop"));
        }
    }

    @Test
    void tables_say_what_they_are() {
        try (Machine machine = machine("interp")) {
            assertThat(machine.tables()).containsOnlyKeys("first", "maybe", "fixed");
            assertThat(machine.table("first").candidates()).containsExactly("drop", "large", "send");
            assertThat(machine.table("first").mutable()).isTrue();
            assertThat(machine.table("first").nullable()).isFalse();
            assertThat(machine.table("maybe").nullable()).isTrue();
            assertThat(machine.table("maybe").size()).isEqualTo(3);
            assertThat(machine.table("fixed").mutable()).isFalse();
            assertThat(machine.table("fixed")).hasToString("fixed=[large, drop]");
            assertThatExceptionOfType(NoSuchElementException.class)
                    .isThrownBy(() -> machine.table("last"))
                    .withMessageContaining("first");
        }
    }

    @Test
    void what_a_row_cannot_hold_is_refused() {
        Machine closed = machine("direct");
        ProgramTable first = closed.table("first");
        try (closed) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> first.set(0, "one"))
                    .withMessageContaining("[drop, large, send]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> first.clear(0))
                    .withMessageContaining("missing");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> closed.table("fixed").set(0, "drop"))
                    .withMessageContaining("not mutable");
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> first.set(2, "drop"));
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> first.row(-1));
            assertThat(verdict(closed, "one", "010b")).isEqualTo("XDP_PASS");
        }
        assertThatIllegalStateException().isThrownBy(() -> first.set(0, "drop"));
        assertThatIllegalStateException().isThrownBy(first::rows);
    }
}
