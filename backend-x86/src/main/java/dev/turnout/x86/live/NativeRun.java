package dev.turnout.x86.live;

import dev.turnout.runtime.context.ControlBlock;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.runtime.memory.NativeCall;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Objects;

/** Calls of images from Java. */
@SuppressWarnings("restricted") // The addresses are our own code.
public final class NativeRun {
    private static final MemorySegment RUN = door(GateCode.Door.RUN);
    private static final MemorySegment LOOP = door(GateCode.Door.LOOP);

    private NativeRun() {}

    private static MemorySegment door(GateCode.Door door) {
        return MemorySegment.ofAddress(Gates.present().address(door));
    }

    /** Has {@link #loop} ready, so that who takes the time of a run takes none of that. */
    public static void prepareLoop() {
        Objects.requireNonNull(LOOP);
    }

    /** A shape of call of its own, bound when a short program is run by itself: one-shot commands never do that. */
    private static final class Quick {
        private static final MethodHandle RUN = Linker.nativeLinker()
                .downcallHandle(
                        NativeRun.RUN,
                        FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
                        Linker.Option.critical(false));
    }

    /**
     * Runs once on the slot's present input.
     *
     * @param entry of an image of this machine that nobody frees meanwhile
     * @return r0
     */
    public static long once(LiveMachine machine, long entry, CpuSlots.Lease slot) {
        long control = begin(machine, slot);
        try {
            return end(machine, slot, control, NativeCall.call(RUN, entry, control, 0, 0, 0, 0));
        } catch (Throwable fault) {
            throw thrown(fault);
        }
    }

    /**
     * The same without telling the JVM that the thread leaves Java, which costs more than a short program. The JVM cannot stop
     * such a thread, for collecting garbage or for ending: only for code that calls nothing and ends soon, whatever its input.
     */
    public static long onceQuick(LiveMachine machine, long entry, CpuSlots.Lease slot) {
        long control = begin(machine, slot);
        try {
            return (long) Quick.RUN.invokeExact(entry, control);
        } catch (Throwable fault) {
            throw thrown(fault);
        }
    }

    /**
     * Runs on inputs that lie side by side.
     *
     * @param inputs address of the first descriptor
     * @param end behind the last one; there is at least one
     * @param repeat at least 1
     * @return the last r0
     */
    public static long loop(LiveMachine machine, long entry, CpuSlots.Lease slot, long inputs, long end, long repeat) {
        long control = begin(machine, slot);
        try {
            return end(machine, slot, control, NativeCall.call(LOOP, entry, control, inputs, end, repeat, 0));
        } catch (Throwable fault) {
            throw thrown(fault);
        }
    }

    private static long begin(LiveMachine machine, CpuSlots.Lease slot) {
        long control = slot.workspace().control();
        Memory.storeInt(control + ControlBlock.OWNER, machine.number());
        return control;
    }

    private static long end(LiveMachine machine, CpuSlots.Lease slot, long control, long result) throws Throwable {
        if (Memory.loadInt(control + ControlBlock.FAULT) != 0) {
            Memory.storeInt(control + ControlBlock.FAULT, 0);
            throw machine.calls(slot.slot()).takeFault();
        }
        return result;
    }

    /** Helpers declare no checked exceptions, so none comes out of a run. */
    private static RuntimeException thrown(Throwable fault) {
        return switch (fault) {
            case RuntimeException unchecked -> unchecked;
            case Error error -> throw error;
            default -> new IllegalStateException("a helper failed", fault);
        };
    }
}
