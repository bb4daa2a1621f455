package dev.turnout.x86.memory;

/**
 * Makes all threads of this process execute a serialising instruction: afterwards none of them runs instructions that it fetched
 * before. Linux does it with {@code membarrier}, for which a process registers once (Linux 4.16 on).
 */
public final class Serialisation {
    private static final int PRIVATE_EXPEDITED_SYNC_CORE = 32;
    private static final int REGISTER = 64;

    private Serialisation() {}

    /** Whether this system can do it. */
    public static boolean isAvailable() {
        return Registration.DONE;
    }

    /**
     * Returns when every thread that was running has serialised; those that were not do so before they run again. Takes about a
     * microsecond, and an interrupt on each other processor that runs a thread of this process.
     *
     * @throws IllegalStateException if it is not available
     */
    public static void allThreads() {
        long result = Registration.DONE ? SystemCalls.membarrier(PRIVATE_EXPEDITED_SYNC_CORE) : -1;
        if (result != 0) {
            throw new IllegalStateException("membarrier: " + result);
        }
    }

    /** Happens once, when first asked for. */
    private static final class Registration {
        static final boolean DONE = SystemCalls.membarrier(REGISTER) == 0;
    }
}
