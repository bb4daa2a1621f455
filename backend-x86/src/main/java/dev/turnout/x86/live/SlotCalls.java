package dev.turnout.x86.live;

import dev.turnout.runtime.context.ControlBlock;
import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.helper.CallSite;
import dev.turnout.runtime.helper.CallbackCalls;
import dev.turnout.runtime.helper.Turns;
import dev.turnout.runtime.helper.World;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.image.OwnedMemory;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What helpers see of the run on a slot. The program was proven, so what it hands to helpers is not checked again. */
final class SlotCalls implements CallSite {
    private final Machine machine;
    private final int slot;
    /** Calls that call back, the innermost last. A run that faulted leaves its own here. */
    private final List<Turns> turns = new ArrayList<>();

    private final long[] arguments = new long[Turns.ARGUMENTS];
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
        turns.clear();
        return reason == null ? new IllegalStateException("a run ended without a reason") : reason;
    }

    /** Begins a call that calls back; its number. */
    long begin(HelperFunction helper, long a, long c, long d) {
        turns.add(CallbackCalls.begin(helper, this, turns.size(), a, c, d));
        return turns.size() - 1L;
    }

    /**
     * Writes what the next turn is called with into the control block; if there is none, what the helper returns.
     *
     * @return 1 if there is a turn, else 0
     */
    long next(int number, long previous, long control) {
        Turns one = turns.get(number);
        if (!one.next(previous, arguments)) {
            Memory.storeLong(control + ControlBlock.TURN, one.result());
            turns.removeLast();
            return 0;
        }
        for (int i = 0; i < arguments.length; i++) {
            Memory.storeLong(control + ControlBlock.TURN + 8L * i, arguments[i]);
        }
        return 1;
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
