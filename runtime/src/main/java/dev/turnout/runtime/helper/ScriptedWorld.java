package dev.turnout.runtime.helper;

import dev.turnout.runtime.route.RouteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A world that does what it is told: the clock stands still until it is set, or moves as it is looked at; random numbers and who runs
 * follow from a seed; lines are kept.
 */
public final class ScriptedWorld implements World {
    private static final long PID = 1000;

    private final long seed;
    private final long tick;
    private final AtomicLong random;
    private final AtomicLong now = new AtomicLong();
    private final List<String> lines = new ArrayList<>();
    private volatile RouteTable routes = RouteTable.EMPTY;

    /**
     * @param seed of random numbers, and of the process: with 0 it is number 1000 and called {@code test}
     * @param tick nanoseconds by which each look at the clock moves it
     */
    public ScriptedWorld(long seed, long tick) {
        this.seed = seed;
        this.tick = tick;
        this.random = new AtomicLong(seed);
    }

    public ScriptedWorld(long seed) {
        this(seed, 0);
    }

    /** Clock 0, seed 0, nothing printed. */
    public ScriptedWorld() {
        this(0);
    }

    /** Sets the clock, in nanoseconds. */
    public void clock(long nanos) {
        now.set(nanos);
    }

    /** Sets what look-ups of routes find. */
    public void routes(RouteTable table) {
        routes = table;
    }

    @Override
    public RouteTable routes() {
        return routes;
    }

    /** What was printed so far, a line each. */
    public List<String> output() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    @Override
    public long monotonicNanos() {
        return now.getAndAdd(tick);
    }

    @Override
    public long atomicNanos() {
        return now.getAndAdd(tick);
    }

    /** SplitMix64, of which the upper half. */
    @Override
    public int random() {
        long z = random.addAndGet(0x9e37_79b9_7f4a_7c15L);
        z = (z ^ (z >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
        return (int) ((z ^ (z >>> 31)) >>> 32);
    }

    /** Process 1000, or another one, with one thread. */
    @Override
    public long pidTgid() {
        long pid = PID + (seed & 0xffff);
        return (pid << 32) | pid;
    }

    @Override
    public long uidGid() {
        return 0;
    }

    @Override
    public String comm() {
        return seed == 0 ? "test" : "test" + seed;
    }

    @Override
    public void print(String line) {
        synchronized (lines) {
            lines.add(line);
        }
    }
}
