package dev.turnout.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TypedMapTest {
    private static final String TEXT = """
            license "GPL";
            open enum Verdict: u8 { pass, drop }
            struct Flow { source: be32, port: u16, proto: u8 }
            struct Entry { verdict: Verdict, left: i32, seen: [3]u64, on: bool }
            map flows: hash<Flow, Entry>(2);
            map counts: array<u32, u64>(4);
            map each: percpu_hash<u32, u64>(4);
            prog xdp p(ctx: *XdpCtx) -> XdpAction {
                let one = flows[Flow{ source = be32(1), port = 2, proto = 3 }] else return XDP_PASS;
                counts[0] += u64(one.seen[1]);
                each[7] = 1;
                return XDP_DROP;
            }
            """;

    private enum Verdict {
        pass,
        drop,
        unheard
    }

    private record Flow(int source, short port, byte proto) {}

    private record Entry(Verdict verdict, int left, List<Long> seen, boolean on) {}

    private final Machine machine = Turnout.load(
            Turnout.compile("flows.turn", TEXT), LoadSettings.standard().withSlots(2));
    private final TypedMap<Flow, Entry> flows = machine.map("flows").typed(Flow.class, Entry.class);
    private final Flow one = new Flow(1, (short) 2, (byte) 3);

    @AfterEach
    void close() {
        machine.close();
    }

    private static Entry entry(int left) {
        return new Entry(Verdict.drop, left, List.of(5L, -1L, 0L), true);
    }

    @Test
    void records_go_in_as_they_come_out() {
        flows.put(one, entry(-7));
        assertThat(flows.get(one)).contains(entry(-7));
        Flow high = new Flow(-1, (short) -2, (byte) -3);
        flows.put(high, entry(0));
        assertThat(flows.keys()).containsExactlyInAnyOrder(one, high);
        assertThat(flows.entries()).containsEntry(high, entry(0)).hasSize(2);
        assertThat(machine.map("flows").json()).contains("\"port\":65534").contains("\"verdict\":\"drop\"");
        assertThat(machine.program("p").run(Texts.packet("00".repeat(60))).verdict())
                .isEqualTo("XDP_DROP");
        assertThat(machine.map("counts").typed(int.class, long.class).get(0)).contains(-1L);
        assertThat(machine.map("counts").typed(long.class, BigInteger.class).get(0L))
                .contains(BigInteger.TWO.pow(64).subtract(BigInteger.ONE));
    }

    @Test
    void what_is_demanded_of_a_key_is_held() {
        assertThat(flows.replace(one, entry(1))).isFalse();
        assertThat(flows.putIfAbsent(one, entry(1))).isTrue();
        assertThat(flows.putIfAbsent(one, entry(2))).isFalse();
        assertThat(flows.get(one)).contains(entry(1));
        assertThat(flows.replace(one, entry(3))).isTrue();
        assertThat(flows.take(one)).contains(entry(3));
        assertThat(flows.take(one)).isEmpty();
        assertThat(flows.remove(one)).isFalse();
    }

    @Test
    void a_full_map_keeps_what_it_has() {
        Flow two = new Flow(2, (short) 0, (byte) 0);
        Flow three = new Flow(3, (short) 0, (byte) 0);
        flows.putAll(Map.of(one, entry(1), two, entry(2)));
        assertThatThrownBy(() -> flows.put(three, entry(3)))
                .isInstanceOf(MapException.class)
                .hasMessageContaining("no room");
        assertThatThrownBy(() -> flows.putIfAbsent(three, entry(3))).isInstanceOf(MapException.class);
        assertThat(flows.entries()).hasSize(2);
        assertThat(flows.replace(two, entry(9))).isTrue();
    }

    @Test
    void a_value_for_each_slot_is_a_list() {
        TypedMap<Integer, Long> each = machine.map("each").typed(int.class, long.class);
        each.put(3, 4L);
        assertThat(each.values(3)).containsExactly(4L, 4L);
        assertThat(each.values(5)).isEmpty();
        assertThatThrownBy(() -> each.get(3)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(each::entries).isInstanceOf(UnsupportedOperationException.class);
        assertThat(each.keys()).containsExactly(3);
    }

    @Test
    void arrays_have_nothing_to_take() {
        assertThatThrownBy(
                        () -> machine.map("counts").typed(int.class, long.class).take(1))
                .isInstanceOf(MapException.class)
                .hasMessageContaining("no such operation");
    }

    private record Short(int source, short port) {}

    private record Narrow(short source, short port, byte proto) {}

    private enum Other {
        pass
    }

    private record Wrong(Other verdict, int left, List<Long> seen, boolean on) {}

    @Test
    void classes_that_do_not_fit_are_refused_at_once() {
        ProgramMap map = machine.map("flows");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> map.typed(Short.class, Entry.class))
                .withMessageContaining("a key of `flows` is a record of [source, port, proto]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> map.typed(Narrow.class, Entry.class))
                .withMessageContaining("`flows`.source is a number of 32 bits or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> map.typed(Flow.class, Wrong.class))
                .withMessageContaining("an enum with the member `drop`");
        assertThatIllegalArgumentException().isThrownBy(() -> map.typed(Flow.class, String.class));
    }

    @Test
    void an_enum_may_know_more_than_the_program_but_cannot_say_it() {
        assertThatThrownBy(() -> flows.put(one, new Entry(Verdict.unheard, 0, List.of(0L, 0L, 0L), false)))
                .isInstanceOf(MapException.class)
                .hasMessageContaining("unheard");
        assertThatThrownBy(() -> flows.put(one, new Entry(Verdict.pass, 0, List.of(0L), false)))
                .isInstanceOf(MapException.class)
                .hasMessageContaining("a list of 3");
        assertThat(flows.keys()).isEmpty();
    }

    @Test
    void a_closed_machine_has_no_maps() {
        machine.close();
        assertThatThrownBy(() -> flows.get(one)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(flows::keys).isInstanceOf(IllegalStateException.class);
    }
}
