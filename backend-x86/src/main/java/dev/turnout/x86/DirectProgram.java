package dev.turnout.x86;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.runtime.context.InputDescriptor;
import dev.turnout.runtime.context.PreparedInputs;
import dev.turnout.runtime.engine.Outcome;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.image.Machine;
import dev.turnout.x86.asm.BranchCell;
import dev.turnout.x86.live.LiveImage;
import dev.turnout.x86.live.LiveMachine;
import dev.turnout.x86.live.NativeRun;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicBoolean;

/** A program whose image runs. May be closed while other threads run it: they finish, later runs are refused. */
final class DirectProgram implements RunnableProgram {
    private final BpfProgram program;
    private final Machine machine;
    private final LiveMachine live;
    private final LiveImage image;
    private final long entry;
    private final boolean quick;
    private final AtomicBoolean closed = new AtomicBoolean();

    DirectProgram(BpfProgram program, Machine machine, LiveMachine live, LiveImage image) {
        this.program = program;
        this.machine = machine;
        this.live = live;
        this.image = image;
        this.entry = image.entry();
        this.quick = QuickPrograms.isQuick(program, image.code());
    }

    @Override
    public BpfProgram program() {
        return program;
    }

    @Override
    public Machine machine() {
        return machine;
    }

    /** As the code says that is executed, where it has nops at all: others only have ways that lead on. */
    @Override
    public BitSet nops() {
        boolean patched = image.code().sites().stream().anyMatch(site -> site.form() == BranchCell.NOP_OR_JUMP);
        return patched ? image.nops() : RunnableProgram.super.nops();
    }

    /** The code, and where it is. */
    LiveImage image() {
        return image;
    }

    /**
     * The lease comes first, then the question whether the program is closed; closing asks in the other order who has a lease. So
     * one of both sees the other.
     */
    private void check(CpuSlots.Lease slot) {
        if (!slot.isOn(machine.slots())) {
            throw new IllegalArgumentException("the slot is not leased, or belongs to another machine");
        }
        if (closed.get()) {
            throw new IllegalStateException("program `" + program.name() + "` is closed");
        }
    }

    @Override
    public Outcome run(CpuSlots.Lease slot, long repeat, long fuel) {
        long input = slot.workspace().input().address();
        return loop(slot, input, input + InputDescriptor.SIZE, 1, repeat);
    }

    @Override
    public Outcome run(CpuSlots.Lease slot, PreparedInputs inputs, long repeat, long fuel) {
        if (inputs.count() == 0) {
            return new Outcome(0, 0, 0, 0);
        }
        long end = inputs.address() + (long) inputs.count() * InputDescriptor.SIZE;
        return loop(slot, inputs.address(), end, inputs.count(), repeat);
    }

    private Outcome loop(CpuSlots.Lease slot, long inputs, long end, long count, long repeat) {
        if (repeat < 1) {
            throw new IllegalArgumentException("to run " + repeat + " times");
        }
        check(slot);
        NativeRun.prepareLoop();
        long start = System.nanoTime();
        long result = NativeRun.loop(live, entry, slot, inputs, end, repeat);
        return new Outcome(result, count * repeat, 0, System.nanoTime() - start);
    }

    @Override
    public long once(CpuSlots.Lease slot) {
        check(slot);
        return quick ? NativeRun.onceQuick(live, entry, slot) : NativeRun.once(live, entry, slot);
    }

    @Override
    public long nativeEntry() {
        return entry;
    }

    @Override
    public boolean retain() {
        return image.retain();
    }

    @Override
    public void release() {
        image.release();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            image.release();
        }
    }

    @Override
    public String toString() {
        return program.name();
    }
}
