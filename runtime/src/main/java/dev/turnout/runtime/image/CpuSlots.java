package dev.turnout.runtime.image;

import dev.turnout.runtime.context.Workspace;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The CPUs of the machine: a fixed number of slots. A run leases one for its length and is alone on it, so that what it does to
 * its slot of a per-CPU map needs no atomic instruction. The lowest free slot is leased: a single thread is always on slot 0.
 */
public final class CpuSlots implements AutoCloseable {
    private static final long PAUSE_NANOS = 20_000;

    private final AtomicIntegerArray busy;
    private final AtomicReferenceArray<@Nullable Workspace> workspaces;

    CpuSlots(int count) {
        this.busy = new AtomicIntegerArray(count);
        this.workspaces = new AtomicReferenceArray<>(count);
    }

    public int count() {
        return busy.length();
    }

    /** Waits until some slot is free and leases it. */
    public Lease lease() {
        for (int tries = 0; ; tries++) {
            for (int slot = 0; slot < busy.length(); slot++) {
                if (busy.compareAndSet(slot, 0, 1)) {
                    return new Lease(slot);
                }
            }
            pause(tries);
        }
    }

    /** Waits until this slot is free and leases it. */
    public Lease lease(int slot) {
        for (int tries = 0; !busy.compareAndSet(slot, 0, 1); tries++) {
            pause(tries);
        }
        return new Lease(slot);
    }

    @SuppressWarnings("ThreadPriorityCheck") // Runs are short, and whoever has the slot may wait for our processor.
    private static void pause(int tries) {
        if (tries < 16) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private Workspace workspace(int slot) {
        Workspace known = workspaces.get(slot);
        if (known != null) {
            return known;
        }
        Optional<Workspace> made = Workspace.create();
        if (made.isEmpty()) {
            throw new IllegalStateException("there is no memory below 4 GiB for a workspace");
        }
        workspaces.set(slot, made.get());
        return made.get();
    }

    /** Frees the workspaces. */
    @Override
    public void close() {
        for (int slot = 0; slot < busy.length(); slot++) {
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

        @Override
        public void close() {
            busy.set(slot, 0);
        }
    }
}
