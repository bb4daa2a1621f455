package dev.turnout.runtime.helper;

import dev.turnout.runtime.route.RouteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A world that does what it is told: the clock stands still until it is set, random numbers follow from a seed, lines are kept. */
public final class ScriptedWorld implements World {
    private static final long PID = 1000;

    private final AtomicLong random;
    private final List<String> lines = new ArrayList<>();
    private volatile long now;
    private volatile RouteTable routes = RouteTable.EMPTY;

    public ScriptedWorld(long seed) {
        this.random = new AtomicLong(seed);
    }

    /** Clock 0, seed 0, nothing printed. */
    public ScriptedWorld() {
        this(0);
    }

    /** Sets the clock, in nanoseconds. */
    public void clock(long nanos) {
        now = nanos;
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
        return now;
    }

    @Override
    public long atomicNanos() {
        return now;
    }

    /** SplitMix64, of which the upper half. */
    @Override
    public int random() {
        long z = random.addAndGet(0x9e37_79b9_7f4a_7c15L);
        z = (z ^ (z >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
        return (int) ((z ^ (z >>> 31)) >>> 32);
    }

    /** Process 1000 with one thread. */
    @Override
    public long pidTgid() {
        return (PID << 32) | PID;
    }

    @Override
    public long uidGid() {
        return 0;
    }

    @Override
    public String comm() {
        return "test";
    }

    @Override
    public void print(String line) {
        synchronized (lines) {
            lines.add(line);
        }
    }
}
