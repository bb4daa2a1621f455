package dev.turnout.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.turnout.runtime.map.Datum;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProgramMapTest {
    private final Machine machine = Turnout.load(
            Turnout.compile("counter.turn", Texts.COUNTER),
            LoadSettings.standard().withSlots(3));
    private final ProgramMap rules = machine.map("rules");

    @AfterEach
    void close() {
        machine.close();
    }

    private static Datum rule(long weight, boolean on) {
        return new Datum.Fields(Map.of("weight", Datum.of(weight), "on", new Datum.Flag(on)));
    }

    @Test
    void bytes_and_data_are_two_views_of_one_entry() {
        rules.put(Datum.of(7), rule(258, true));
        assertThat(rules.get(new byte[] {7}))
                .hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(2, 1, 0, 0, 1, 0, 0, 0));
        rules.put(new byte[] {7}, new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
        assertThat(rules.get(Datum.of(7))).contains(rule(1, false));
        assertThat(rules.remove(Datum.of(7))).isTrue();
        assertThat(rules.remove(Datum.of(7))).isFalse();
        assertThat(rules.get(Datum.of(7))).isEmpty();
    }

    @Test
    void json_goes_in_as_it_comes_out() {
        rules.putAll("{\"entries\": [{\"key\": 1, \"value\": {\"weight\": 4, \"on\": false}}]}");
        String json = rules.json();
        assertThat(json)
                .isEqualTo("{\"kind\":\"hash\",\"entries\":[{\"key\":1,\"value\":{\"weight\":4,\"on\":false}}]}");
        rules.putAll(json);
        assertThat(rules.json()).isEqualTo(json);
    }

    @Test
    void what_does_not_fit_is_refused() {
        rules.put(Datum.of(1), rule(0, false));
        rules.put(Datum.of(2), rule(0, false));
        MapException full = catchThrowableOfType(MapException.class, () -> rules.put(Datum.of(3), rule(0, false)));
        assertThat(full.error()).isEqualTo(7);
        assertThat(full).hasMessageContaining("no room");
        assertThatThrownBy(() -> rules.put(Datum.of(256), rule(0, false))).isInstanceOf(MapException.class);
        assertThatThrownBy(() -> rules.putAll("[1")).isInstanceOf(MapException.class);
        assertThatThrownBy(() -> machine.map("seen").remove(new byte[4])).isInstanceOf(MapException.class);
        assertThatIllegalArgumentException().isThrownBy(() -> rules.get(new byte[2]));
        assertThatIllegalArgumentException().isThrownBy(() -> rules.put(new byte[1], new byte[9]));
    }

    @Test
    void a_per_cpu_map_has_a_value_for_each_slot() {
        ProgramMap each = machine.map("each");
        machine.program("counter").run(Texts.packet("0500"));
        assertThat(each.values(new byte[] {5, 0, 0, 0})).hasSize(3);
        assertThat(each.get(Datum.of(5))).contains(new Datum.Items(List.of(Datum.of(1), Datum.of(0), Datum.of(0))));
        assertThatThrownBy(() -> each.get(new byte[4])).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void a_live_view_shows_what_programs_write_until_the_machine_is_closed() {
        MemorySegment count = machine.map("seen").live(new byte[] {5, 0, 0, 0}).orElseThrow();
        Program counter = machine.program("counter");
        counter.run(Texts.packet("0500"));
        assertThat(count.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(1);
        count.set(ValueLayout.JAVA_LONG, 0, 41);
        counter.run(Texts.packet("0500"));
        assertThat(count.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(42);
        assertThat(machine.map(".rodata").live(new byte[4]).orElseThrow().isReadOnly())
                .isTrue();
        machine.close();
        assertThatThrownBy(() -> count.get(ValueLayout.JAVA_LONG, 0)).isInstanceOf(IllegalStateException.class);
    }
}
