package dev.turnout.linux.syscall;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * Keeps the calling thread on the first CPU that it may use, until closed. A test run happens on the CPU of the thread that
 * asks for it: whoever reads a per-CPU value afterwards wants to know which. To be closed by the thread that made it.
 */
public final class CpuAffinity implements AutoCloseable {
    private static final int MASK_BYTES = 128;

    @SuppressWarnings("restricted") // The kernel has no other door.
    private static final MethodHandle GET = handle("sched_getaffinity");

    @SuppressWarnings("restricted") // As above.
    private static final MethodHandle SET = handle("sched_setaffinity");

    private final byte[] before;
    private final int cpu;

    private CpuAffinity(byte[] before, int cpu) {
        this.before = before;
        this.cpu = cpu;
    }

    /** Pins the calling thread. Where that is not allowed it stays as it is, and {@link #cpu} is a guess. */
    public static CpuAffinity first() {
        byte[] before = mask(GET, new byte[MASK_BYTES]);
        for (int cpu = 0; cpu < MASK_BYTES * 8; cpu++) {
            if ((before[cpu / 8] & 1 << cpu % 8) != 0) {
                byte[] one = new byte[MASK_BYTES];
                one[cpu / 8] = (byte) (1 << cpu % 8);
                mask(SET, one);
                return new CpuAffinity(before, cpu);
            }
        }
        return new CpuAffinity(before, 0);
    }

    /** The CPU, from 0. */
    public int cpu() {
        return cpu;
    }

    @Override
    public void close() {
        mask(SET, before);
    }

    @SuppressWarnings("restricted") // As above.
    private static MethodHandle handle(String name) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
    }

    /** Calls with a mask and gives what it then holds; thread 0 is the caller. */
    private static byte[] mask(MethodHandle call, byte[] mask) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(MASK_BYTES, 8);
            MemorySegment.copy(mask, 0, bytes, ValueLayout.JAVA_BYTE, 0, MASK_BYTES);
            int result = (int) call.invokeExact(0, (long) MASK_BYTES, bytes);
            return result < 0 ? Arrays.copyOf(mask, MASK_BYTES) : bytes.toArray(ValueLayout.JAVA_BYTE);
        } catch (Throwable bug) {
            throw new IllegalStateException("sched_setaffinity(2)", bug);
        }
    }
}
