package dev.turnout.linux.load;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.report.KernelErrors;
import dev.turnout.linux.report.MapShape;
import dev.turnout.linux.syscall.Attributes;
import dev.turnout.linux.syscall.Bpf;
import dev.turnout.linux.syscall.Command;
import dev.turnout.linux.syscall.Descriptor;
import dev.turnout.linux.syscall.MappedPages;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A map in the kernel. Operations give 0 or a negated error number, as the maps of our own machine do. */
public final class KernelMap implements AutoCloseable {
    private static final VarHandle BYTE = ValueLayout.JAVA_BYTE.varHandle();
    private static final VarHandle SHORT = ValueLayout.JAVA_SHORT.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final int HANDLE = 4;
    private static final int INFO_BYTES = 88;

    private final MapDefinition definition;
    private final Descriptor descriptor;
    private final int cpus;

    KernelMap(MapDefinition definition, Descriptor descriptor) {
        this.definition = definition;
        this.descriptor = descriptor;
        this.cpus = definition.kind().perCpu() ? PossibleCpus.count() : 1;
    }

    /** A map with its content: the map, or the error number (positive) that the kernel gave. */
    public static Made create(MapDefinition definition) {
        return MapCreation.create(definition);
    }

    /** A map that is in the kernel already, whoever made it; the descriptor is the result's to close. */
    public static KernelMap opened(MapDefinition definition, Descriptor descriptor) {
        return new KernelMap(definition, descriptor);
    }

    /** What the attempt to make a map gave. */
    public sealed interface Made {
        /** The map, which is the caller's to close. */
        record Created(KernelMap map) implements Made {}

        /**
         * None.
         *
         * @param error error number, positive
         */
        record Refused(int error) implements Made {}
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

    /** Bytes that the kernel takes and gives for a key: values of CPUs are padded to 8, handles are descriptors and ids. */
    private int valueBytes() {
        return switch (definition.kind().valueKind()) {
            case PROGRAM, MAP, DESCRIPTOR -> HANDLE;
            case PLAIN, OTHER -> definition.kind().perCpu() ? cpus * paddedValue() : definition.valueSize();
        };
    }

    private int paddedValue() {
        return (definition.valueSize() + 7) & -8;
    }

    /**
     * What an operation gave.
     *
     * @param result 0, or a negated error number
     * @param bytes a key, or one value a CPU; empty if there was an error
     */
    public record Answer(int result, List<ByteString> bytes) {
        public Answer {
            bytes = List.copyOf(bytes);
        }
    }

    /** The values of a key; empty if it is not there. */
    public List<ByteString> read(ByteString key) {
        return lookup(key, 0).bytes();
    }

    /** The values of a key. Of a queue or stack, with an empty key, what comes next, which stays. */
    public Answer lookup(ByteString key, long flags) {
        return values(Command.MAP_LOOKUP_ELEM, key, flags);
    }

    /** The values of a key, which is gone then. Of a queue or stack, with an empty key, what comes next. */
    public Answer lookupAndDelete(ByteString key, long flags) {
        return values(Command.MAP_LOOKUP_AND_DELETE_ELEM, key, flags);
    }

    private Answer values(Command command, ByteString key, long flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(Math.max(1, valueBytes()), 8);
            int result =
                    Bpf.call(command, element(arena, key).pointer(16, value).wide(24, flags));
            if (result < 0) {
                return new Answer(result, List.of());
            }
            List<ByteString> values = new ArrayList<>(cpus);
            int bytes = cpus > 1 ? definition.valueSize() : valueBytes();
            for (int cpu = 0; cpu < cpus; cpu++) {
                values.add(copy(value, (long) cpu * paddedValue(), bytes));
            }
            return new Answer(0, values);
        }
    }

    /** Whether a bloom filter may hold a value: 0, or {@code -ENOENT} if it does not. */
    public int holds(ByteString value) {
        try (Arena arena = Arena.ofConfined()) {
            return Bpf.call(
                    Command.MAP_LOOKUP_ELEM, element(arena, ByteString.EMPTY).bytes(16, value));
        }
    }

    /** Makes a map the value of a key of a map of maps. */
    public int put(ByteString key, KernelMap inner, long flags) {
        return update(key, List.of(index(inner.descriptor())), flags);
    }

    /** Puts a program into an entry of a program array. */
    public int put(int index, KernelProgram program) {
        return update(index(index), List.of(index(program.descriptor())), 0);
    }

    /** The kernel's number for the map, which maps of maps give back. */
    public int id() {
        return info().getInt(4);
    }

    /** What the map is like, as the kernel says it. */
    MapShape shape() {
        ByteBuffer info = info();
        return new MapShape(
                info.getInt(0),
                info.getInt(8),
                info.getInt(12),
                Integer.toUnsignedLong(info.getInt(16)),
                info.getInt(20),
                info.getLong(80));
    }

    /** {@code struct bpf_map_info}. */
    private ByteBuffer info() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(INFO_BYTES, 8);
            int result = Bpf.call(
                    Command.OBJ_GET_INFO_BY_FD,
                    new Attributes(arena)
                            .word(0, descriptor.number())
                            .word(4, INFO_BYTES)
                            .pointer(8, info));
            if (result < 0) {
                throw new IllegalStateException("no figures of a map: " + -result);
            }
            return ByteString.copyOf(info.toArray(ValueLayout.JAVA_BYTE)).asBuffer();
        }
    }

    /**
     * Shows the map to others by a name in a BPF file system.
     *
     * @return 0, or a negated error number
     */
    int pin(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            return Bpf.call(
                    Command.OBJ_PIN,
                    new Attributes(arena).text(0, path.toString()).word(8, descriptor.number()));
        }
    }

    /**
     * Sets the values of a key; with an empty key, puts a value into a queue, stack or bloom filter.
     *
     * @param values one a CPU (missing ones are zeros), or one alone
     * @return 0, or a negated error number
     */
    public int update(ByteString key, List<ByteString> values, long flags) {
        byte[] all = new byte[valueBytes()];
        for (int cpu = 0; cpu < Math.min(cpus, values.size()); cpu++) {
            byte[] one = values.get(cpu).toArray();
            System.arraycopy(one, 0, all, cpu * paddedValue(), Math.min(one.length, all.length));
        }
        try (Arena arena = Arena.ofConfined()) {
            return Bpf.call(
                    Command.MAP_UPDATE_ELEM,
                    element(arena, key).bytes(16, ByteString.copyOf(all)).wide(24, flags));
        }
    }

    /**
     * Writes a few bytes of the only value of an array and lets the others be, where the kernel shows the map's memory: programs that run
     * meanwhile write their variables beside. Where it does not, all of the value is read and written back, and what somebody else wrote
     * in between is lost.
     *
     * @param offset in the value
     * @return 0, or a negated error number
     */
    public int write(int offset, ByteString bytes) {
        if (MapFlag.MMAPABLE.in(MapCreation.flags(definition))) {
            long size = definition.valueSize() + MappedPages.PAGE - 1 & -MappedPages.PAGE;
            Optional<MappedPages> memory = MappedPages.ifAllowed(descriptor, 0, size, true);
            if (memory.isEmpty()) {
                return -KernelErrors.EPERM;
            }
            try (MappedPages shown = memory.get()) {
                store(shown.bytes(), offset, bytes);
            }
            return 0;
        }
        Answer before = lookup(index(0), 0);
        if (before.result() < 0) {
            return before.result();
        }
        byte[] all = before.bytes().getFirst().toArray();
        System.arraycopy(bytes.toArray(), 0, all, offset, bytes.size());
        return update(index(0), List.of(ByteString.copyOf(all)), 0);
    }

    /** In one piece where the machine can: a program never reads half of a number. */
    private static void store(MemorySegment to, int offset, ByteString bytes) {
        boolean aligned = offset % Math.max(1, bytes.size()) == 0;
        switch (aligned ? bytes.size() : 0) {
            case 1 -> BYTE.setVolatile(to, (long) offset, bytes.at(0));
            case 2 -> SHORT.setVolatile(to, (long) offset, bytes.asBuffer().getShort());
            case 4 -> INT.setVolatile(to, (long) offset, bytes.asBuffer().getInt());
            case 8 -> LONG.setVolatile(to, (long) offset, bytes.asBuffer().getLong());
            default -> MemorySegment.copy(bytes.toArray(), 0, to, ValueLayout.JAVA_BYTE, offset, bytes.size());
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
        if (definition.kind() == MapKind.RINGBUF) {
            return records().stream()
                    .map(record -> new KernelEntry(ByteString.EMPTY, List.of(record)))
                    .toList();
        }
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

    /** The entries of an instruction array, in order of index: behind the load of its program, where each instruction is by now. */
    List<InstructionEntry> instructions() {
        return entries().stream()
                .map(entry -> InstructionEntry.of(entry.values().getFirst()))
                .toList();
    }

    /** The finished records of a ring buffer, oldest first; they stay. */
    public List<ByteString> records() {
        try (KernelRing ring = new KernelRing(descriptor, definition.maxEntries())) {
            return ring.records();
        }
    }

    /** Takes the oldest finished record of a ring buffer, of which the caller is the only consumer; empty if there is none. */
    public Optional<ByteString> takeRecord() {
        try (KernelRing ring = new KernelRing(descriptor, definition.maxEntries())) {
            return ring.take();
        }
    }

    /** The key that follows; the first one behind none, and behind one that is not there. */
    public Answer next(Optional<ByteString> after) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment next = arena.allocate(Math.max(1, definition.keySize()), 8);
            Attributes attributes =
                    new Attributes(arena).word(0, descriptor.number()).pointer(16, next);
            after.ifPresent(key -> attributes.bytes(8, key));
            int result = Bpf.call(Command.MAP_GET_NEXT_KEY, attributes);
            return result < 0
                    ? new Answer(result, List.of())
                    : new Answer(0, List.of(copy(next, 0, definition.keySize())));
        }
    }

    private Optional<ByteString> nextKey(Optional<ByteString> after) {
        return next(after).bytes().stream().findFirst();
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
