package dev.turnout.linux.live;

import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.syscall.Attributes;
import dev.turnout.linux.syscall.Bpf;
import dev.turnout.linux.syscall.Command;
import dev.turnout.linux.syscall.Descriptor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code BPF_OBJ_GET_INFO_BY_FD} tells of a program, a map, a link or types. Offsets are those of {@code struct bpf_prog_info} and its
 * like, Linux 7.2, {@code include/uapi/linux/bpf.h}; a kernel that knows fewer fields leaves the others zero.
 *
 * @param bytes the struct
 */
record ObjectInfo(ByteString bytes) {
    private static final int NAME_BYTES = 16;

    private static final int PROGRAM_BYTES = 232;
    private static final int PROGRAM_MAP_COUNT = 52;
    private static final int PROGRAM_MAPS = 56;

    private static final int TYPES_BYTES = 32;
    private static final int TYPES_SIZE = 8;

    int word(int offset) {
        return bytes.asBuffer().getInt(offset);
    }

    /** A name of at most 15 bytes. */
    String name(int offset) {
        ByteString field = bytes.slice(offset, offset + NAME_BYTES);
        int end = 0;
        while (end < NAME_BYTES && field.at(end) != 0) {
            end++;
        }
        return new String(field.slice(0, end).toArray(), StandardCharsets.UTF_8);
    }

    /** Of anything; {@code size} is that of its struct. */
    static ObjectInfo of(Descriptor descriptor, int size) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(size, 8);
            ask(arena, descriptor, info);
            return new ObjectInfo(ByteString.copyOf(info.toArray(ValueLayout.JAVA_BYTE)));
        }
    }

    /** Numbers of the maps that a program uses; none are shown to users without rights. */
    static List<Integer> mapsOf(Descriptor program) {
        int count = of(program, PROGRAM_BYTES).word(PROGRAM_MAP_COUNT);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(PROGRAM_BYTES, 8);
            MemorySegment numbers = arena.allocate(Math.max(1, 4L * count), 8);
            info.set(ValueLayout.JAVA_INT, PROGRAM_MAP_COUNT, count);
            info.set(ValueLayout.JAVA_LONG, PROGRAM_MAPS, numbers.address());
            ask(arena, program, info);
            List<Integer> maps = new ArrayList<>();
            for (int i = 0; i < Math.min(count, info.get(ValueLayout.JAVA_INT, PROGRAM_MAP_COUNT)); i++) {
                maps.add(numbers.getAtIndex(ValueLayout.JAVA_INT, i));
            }
            return maps;
        }
    }

    /** The {@code .BTF} that types were loaded from. */
    static ByteString typesOf(Descriptor types) {
        int size = of(types, TYPES_BYTES).word(TYPES_SIZE);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(TYPES_BYTES, 8);
            MemorySegment content = arena.allocate(Math.max(1, size), 8);
            info.set(ValueLayout.JAVA_LONG, 0, content.address());
            info.set(ValueLayout.JAVA_INT, TYPES_SIZE, size);
            ask(arena, types, info);
            return ByteString.copyOf(content.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /** The descriptor of what has a number, or a negated error number. */
    static int open(Command command, int number) {
        try (Arena arena = Arena.ofConfined()) {
            return Bpf.call(command, new Attributes(arena).word(0, number));
        }
    }

    /** The same as an object; empty if it is gone or may not be had. */
    static Optional<Descriptor> opened(Command command, int number) {
        int descriptor = open(command, number);
        return descriptor < 0 ? Optional.empty() : Optional.of(new Descriptor(descriptor));
    }

    private static void ask(Arena arena, Descriptor descriptor, MemorySegment info) {
        int result = Bpf.call(
                Command.OBJ_GET_INFO_BY_FD,
                new Attributes(arena)
                        .word(0, descriptor.number())
                        .word(4, (int) info.byteSize())
                        .pointer(8, info));
        if (result < 0) {
            throw new IllegalStateException(
                    "the kernel tells nothing of descriptor " + descriptor.number() + ": error " + -result);
        }
    }
}
