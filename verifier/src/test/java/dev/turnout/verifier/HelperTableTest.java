package dev.turnout.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.stdlib.helper.ArgumentKind;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.helper.ResultKind;
import dev.turnout.stdlib.program.ProgramType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the rows of helpers must be for the checks that read them. */
class HelperTableTest {
    private static final Set<ArgumentKind> SIZED = EnumSet.of(
            ArgumentKind.MEMORY,
            ArgumentKind.MEMORY_OR_NULL,
            ArgumentKind.MEMORY_OUT,
            ArgumentKind.MEMORY_IN_OUT,
            ArgumentKind.MEMORY_IN_OUT_OR_NULL);
    private static final Set<ArgumentKind> OF_MAP = EnumSet.of(
            ArgumentKind.MAP_KEY, ArgumentKind.MAP_VALUE, ArgumentKind.MAP_VALUE_OR_NULL, ArgumentKind.MAP_VALUE_OUT);

    private static List<List<ArgumentKind>> signatures(HelperFunction helper) {
        List<List<ArgumentKind>> all = new ArrayList<>(List.of(helper.arguments()));
        for (ProgramType type : ProgramType.values()) {
            all.add(helper.arguments(Optional.of(type)));
        }
        return all;
    }

    @Test
    void every_number_from_1_to_211_is_a_row() {
        for (int id = 1; id <= 211; id++) {
            assertThat(HelperFunction.ofId(id).orElseThrow().id()).isEqualTo(id);
        }
        assertThat(HelperFunction.values()).hasSize(211);
        assertThat(HelperFunction.ofId(0)).isEmpty();
        assertThat(HelperFunction.ofId(212)).isEmpty();
        assertThat(HelperFunction.ofId(-1)).isEmpty();
    }

    @Test
    void every_word_finds_its_row() {
        for (HelperFunction helper : HelperFunction.values()) {
            assertThat(HelperFunction.ofWord(helper.word())).contains(helper);
        }
    }

    @Test
    void a_length_follows_the_memory_that_it_is_of() {
        for (HelperFunction helper : HelperFunction.values()) {
            for (List<ArgumentKind> kinds : signatures(helper)) {
                assertThat(kinds).as(helper.word()).hasSizeLessThanOrEqualTo(5);
                for (int i = 0; i < kinds.size(); i++) {
                    boolean length = kinds.get(i) == ArgumentKind.SIZE || kinds.get(i) == ArgumentKind.SIZE_OR_ZERO;
                    assertThat(length).as(helper.word()).isEqualTo(i > 0 && SIZED.contains(kinds.get(i - 1)));
                }
            }
        }
    }

    @Test
    void keys_and_values_follow_their_map_whose_kinds_are_named() {
        for (HelperFunction helper : HelperFunction.values()) {
            for (List<ArgumentKind> kinds : signatures(helper)) {
                int map = kinds.indexOf(ArgumentKind.MAP);
                assertThat(helper.maps().isEmpty()).as(helper.word()).isEqualTo(map < 0);
                for (int i = 0; i < kinds.size(); i++) {
                    assertThat(!OF_MAP.contains(kinds.get(i)) || (map >= 0 && map < i))
                            .as(helper.word())
                            .isTrue();
                }
                boolean element =
                        helper.result() == ResultKind.MAP_VALUE || helper.result() == ResultKind.MAP_VALUE_OR_NULL;
                assertThat(!element || map >= 0).as(helper.word()).isTrue();
            }
        }
    }

    @Test
    void what_moves_the_packet_takes_the_context() {
        for (HelperFunction helper : HelperFunction.values()) {
            if (helper.movesPacket()) {
                assertThat(helper.arguments().getFirst()).as(helper.word()).isEqualTo(ArgumentKind.CONTEXT);
            }
        }
    }
}
