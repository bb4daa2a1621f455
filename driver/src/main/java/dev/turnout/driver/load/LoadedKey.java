package dev.turnout.driver.load;

import dev.turnout.bpf.object.DataSection;
import dev.turnout.bpf.program.KeyDefinition;
import dev.turnout.driver.json.DatumJson;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.linux.load.KernelMap;
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
     * A key of an object in the running kernel.
     *
     * @param section the map of all keys' bytes; where the kernel does not show its memory they are written back together, by one thread
     *     at a time in this process
     */
    record InKernel(String name, DataSection.Variable variable, KernelMap section) implements LoadedKey {
        private static final ByteString FIRST = ByteString.zeros(4);

        @Override
        public DebugType type() {
            return variable.type();
        }

        @Override
        public int size() {
            return variable.size();
        }

        private byte[] bytes() {
            return section.read(FIRST).getFirst().toArray();
        }

        @Override
        public long value() {
            ByteString all = ByteString.copyOf(bytes());
            return number(all.slice(variable.offset(), variable.offset() + size()));
        }

        @Override
        public void set(long value) {
            byte[] bytes = new byte[size()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (value >>> (8 * i));
            }
            synchronized (section) {
                int result = section.write(variable.offset(), ByteString.copyOf(bytes));
                if (result < 0) {
                    throw new IllegalStateException("the kernel refuses key " + name + " with error " + -result);
                }
            }
        }
    }

    /** The value as the key's type shows it. */
    default Datum datum() {
        byte[] bytes = new byte[size()];
        long value = value();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (value >>> (8 * i));
        }
        return type() instanceof DebugType.Void ? Datum.of(value) : TypedBytes.show(type(), ByteString.copyOf(bytes));
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
