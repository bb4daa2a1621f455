package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapField;
import dev.turnout.ir.model.ByteString;
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
    private final List<MapField> ending;
    private final Optional<MapField> lock;

    ValueFields(MapDefinition definition) {
        this.size = definition.valueSize();
        this.fields = definition.fields();
        this.ending = fields.stream().filter(field -> !isLock(field.kind())).toList();
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

    private static boolean isLock(MapField.Kind kind) {
        return kind == MapField.Kind.SPIN_LOCK || kind == MapField.Kind.RES_SPIN_LOCK;
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

    /**
     * Ends the machine's fields of a value that its key no longer has, so that the next key finds none of them; locks stay, since who
     * holds one will free it.
     */
    void end(long value) {
        for (MapField field : ending) {
            Memory.zero(value + field.offset(), field.bytes());
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

    /** The same as bytes. */
    ByteString shown(long value) {
        byte[] bytes = Memory.copyOut(value, size);
        for (MapField field : fields) {
            Arrays.fill(bytes, field.offset(), field.offset() + field.bytes(), (byte) 0);
        }
        return ByteString.copyOf(bytes);
    }
}
