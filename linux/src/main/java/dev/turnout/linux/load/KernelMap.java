package dev.turnout.linux.load;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.syscall.Attributes;
import dev.turnout.linux.syscall.Bpf;
import dev.turnout.linux.syscall.Command;
import dev.turnout.linux.syscall.Descriptor;
import dev.turnout.stdlib.map.MapKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A map in the kernel. Operations give 0 or a negated error number, as the maps of our own machine do. */
public final class KernelMap implements AutoCloseable {
    private static final int INSN_ARRAY_ENTRY = 16;

    private final MapDefinition definition;
    private final Descriptor descriptor;
    private final int cpus;

    private KernelMap(MapDefinition definition, Descriptor descriptor) {
        this.definition = definition;
        this.descriptor = descriptor;
        this.cpus = definition.kind().perCpu() ? PossibleCpus.count() : 1;
    }

    /** Makes a map with its content: the map, or the error number (positive) that the kernel gave. */
    static Made create(MapDefinition definition) {
        try (Arena arena = Arena.ofConfined()) {
            int made = Bpf.call(
                    Command.MAP_CREATE,
                    new Attributes(arena)
                            .word(0, definition.kind().kernelId())
                            .word(4, definition.keySize())
                            .word(8, definition.valueSize())
                            .word(12, (int) definition.maxEntries())
                            .word(16, definition.flags())
                            .name(28, definition.name()));
            if (made < 0) {
                return new Made.Refused(-made);
            }
            KernelMap map = new KernelMap(definition, new Descriptor(made));
            int filled = map.fill();
            if (filled != 0) {
                map.close();
                return new Made.Refused(-filled);
            }
            return new Made.Created(map);
        }
    }

    /** What the attempt to make a map gave. */
    sealed interface Made {
        record Created(KernelMap map) implements Made {}

        record Refused(int error) implements Made {}
    }

    private int fill() {
        return switch (definition.content()) {
            case MapDefinition.Content.Empty _ -> 0;
            case MapDefinition.Content.Data data -> {
                byte[] bytes = Arrays.copyOf(data.bytes().toArray(), definition.valueSize());
                int result = update(index(0), List.of(ByteString.copyOf(bytes)), 0);
                yield result == 0 && data.frozen() ? freeze() : result;
            }
            case MapDefinition.Content.Targets targets -> {
                for (int i = 0; i < targets.targets().size(); i++) {
                    byte[] entry = Arrays.copyOf(index(targets.targets().get(i)).toArray(), INSN_ARRAY_ENTRY);
                    int result = update(index(i), List.of(ByteString.copyOf(entry)), 0);
                    if (result != 0) {
                        yield result;
                    }
                }
                yield freeze();
            }
            case MapDefinition.Content.Functions _ ->
                throw new IllegalStateException("no kernel has function tables, and " + definition.name() + " is one");
        };
    }

    /** A number as keys and descriptors are written. */
    static ByteString index(int number) {
        return ByteString.copyOf(
                new byte[] {(byte) number, (byte) (number >> 8), (byte) (number >> 16), (byte) (number >> 24)});
    }

    public MapDefinition definition() {
        return definition;
    }

    int descriptor() {
        return descriptor.number();
    }

    /** Values of a key: possible CPUs if the map is per CPU, else 1. */
    public int slots() {
        return cpus;
    }

    /** Bytes that the kernel takes and gives for a key: values of CPUs are padded to 8. */
    private int valueBytes() {
        return definition.kind().perCpu() ? cpus * paddedValue() : definition.valueSize();
    }

    private int paddedValue() {
        return (definition.valueSize() + 7) & -8;
    }

    /** The values of a key; empty if it is not there. */
    public List<ByteString> read(ByteString key) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(Math.max(1, valueBytes()), 8);
            int result = Bpf.call(Command.MAP_LOOKUP_ELEM, element(arena, key).pointer(16, value));
            if (result < 0) {
                return List.of();
            }
            List<ByteString> values = new ArrayList<>(cpus);
            for (int cpu = 0; cpu < cpus; cpu++) {
                values.add(copy(value, (long) cpu * paddedValue(), definition.valueSize()));
            }
            return values;
        }
    }

    /**
     * Sets the values of a key.
     *
     * @param values one a CPU (missing ones are zeros), or one alone
     */
    public int update(ByteString key, List<ByteString> values, long flags) {
        byte[] all = new byte[valueBytes()];
        for (int cpu = 0; cpu < Math.min(cpus, values.size()); cpu++) {
            byte[] one = values.get(cpu).toArray();
            System.arraycopy(one, 0, all, cpu * paddedValue(), one.length);
        }
        try (Arena arena = Arena.ofConfined()) {
            return Bpf.call(
                    Command.MAP_UPDATE_ELEM,
                    element(arena, key).bytes(16, ByteString.copyOf(all)).wide(24, flags));
        }
    }

    public int delete(ByteString key) {
        try (Arena arena = Arena.ofConfined()) {
            return Bpf.call(Command.MAP_DELETE_ELEM, element(arena, key));
        }
    }

    /** Closes the map for writers outside of the kernel. */
    int freeze() {
        try (Arena arena = Arena.ofConfined()) {
            return Bpf.call(Command.MAP_FREEZE, new Attributes(arena).word(0, descriptor.number()));
        }
    }

    /** Every entry, in the order of the keys' bytes (of arrays: of their indices). */
    public List<KernelEntry> entries() {
        List<KernelEntry> all = new ArrayList<>();
        Optional<ByteString> key = nextKey(Optional.empty());
        // A map that is written meanwhile may lead us in circles: nothing holds more keys than it may.
        for (long i = 0; key.isPresent() && i < definition.maxEntries(); i++) {
            List<ByteString> values = read(key.get());
            if (!values.isEmpty()) {
                all.add(new KernelEntry(key.get(), values));
            }
            key = nextKey(key);
        }
        if (definition.kind().keys() == MapKind.Keys.ANY) {
            all.sort((a, b) -> Arrays.compareUnsigned(a.key().toArray(), b.key().toArray()));
        }
        return all;
    }

    private Optional<ByteString> nextKey(Optional<ByteString> after) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment next = arena.allocate(Math.max(1, definition.keySize()), 8);
            Attributes attributes =
                    new Attributes(arena).word(0, descriptor.number()).pointer(16, next);
            after.ifPresent(key -> attributes.bytes(8, key));
            int result = Bpf.call(Command.MAP_GET_NEXT_KEY, attributes);
            return result < 0 ? Optional.empty() : Optional.of(copy(next, 0, definition.keySize()));
        }
    }

    private Attributes element(Arena arena, ByteString key) {
        return new Attributes(arena).word(0, descriptor.number()).bytes(8, key);
    }

    private static ByteString copy(MemorySegment from, long offset, int bytes) {
        return ByteString.copyOf(from.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE));
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
