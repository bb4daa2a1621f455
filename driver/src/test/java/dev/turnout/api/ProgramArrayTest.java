package dev.turnout.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramArrayTest {
    private static final String TEXT = """
            license "GPL";
            map next: prog_array<u32>(4) = { 0 => pass };
            prog xdp main(ctx: *XdpCtx) -> XdpAction { tail next[0] else { return XDP_ABORTED; } }
            prog xdp pass(ctx: *XdpCtx) -> XdpAction { return XDP_PASS; }
            prog xdp drop(ctx: *XdpCtx) -> XdpAction { return XDP_DROP; }
            prog socket other(ctx: *SkBuff) -> i32 { return 1; }
            """;

    private static Machine machine(String engine) {
        return Turnout.load(
                Turnout.compile("next.turn", TEXT),
                LoadSettings.standard().withEngine(engine).withSlots(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"interp", "direct"})
    void entries_are_replaced_filled_and_emptied(String engine) {
        try (Machine machine = machine(engine)) {
            Program main = machine.program("main");
            ProgramArray next = machine.programArray("next");
            assertThat(next.size()).isEqualTo(4);
            assertThat(next.entries()).containsExactlyEntriesOf(Map.of(0, "pass"));
            assertThat(main.run(Texts.packet("00")).verdict()).isEqualTo("XDP_PASS");
            next.set(0, machine.program("drop"));
            assertThat(next.get(0)).contains("drop");
            assertThat(main.run(Texts.packet("00")).verdict()).isEqualTo("XDP_DROP");
            assertThat(next.remove(0)).isTrue();
            assertThat(next.remove(0)).isFalse();
            assertThat(next.get(0)).isEmpty();
            assertThat(main.run(Texts.packet("00")).verdict()).isEqualTo("XDP_ABORTED");
            assertThat(machine.map("next").json()).isEqualTo("{\"kind\":\"prog_array\",\"entries\":[]}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"interp", "direct"})
    void what_does_not_fit_is_refused(String engine) {
        try (Machine machine = machine(engine);
                Machine another = machine(engine)) {
            ProgramArray next = machine.programArray("next");
            assertThatThrownBy(() -> next.set(1, machine.program("other")))
                    .isInstanceOf(MapException.class)
                    .hasMessageContaining("R0117")
                    .hasMessageContaining("socket");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> next.set(1, another.program("pass")))
                    .withMessageContaining("another machine");
            for (int wrong : List.of(-1, 4)) {
                assertThatThrownBy(() -> next.set(wrong, machine.program("pass")))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> next.remove(wrong)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> next.get(wrong)).isInstanceOf(IndexOutOfBoundsException.class);
            }
            assertThat(next.entries()).hasSize(1);
        }
    }
}
