package dev.turnout.runtime.memory;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Calls of native functions that take at most six words and give one. There is one handle for all of them: the JVM spends some
 * 10 ms on each shape of call that a process binds, and a short command waits for it. What a function does not take is passed
 * all the same: in registers that it does not look at. Bound when first used; for any thread.
 */
public final class NativeCall {
    private static final Linker LINKER = Linker.nativeLinker();

    @SuppressWarnings("restricted") // There is no other way out of the JVM.
    private static final MethodHandle CALL = LINKER.downcallHandle(FunctionDescriptor.of(
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG));

    private NativeCall() {}

    /** A function of the C library; a bug if it has none of this name. */
    public static MemorySegment library(String name) {
        return LINKER.defaultLookup().findOrThrow(name);
    }

    /**
     * Calls a function that takes whole numbers or addresses and gives back one, of 64 bits; of a narrower result the upper half
     * is anything.
     */
    public static long call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) CALL.invokeExact(function, a, b, c, d, e, f);
        } catch (Throwable bug) {
            throw new IllegalStateException("a native call", bug);
        }
    }
}
