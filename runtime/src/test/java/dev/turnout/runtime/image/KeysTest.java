package dev.turnout.runtime.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.bpf.program.KeyDefinition;
import dev.turnout.ir.model.DebugType;
import dev.turnout.runtime.helper.ScriptedWorld;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeysTest {
    private static final DebugType BOOL = new DebugType.Integer("bool", 8, DebugType.Encoding.BOOL);
    private static final DebugType SMALL = new DebugType.Enumeration(
            "Small", 1, true, List.of(new DebugType.Enumerator("below", -1), new DebugType.Enumerator("above", 5)));

    private final Machine machine = Machine.create(new ScriptedWorld(), 1);
    private final Keys keys = machine.keys();

    @AfterEach
    void free() {
        machine.close();
    }

    private int key(String name, long initial, DebugType type) {
        return keys.declare(new KeyDefinition(name, initial, type)).orElseThrow();
    }

    private void refuses(int number, long value) {
        long before = keys.value(number);
        assertThatThrownBy(() -> keys.set(number, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no value " + value);
        assertThat(keys.value(number)).isEqualTo(before);
    }

    @Test
    void a_value_that_the_type_lacks_is_refused_and_nothing_changes() {
        int flag = key("flag", 1, BOOL);
        refuses(flag, 2);
        refuses(flag, -1);
        int mode = key("mode", 5, SMALL);
        refuses(mode, 0);
        refuses(mode, -1);
        keys.set(mode, 0xff);
        assertThat(keys.value(mode))
                .as("a negative member stands in the bytes of its type")
                .isEqualTo(0xff);
        int any = key("any", 3, new DebugType.Void());
        keys.set(any, 4711);
        assertThat(keys.value(any)).isEqualTo(4711);
    }

    @Test
    void code_that_follows_is_told_of_changes_only_and_finds_the_value_in_place() {
        List<String> told = new ArrayList<>();
        keys.follow(number -> told.add(number + "=" + keys.value(number)));
        int first = key("first", 0, BOOL);
        int second = key("second", 1, BOOL);
        keys.set(second, 1);
        keys.set(first, 1);
        keys.set(second, 0);
        keys.set(second, 0);
        assertThat(told).containsExactly(first + "=1", second + "=0");
    }
}
