package dev.turnout.api;

import dev.turnout.runtime.engine.RunFault;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.image.CpuSlots;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A program on a slot that is leased until this is closed: the fast way of running. Belongs to the thread that opened it; every
 * use by another one is a {@link WrongThreadException}. A run in native code allocates nothing on the Java heap.
 *
 * {@snippet :
 * try (Runner runner = program.runner()) {
 *     for (MemorySegment packet : packets) {
 *         long verdict = runner.run(packet);
 *     }
 * }
 * }
 */
public final class Runner implements AutoCloseable {
    /** Where it stands. Nothing may run on a slot on which something runs: a program may print, and who reads that may call. */
    private enum State {
        UNFED,
        READY,
        RUNNING,
        CLOSED
    }

    private final Program program;
    private final RunnableProgram runnable;
    private final Lifetime lifetime;
    private final CpuSlots.Lease slot;
    private final Feeder feeder;
    private final Arena views = Arena.ofConfined();
    private final Thread owner = Thread.currentThread();
    private State state = State.UNFED;

    Runner(Program program, RunnableProgram runnable, Lifetime lifetime) {
        this.program = program;
        this.runnable = runnable;
        this.lifetime = lifetime;
        this.slot = runnable.machine().slots().lease();
        this.feeder = new Feeder(runnable, slot);
    }

    public Program program() {
        return program;
    }

    /**
     * Copies a packet, a context or a memory to where the program sees it. Once fed, it can be run on again and again.
     *
     * @param input is not changed; native or on the heap
     * @throws IllegalArgumentException if the program cannot be fed it, as with {@link Program#run}
     */
    public void feed(MemorySegment input) {
        demandIdle();
        state = State.UNFED;
        feeder.feed(input);
        state = State.READY;
    }

    /**
     * Runs once, on what was fed last, as the last run left it.
     *
     * @return r0
     * @throws IllegalStateException if nothing was fed yet
     * @throws RunException if the run was stopped
     */
    public long run() {
        if (state != State.READY || foreign()) {
            throw notReady();
        }
        state = State.RUNNING;
        try {
            return runnable.once(slot);
        } catch (RunFault fault) {
            throw new RunException(fault);
        } finally {
            state = State.READY;
        }
    }

    /** Feeds and runs. */
    public long run(MemorySegment input) {
        feed(input);
        return run();
    }

    /**
     * The packet, or the memory, as the last run left it: the slot's own bytes, not a copy. They change with the next run or
     * feeding, and may be used until the runner is closed.
     */
    public MemorySegment output() {
        demandIdle();
        return NativeView.of(feeder.outputAddress(), feeder.outputSize(), views).asReadOnly();
    }

    @SuppressWarnings("ReferenceEquality") // A thread is equal to itself only.
    private boolean foreign() {
        return Thread.currentThread() != owner;
    }

    private void demandIdle() {
        if (foreign() || state == State.RUNNING || state == State.CLOSED) {
            throw notReady();
        }
    }

    private RuntimeException notReady() {
        if (foreign()) {
            return new WrongThreadException("the runner belongs to " + owner);
        }
        return new IllegalStateException(
                switch (state) {
                    case UNFED -> "the runner was fed nothing yet";
                    case READY -> throw new AssertionError("a runner that is ready");
                    case RUNNING -> "the runner is in a run";
                    case CLOSED -> "the runner is closed";
                });
    }

    /**
     * Gives the slot back. Closing twice does nothing.
     *
     * @throws IllegalStateException from within a run
     */
    @Override
    public void close() {
        if (state == State.CLOSED && !foreign()) {
            return;
        }
        demandIdle();
        views.close();
        state = State.CLOSED;
        slot.close();
        lifetime.closeRunner();
    }
}
