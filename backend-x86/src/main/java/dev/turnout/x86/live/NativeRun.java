package dev.turnout.x86.live;

import dev.turnout.runtime.context.ControlBlock;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.memory.Memory;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Objects;

/** Calls of images from Java. */
@SuppressWarnings("restricted") // The addresses are our own code.
public final class NativeRun {
    private NativeRun() {}

    private static MethodHandle link(GateCode.Door door, int arguments, Linker.Option... options) {
        ValueLayout[] longs = new ValueLayout[arguments];
        Arrays.fill(longs, ValueLayout.JAVA_LONG);
        return Linker.nativeLinker()
                .downcallHandle(
                        MemorySegment.ofAddress(Gates.present().address(door)),
                        FunctionDescriptor.of(ValueLayout.JAVA_LONG, longs),
                        options);
    }

    /** A handle costs ten milliseconds to link: each when it is first used. They are constants, so that the JVM compiles a call into a call. */
    private static final class Run {
        static final MethodHandle HANDLE = link(GateCode.Door.RUN, 2);
    }

    private static final class QuickRun {
        static final MethodHandle HANDLE = link(GateCode.Door.RUN, 2, Linker.Option.critical(false));
    }

    private static final class Loop {
        static final MethodHandle HANDLE = link(GateCode.Door.LOOP, 5);
    }

    /** Links {@link #loop}, so that who takes the time of a run takes none of that. */
    public static void prepareLoop() {
        Objects.requireNonNull(Loop.HANDLE);
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
            return end(machine, slot, control, (long) Run.HANDLE.invokeExact(entry, control));
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
            return (long) QuickRun.HANDLE.invokeExact(entry, control);
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
            return end(machine, slot, control, (long) Loop.HANDLE.invokeExact(entry, control, inputs, end, repeat));
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
