package dev.turnout.runtime.helper;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** What programs see of the world around the machine. Called by many threads at once. */
public interface World {
    /** Nanoseconds since some moment, never going back. */
    long monotonicNanos();

    /** Whether {@link #monotonicNanos} is the system's {@code CLOCK_MONOTONIC}, so that compiled code may read that itself. */
    default boolean hasSystemClock() {
        return false;
    }

    /** Random bits. */
    int random();

    /** Thread id in the lower half, process id in the upper. */
    long pidTgid();

    /** User id in the lower half, group id in the upper. */
    long uidGid();

    /** Name of the task; at most 15 bytes of it are seen. */
    String comm();

    /** A line that a program printed, without the line end. */
    void print(String line);

    /** The world as it is. */
    static World host(Consumer<String> output) {
        return new World() {
            private final long pid = ProcessHandle.current().pid();

            @Override
            public long monotonicNanos() {
                return System.nanoTime();
            }

            // What System.nanoTime is on Linux.
            @Override
            public boolean hasSystemClock() {
                return System.getProperty("os.name").equals("Linux");
            }

            @Override
            public int random() {
                return ThreadLocalRandom.current().nextInt();
            }

            @Override
            public long pidTgid() {
                return (pid << 32) | pid;
            }

            @Override
            public long uidGid() {
                return 0;
            }

            @Override
            public String comm() {
                return "turnout";
            }

            @Override
            public void print(String line) {
                output.accept(line);
            }
        };
    }
}
