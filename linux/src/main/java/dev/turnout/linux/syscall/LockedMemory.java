package dev.turnout.linux.syscall;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The limit of memory that this process may lock, which maps and programs counted against before Linux 5.11. */
public final class LockedMemory {
    /** {@code RLIMIT_MEMLOCK}. */
    private static final int RESOURCE = 8;

    private static final long UNLIMITED = -1;

    private LockedMemory() {}

    /** Takes the limit away; whether this process may. */
    @SuppressWarnings("restricted") // The kernel has no other door.
    public static boolean raise() {
        Linker linker = Linker.nativeLinker();
        MethodHandle set = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setrlimit"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocateFrom(ValueLayout.JAVA_LONG, UNLIMITED, UNLIMITED);
            return (int) set.invokeExact(RESOURCE, limit) == 0;
        } catch (Throwable bug) {
            throw new IllegalStateException("setrlimit(2)", bug);
        }
    }
}
