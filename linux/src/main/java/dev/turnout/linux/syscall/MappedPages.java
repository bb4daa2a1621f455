package dev.turnout.linux.syscall;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Pages of a file that this process and the kernel share, until closed. To be used and closed by the thread that mapped them. */
public final class MappedPages implements AutoCloseable {
    /** Bytes of a page. */
    public static final long PAGE = 4096;

    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int SHARED = 1;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment bytes;

    private MappedPages(MemorySegment at, long size) {
        this.bytes = view(at, size, arena);
    }

    @SuppressWarnings("restricted") // The pages are ours until the arena is closed, which unmaps them.
    private static MemorySegment view(MemorySegment at, long size, Arena arena) {
        return at.reinterpret(size, arena, pages -> Calls.unmap(pages, size));
    }

    /**
     * Maps some.
     *
     * @param offset in the file, whole pages
     * @param size bytes, whole pages
     * @throws IllegalStateException if the kernel refuses
     */
    public static MappedPages of(Descriptor file, long offset, long size, boolean writable) {
        return ifAllowed(file, offset, size, writable)
                .orElseThrow(() -> new IllegalStateException("mmap of " + size + " bytes from " + offset));
    }

    /** The same; empty if the kernel refuses. */
    public static Optional<MappedPages> ifAllowed(Descriptor file, long offset, long size, boolean writable) {
        MemorySegment at = Calls.map(size, writable ? READ | WRITE : READ, file.number(), offset);
        return at.address() == -1 ? Optional.empty() : Optional.of(new MappedPages(at, size));
    }

    public MemorySegment bytes() {
        return bytes;
    }

    @Override
    public void close() {
        arena.close();
    }

    /** Bound when a ring is first read. */
    private static final class Calls {
        @SuppressWarnings("restricted") // The kernel has no other door.
        private static final MethodHandle MAP = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("mmap"),
                        FunctionDescriptor.of(
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG));

        @SuppressWarnings("restricted") // As above.
        private static final MethodHandle UNMAP = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("munmap"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));

        static MemorySegment map(long size, int protection, int file, long offset) {
            try {
                return (MemorySegment) MAP.invokeExact(MemorySegment.NULL, size, protection, SHARED, file, offset);
            } catch (Throwable bug) {
                throw new IllegalStateException("mmap(2)", bug);
            }
        }

        static void unmap(MemorySegment at, long size) {
            try {
                int ignored = (int) UNMAP.invokeExact(at, size);
            } catch (Throwable bug) {
                throw new IllegalStateException("munmap(2)", bug);
            }
        }
    }
}
