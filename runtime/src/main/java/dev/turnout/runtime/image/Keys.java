package dev.turnout.runtime.image;

import dev.turnout.bpf.program.KeyDefinition;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The static keys of a loaded object: 64-bit values in native memory, eight bytes a key, by number. May be read and set by many
 * threads; a value that was set is seen by every static branch that begins after {@link #set} returned.
 */
public final class Keys {
    private final Mapping memory;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final List<KeyDefinition> definitions = new ArrayList<>();

    Keys(Mapping memory) {
        this.memory = memory;
    }

    /** The number of a key, which is new or known by its name; empty if there is no room for more. */
    synchronized Optional<Integer> declare(KeyDefinition definition) {
        Integer known = numbers.get(definition.name());
        if (known != null) {
            return Optional.of(known);
        }
        int number = definitions.size();
        if (8L * (number + 1) > memory.size()) {
            return Optional.empty();
        }
        numbers.put(definition.name(), number);
        definitions.add(definition);
        set(number, definition.initial());
        return Optional.of(number);
    }

    /** In order of declaration. */
    public synchronized List<KeyDefinition> definitions() {
        return List.copyOf(definitions);
    }

    public synchronized Optional<Integer> number(String name) {
        return Optional.ofNullable(numbers.get(name));
    }

    public long value(int number) {
        return Memory.loadLongVolatile(address(number));
    }

    public void set(int number, long value) {
        Memory.storeLongVolatile(address(number), value);
    }

    /** Where a key's value stands. */
    public long address(int number) {
        return memory.address() + 8L * number;
    }
}
