package dev.turnout.x86.live;

import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.helper.CallSite;
import dev.turnout.runtime.helper.World;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.image.OwnedMemory;
import dev.turnout.runtime.map.BpfMap;
import org.jspecify.annotations.Nullable;

/** What helpers see of the run on a slot. The program was proven, so what it hands to helpers is not checked again. */
final class SlotCalls implements CallSite {
    private final Machine machine;
    private final int slot;
    private @Nullable Throwable fault;

    SlotCalls(Machine machine, int slot) {
        this.machine = machine;
        this.slot = slot;
    }

    /** Remembers why the run on this slot ends. */
    void keep(Throwable reason) {
        fault = reason;
    }

    /** Why the last run ended, which is forgotten. */
    Throwable takeFault() {
        Throwable reason = fault;
        fault = null;
        return reason == null ? new IllegalStateException("a run ended without a reason") : reason;
    }

    @Override
    public World world() {
        return machine.world();
    }

    @Override
    public Workspace workspace() {
        return machine.slots().workspace(slot);
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public BpfMap map(long pointer) {
        return machine.mapAt(pointer);
    }

    @Override
    public void reads(long address, long bytes) {}

    @Override
    public void writes(long address, long bytes) {}

    @Override
    public boolean owns(long address, long bytes) {
        return OwnedMemory.holds(machine, workspace(), address, bytes);
    }
}
