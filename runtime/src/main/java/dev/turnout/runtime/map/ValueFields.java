package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapField;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.runtime.memory.SpinLock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The values of a map, as what copies them must see them: bytes between fields that are the machine's own. An update leaves those
 * fields of its target alone, a copy for a host has zeros in their place, and the value's spin lock is the one of them that an update
 * may be told to hold.
 */
final class ValueFields {
    private final int size;
    /** Where bytes of the programs begin, and how many there are, by piece. */
    private final int[] starts;

    private final int[] lengths;
    private final List<MapField> fields;
    private final Optional<MapField> lock;

    ValueFields(MapDefinition definition) {
        this.size = definition.valueSize();
        this.fields = definition.fields();
        this.lock = fields.stream()
                .filter(field -> field.kind() == MapField.Kind.SPIN_LOCK)
                .findFirst();
        int[] from = new int[fields.size() + 1];
        int[] bytes = new int[fields.size() + 1];
        int pieces = 0;
        int at = 0;
        for (MapField field : fields) {
            if (field.offset() > at) {
                from[pieces] = at;
                bytes[pieces++] = field.offset() - at;
            }
            at = field.offset() + field.bytes();
        }
        if (size > at) {
            from[pieces] = at;
            bytes[pieces++] = size - at;
        }
        this.starts = Arrays.copyOf(from, pieces);
        this.lengths = Arrays.copyOf(bytes, pieces);
    }

    /** Whether updates may ask for {@link BpfMap#LOCK}. */
    boolean hasLock() {
        return lock.isPresent();
    }

    /** Sets the bytes of a value that are the programs'. */
    void copy(long from, long to) {
        for (int i = 0; i < starts.length; i++) {
            Memory.copy(from + starts[i], to + starts[i], lengths[i]);
        }
    }

    void zero(long value) {
        for (int i = 0; i < starts.length; i++) {
            Memory.zero(value + starts[i], lengths[i]);
        }
    }

    /** The same under the spin lock of the target; only if there is one. */
    void copyUnderLock(long from, long to) {
        long word = to + lock.orElseThrow().offset();
        SpinLock.acquire(word);
        try {
            copy(from, to);
        } finally {
            SpinLock.release(word);
        }
    }

    /** A copy for a host, with zeros in place of the machine's fields. */
    void show(long value, long to) {
        copy(value, to);
        for (MapField field : fields) {
            Memory.zero(to + field.offset(), field.bytes());
        }
    }

    /** The same under the spin lock of the value. */
    void showUnderLock(long value, long to) {
        long word = value + lock.orElseThrow().offset();
        SpinLock.acquire(word);
        try {
            show(value, to);
        } finally {
            SpinLock.release(word);
        }
    }
}
