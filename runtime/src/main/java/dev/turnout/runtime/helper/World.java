package dev.turnout.runtime.helper;

import dev.turnout.runtime.context.Redirection;
import dev.turnout.runtime.memory.NativeCall;
import dev.turnout.runtime.route.RouteTable;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What programs see of the world around the machine. Called by many threads at once. */
public interface World {
    /** In the kernel's half of the address space. */
    long TASKS = 0xffff_8880_0000_0000L;

    long TASK_BYTES = 0x4000;

    /** Nanoseconds since some moment, never going back. */
    long monotonicNanos();

    /** Whether {@link #monotonicNanos} is the system's {@code CLOCK_MONOTONIC}, so that compiled code may read that itself. */
    default boolean hasSystemClock() {
        return false;
    }

    /** Nanoseconds of international atomic time since 1970; on a host that was not told of leap seconds, of its own time. */
    long atomicNanos();

    /** Random bits. */
    int random();

    /** Thread id in the lower half, process id in the upper. */
    long pidTgid();

    /** User id in the lower half, group id in the upper. */
    long uidGid();

    /** Name of the task; at most 15 bytes of it are seen. */
    String comm();

    /**
     * What programs take for the address of the kernel's record of the task: a number that tells threads apart. There is nothing at
     * the address: it is none of this process, and reading there fails.
     */
    default long task() {
        return TASKS + (pidTgid() & 0xffff_ffffL) * TASK_BYTES;
    }

    /** A line that a program printed, without the line end. */
    void print(String line);

    /** A copy of its packet that a program sent somewhere while it keeps the packet itself. Nothing happens to it by default. */
    default void copied(Redirection to, byte[] packet) {}

    /** What look-ups of routes find. None by default: there is no network behind a machine. */
    default RouteTable routes() {
        return RouteTable.EMPTY;
    }

    /** The world as it is. */
    static World host(Consumer<String> output) {
        return host(output, () -> RouteTable.EMPTY);
    }

    /**
     * The world as it is, but for the network.
     *
     * @param routes what they are now; asked by many threads
     */
    static World host(Consumer<String> output, Supplier<RouteTable> routes) {
        return new World() {
            @Override
            public RouteTable routes() {
                return routes.get();
            }

            private final long process = ProcessHandle.current().pid();
            private final long user = NativeCall.call(NativeCall.library("getuid"), 0, 0, 0, 0, 0, 0) & 0xffff_ffffL;
            private final long group = NativeCall.call(NativeCall.library("getgid"), 0, 0, 0, 0, 0, 0);
            private final MemorySegment thread = NativeCall.library("gettid");

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
            public long atomicNanos() {
                Instant now = Instant.now();
                return now.getEpochSecond() * 1_000_000_000 + now.getNano();
            }

            @Override
            public int random() {
                return ThreadLocalRandom.current().nextInt();
            }

            @Override
            public long pidTgid() {
                return (process << 32) | (NativeCall.call(thread, 0, 0, 0, 0, 0, 0) & 0xffff_ffffL);
            }

            @Override
            public long uidGid() {
                return (group << 32) | user;
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
