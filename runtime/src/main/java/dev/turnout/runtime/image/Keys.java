package dev.turnout.runtime.image;

import dev.turnout.bpf.program.KeyDefinition;
import dev.turnout.ir.model.DebugType;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The static keys of a loaded object: 64-bit values in native memory, eight bytes a key, by number. May be read and set by many
 * threads, while programs run.
 */
public final class Keys {
    private final Mapping memory;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final List<KeyDefinition> definitions = new ArrayList<>();
    private final List<PatchedCode> followers = new CopyOnWriteArrayList<>();

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
        Memory.storeLongVolatile(address(number), definition.initial());
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

    /** From now on code is told of each change. For engines, before they load what has branches on keys. */
    public void follow(PatchedCode code) {
        followers.add(code);
    }

    /**
     * Gives a key a value and returns when that is seen everywhere: no thread can execute a branch on the key as it was before, and
     * a run that begins afterwards sees the value at all its branches, and what the caller wrote before. A run that is under way may
     * be behind a branch already; and of two branches on one key it may find one changed and not yet the other.
     *
     * @throws IllegalArgumentException if the key's type has no such value
     */
    public synchronized void set(int number, long value) {
        KeyDefinition key = definitions.get(number);
        if (!has(key.type(), value)) {
            throw new IllegalArgumentException("key `" + key.name() + "` has no value " + value);
        }
        if (value(number) == value) {
            return;
        }
        Memory.storeLongVolatile(address(number), value);
        for (PatchedCode code : followers) {
            code.keyChanged(number);
        }
    }

    /** An object need not say what its keys are; then they take any value. Numbers stand in as many bytes as the type has. */
    private static boolean has(DebugType type, long value) {
        return switch (type) {
            case DebugType.Enumeration all ->
                all.members().stream().anyMatch(member -> unsigned(member.value(), all.bytes()) == value);
            case DebugType.Integer number ->
                number.encoding() == DebugType.Encoding.BOOL
                        ? value == 0 || value == 1
                        : unsigned(value, number.bits() / 8) == value;
            case DebugType.Typedef name -> has(name.of(), value);
            case DebugType.Void _ -> true;
            case DebugType.Pointer _, DebugType.Array _, DebugType.Struct _, DebugType.Function _ -> false;
        };
    }

    private static long unsigned(long value, int bytes) {
        return bytes >= Long.BYTES ? value : value & ((1L << (8 * bytes)) - 1);
    }

    /** Where a key's value stands. */
    public long address(int number) {
        return memory.address() + 8L * number;
    }
}
