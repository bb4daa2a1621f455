package dev.turnout.x86.memory;

import dev.turnout.runtime.memory.Memory;
import dev.turnout.runtime.memory.NativeCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Calls of Linux that code memory is made with, bound when first used. They return a result, or a negated error number. */
final class SystemCalls {
    private static final MemorySegment SYSCALL = NativeCall.library("syscall");
    /** The one that takes more words than {@code syscall} leaves. */
    private static final MemorySegment MAP = NativeCall.library("mmap");

    private static final MemorySegment ERRNO = NativeCall.library("__errno_location");

    private static final int CLOSE = 3;
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

    private static long call(int number, long a, long b, long c, long d, long e) {
        return answer(NativeCall.call(SYSCALL, number, a, b, c, d, e));
    }

    private static long answer(long result) {
        // The number is for a message: should the JVM have made a call of its own in between, the message names that
        // one's.
        return result == -1 ? -Memory.loadInt(NativeCall.call(ERRNO, 0, 0, 0, 0, 0, 0)) : result;
    }

    static long memfdCreate(String name, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return call(MEMFD_CREATE, arena.allocateFrom(name).address(), flags, 0, 0, 0);
        }
    }

    static long ftruncate(long file, long size) {
        return call(FTRUNCATE, file, size, 0, 0, 0);
    }

    static long mmap(long address, long size, int protection, int flags, long file) {
        return answer(NativeCall.call(MAP, address, size, protection, flags, file, 0));
    }

    static long munmap(long address, long size) {
        return call(MUNMAP, address, size, 0, 0, 0);
    }

    static long close(long file) {
        return call(CLOSE, file, 0, 0, 0, 0);
    }

    static long membarrier(int command) {
        return call(MEMBARRIER, command, 0, 0, 0, 0);
    }
}
