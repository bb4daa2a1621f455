package dev.turnout.x86.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** Calls of Linux that code memory is made with, bound when first used. They return a result, or a negated error number. */
@SuppressWarnings("restricted") // There is no other way to memory that can be executed.
final class SystemCalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    /** All of them go through one door, so that one call is bound and not six. */
    private static final MethodHandle SYSCALL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG),
            CAPTURE,
            Linker.Option.firstVariadicArg(1));

    private static final int CLOSE = 3;
    private static final int MMAP = 9;
    private static final int MUNMAP = 11;
    private static final int FTRUNCATE = 77;
    private static final int MEMFD_CREATE = 319;
    private static final int MEMBARRIER = 324;

    static final int PROT_NONE = 0;
    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int PROT_EXEC = 4;
    static final int MAP_SHARED = 1;
    static final int MAP_PRIVATE = 2;
    static final int MAP_FIXED = 0x10;
    static final int MAP_ANONYMOUS = 0x20;
    static final int MAP_NORESERVE = 0x4000;
    static final int MFD_CLOEXEC = 1;
    static final int MFD_EXEC = 0x10;

    private SystemCalls() {}

    private static long call(int number, long a, long b, long c, long d, long e, long f) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result = (long) SYSCALL.invokeExact(state, (long) number, a, b, c, d, e, f);
            return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
        } catch (Throwable bug) {
            throw new IllegalStateException("system call " + number, bug);
        }
    }

    static long memfdCreate(String name, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return call(MEMFD_CREATE, arena.allocateFrom(name).address(), flags, 0, 0, 0, 0);
        }
    }

    static long ftruncate(long file, long size) {
        return call(FTRUNCATE, file, size, 0, 0, 0, 0);
    }

    static long mmap(long address, long size, int protection, int flags, long file) {
        return call(MMAP, address, size, protection, flags, file, 0);
    }

    static long munmap(long address, long size) {
        return call(MUNMAP, address, size, 0, 0, 0, 0);
    }

    static long close(long file) {
        return call(CLOSE, file, 0, 0, 0, 0, 0);
    }

    static long membarrier(int command) {
        return call(MEMBARRIER, command, 0, 0, 0, 0, 0);
    }
}
