package dev.turnout.runtime.image;

import dev.turnout.runtime.context.ControlBlock;
import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.memory.Memory;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The CPUs of the machine: a fixed number of slots. A run leases one for its length and is alone on it, so that what it does to
 * its slot of a per-CPU map needs no atomic instruction. The lowest free slot is leased: a single thread is always on slot 0.
 *
 * <p>Leases also say when something that runs may have used is free of users: a {@link GracePeriod} is over when every lease that
 * was there when it began has ended. Whoever frees something first makes it unreachable, then waits for one. A run that begins
 * later cannot find it, because to lease a slot is an atomic exchange that comes before all that the run reads.
 */
public final class CpuSlots implements AutoCloseable {
    private static final long PAUSE_NANOS = 20_000;

    /** Distance of two slots' words: neighbours, which other processors write, are not in a cache line with ours or the next. */
    private static final int APART = 16;

    /** By slot: how often it was leased and freed. Odd while it is leased. */
    private final AtomicLongArray turns;

    private final AtomicReferenceArray<@Nullable Workspace> workspaces;

    CpuSlots(int count) {
        this.turns = new AtomicLongArray(count * APART);
        this.workspaces = new AtomicReferenceArray<>(count);
    }

    public int count() {
        return workspaces.length();
    }

    /** Waits until some slot is free and leases it. */
    public Lease lease() {
        for (int tries = 0; ; tries++) {
            for (int slot = 0; slot < count(); slot++) {
                if (take(slot)) {
                    return new Lease(slot);
                }
            }
            pause(tries);
        }
    }

    /** Waits until this slot is free and leases it. */
    public Lease lease(int slot) {
        for (int tries = 0; !take(slot); tries++) {
            pause(tries);
        }
        return new Lease(slot);
    }

    private boolean take(int slot) {
        long turn = turns.get(slot * APART);
        return (turn & 1) == 0 && turns.compareAndSet(slot * APART, turn, turn + 1);
    }

    /** A grace period that begins now. */
    public GracePeriod gracePeriod() {
        // The fence belongs to the exchange of a lease: either the run sees what was made unreachable before this, or
        // we see the run.
        VarHandle.fullFence();
        long[] seen = new long[count()];
        for (int slot = 0; slot < seen.length; slot++) {
            seen[slot] = turns.get(slot * APART);
        }
        return new GracePeriod(seen);
    }

    @SuppressWarnings("ThreadPriorityCheck") // Runs are short, and whoever has the slot may wait for our processor.
    private static void pause(int tries) {
        if (tries < 16) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** The memory of a slot; for whoever has leased it. */
    public Workspace workspace(int slot) {
        Workspace known = workspaces.get(slot);
        if (known != null) {
            return known;
        }
        Optional<Workspace> made = Workspace.create();
        if (made.isEmpty()) {
            throw new IllegalStateException("there is no memory below 4 GiB for a workspace");
        }
        Workspace fresh = made.get();
        Memory.storeInt(fresh.control() + ControlBlock.SLOT, slot);
        workspaces.set(slot, fresh);
        return fresh;
    }

    /** Frees the workspaces. */
    @Override
    public void close() {
        for (int slot = 0; slot < count(); slot++) {
            Workspace workspace = workspaces.getAndSet(slot, null);
            if (workspace != null) {
                workspace.close();
            }
        }
    }

    /** A slot that is ours until this is closed. */
    public final class Lease implements AutoCloseable {
        private final int slot;
        private final Workspace workspace;
        private boolean open = true;

        private Lease(int slot) {
            this.slot = slot;
            this.workspace = CpuSlots.this.workspace(slot);
        }

        public int slot() {
            return slot;
        }

        public Workspace workspace() {
            return workspace;
        }

        /** Whether this lease has not ended and is one of these slots. */
        public boolean isOn(CpuSlots slots) {
            return open && slots == CpuSlots.this;
        }

        /** Frees the slot. May be called twice. */
        @Override
        public void close() {
            if (open) {
                open = false;
                // Nobody else writes the word now; release is enough, since what matters is what came before.
                turns.setRelease(slot * APART, turns.getPlain(slot * APART) + 1);
            }
        }
    }

    /** The time from a moment on until all leases of that moment have ended. */
    public final class GracePeriod {
        private final long[] seen;

        private GracePeriod(long[] seen) {
            this.seen = seen;
        }

        /** Whether every lease that was there at its beginning has ended. */
        public boolean isOver() {
            for (int slot = 0; slot < seen.length; slot++) {
                if ((seen[slot] & 1) != 0 && turns.getAcquire(slot * APART) == seen[slot]) {
                    return false;
                }
            }
            return true;
        }
    }
}
