package dev.turnout.driver.load;

import dev.turnout.bpf.object.DataSection;
import dev.turnout.bpf.program.KeyDefinition;
import dev.turnout.driver.json.DatumJson;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.runtime.image.Keys;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.TypedBytes;
import dev.turnout.runtime.memory.Memory;
import java.util.Optional;

/**
 * A key of a loaded object, wherever its target keeps the value. May be read and set by many threads, as long as the object is
 * open; every branch that begins after {@link #set} returned sees the value.
 */
public sealed interface LoadedKey {
    String name();

    /** Bool or an enumeration; {@link DebugType.Void} where an object does not say. */
    DebugType type();

    /** Bytes of a value. */
    int size();

    long value();

    void set(long value);

    /** A key that branch sites name. */
    record Branched(Keys keys, int number, KeyDefinition definition) implements LoadedKey {
        @Override
        public String name() {
            return definition.name();
        }

        @Override
        public DebugType type() {
            return definition.type();
        }

        @Override
        public int size() {
            return Math.max(1, (int) definition.type().size());
        }

        @Override
        public long value() {
            return keys.value(number);
        }

        @Override
        public void set(long value) {
            keys.set(number, value);
        }
    }

    /** A key of a target that patches no code: a variable of the data section {@code .data.keys}. */
    record Lowered(String name, DataSection.Variable variable, BpfMap section) implements LoadedKey {
        @Override
        public DebugType type() {
            return variable.type();
        }

        @Override
        public int size() {
            return variable.size();
        }

        private long address() {
            return section.direct() + variable.offset();
        }

        @Override
        public long value() {
            return Memory.loadAcquire(address(), size());
        }

        @Override
        public void set(long value) {
            Memory.storeRelease(address(), size(), value);
        }
    }

    /**
     * The value that a user writes.
     *
     * @param text a number, {@code true}, {@code false} or a member
     * @param why gets the reason if it is none
     */
    default Optional<Long> parse(String text, StringBuilder why) {
        Datum datum = DatumJson.parse(text, new StringBuilder()).orElseGet(() -> new Datum.Text(text));
        return TypedBytes.read(type(), datum, size(), why).map(LoadedKey::number);
    }

    /** Up to eight bytes, little endian. */
    private static long number(ByteString bytes) {
        long value = 0;
        for (int i = bytes.size() - 1; i >= 0; i--) {
            value = value << 8 | Byte.toUnsignedLong(bytes.at(i));
        }
        return value;
    }
}
