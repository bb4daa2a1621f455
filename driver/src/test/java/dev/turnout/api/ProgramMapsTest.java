package dev.turnout.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProgramMapsTest {
    private static final String TEXT = """
            license "GPL";
            map standing: hash<u32, u64>(4);
            map other: hash<u32, u64>(4);
            map wide: hash<u64, u64>(4);
            map rules: hash_of_maps<u32, hash<u32, u64>(4)>(8) = { 1 => standing };
            map work: queue<u32>(2);
            map done: stack<u32>(2);
            map seen: bloom<u32>(100);
            prog xdp p(ctx: *XdpCtx) -> XdpAction {
                let inner = rules[1] else return XDP_DROP;
                let place = inner[7] else return XDP_PASS;
                *place += 1;
                let next = work.pop() else return XDP_REDIRECT;
                done.push(next);
                if (seen.has(5)) { return XDP_ABORTED; }
                wide[1] = 2;
                other[1] = 2;
                return XDP_TX;
            }
            """;

    private final Machine machine = Turnout.load(Turnout.compile("rules.turn", TEXT));
    private final ProgramMaps<Integer> rules = machine.mapOfMaps("rules", int.class);

    @AfterEach
    void close() {
        machine.close();
    }

    private String run() {
        return machine.program("p").run(Texts.packet("00".repeat(60))).verdict();
    }

    @Test
    void maps_are_exchanged_whole() {
        assertThat(rules.keys()).containsExactly(1);
        assertThat(rules.get(1)).contains(machine.map("standing"));
        assertThat(run()).isEqualTo("XDP_PASS");
        ProgramQueue<Integer> work = machine.queue("work", int.class);
        work.push(1);
        work.push(2);
        ProgramMap fresh = rules.create();
        TypedMap<Integer, Long> typed = fresh.typed(int.class, long.class);
        typed.put(7, 40L);
        rules.put(1, fresh);
        assertThat(run()).isEqualTo("XDP_TX");
        assertThat(typed.get(7)).contains(41L);
        assertThat(rules.get(1).map(ProgramMap::json).orElseThrow()).isEqualTo(fresh.json());
        assertThat(machine.map("rules").json())
                .contains("\"value\":{\"kind\":\"hash\",\"entries\":[{\"key\":7,\"value\":41}]}");
        assertThat(rules.remove(1)).isTrue();
        assertThat(rules.remove(1)).isFalse();
        assertThat(run()).isEqualTo("XDP_DROP");
        // Who has the view has the map.
        assertThat(typed.get(7)).contains(41L);
        rules.put(1, fresh);
        assertThat(run()).isEqualTo("XDP_TX");
    }

    @Test
    void only_maps_of_its_shape_and_machine_fit() {
        assertThatThrownBy(() -> rules.put(2, machine.map("wide")))
                .isInstanceOf(MapException.class)
                .hasMessageContaining("another shape");
        try (Machine second = Turnout.load(Turnout.compile("rules.turn", TEXT))) {
            assertThatIllegalArgumentException().isThrownBy(() -> rules.put(2, second.map("standing")));
            ProgramMap foreign = second.mapOfMaps("rules", int.class).create();
            assertThatIllegalArgumentException().isThrownBy(() -> rules.put(2, foreign));
        }
        rules.put(2, machine.map("other"));
        assertThat(rules.keys()).containsExactly(1, 2);
        assertThatThrownBy(() -> rules.create().live(new byte[4])).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> machine.mapOfMaps("standing", int.class))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> machine.mapOfMaps("nothing", int.class)).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void a_full_one_takes_no_more() {
        for (int i = 2; i <= 8; i++) {
            rules.put(i, rules.create());
        }
        assertThatThrownBy(() -> rules.put(9, rules.create()))
                .isInstanceOf(MapException.class)
                .hasMessageContaining("no room");
    }

    @Test
    void queues_and_stacks_give_each_value_once() {
        ProgramQueue<Integer> work = machine.queue("work", int.class);
        ProgramQueue<Long> done = machine.queue("done", long.class);
        machine.map("standing").typed(int.class, long.class).put(7, 0L);
        assertThat(work.push(10)).isTrue();
        assertThat(work.push(-1)).isTrue();
        assertThat(work.push(30)).isFalse();
        assertThat(work.capacity()).isEqualTo(2);
        work.pushOver(40);
        assertThat(work.contents()).containsExactly(-1, 40);
        assertThat(work.peek()).contains(-1);
        assertThat(run()).isEqualTo("XDP_TX");
        assertThat(done.contents()).containsExactly(0xffff_ffffL);
        assertThat(work.pop()).contains(40);
        assertThat(work.pop()).isEmpty();
        assertThat(done.push(1L)).isTrue();
        assertThat(done.pop()).contains(1L);
        assertThat(done.pop()).isEqualTo(Optional.of(0xffff_ffffL));
        assertThatThrownBy(() -> machine.queue("done", long.class).push(1L << 40))
                .isInstanceOf(MapException.class);
        assertThatThrownBy(() -> machine.queue("seen", int.class)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void a_filter_never_forgets() {
        ProgramFilter<Integer> seen = machine.filter("seen", int.class);
        ProgramQueue<Integer> work = machine.queue("work", int.class);
        work.push(1);
        work.push(2);
        machine.map("standing").typed(int.class, long.class).put(7, 0L);
        assertThat(seen.mayHave(5)).isFalse();
        assertThat(run()).isEqualTo("XDP_TX");
        seen.add(5);
        assertThat(seen.mayHave(5)).isTrue();
        assertThat(run()).isEqualTo("XDP_ABORTED");
    }
}
