package dev.turnout.x86.live;

import dev.turnout.runtime.context.ControlBlock;
import dev.turnout.runtime.helper.HelperCalls;
import dev.turnout.runtime.helper.KernelCalls;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.helper.HelperFunction;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The way from native code to helpers in Java: one C function for all machines and programs. */
@SuppressWarnings("restricted") // Machine code is given its address.
final class Upcall {
    private static final HelperFunction[] BY_ID = byId();

    private Upcall() {}

    /** Address of the C function: six longs, r1 to r5 and the control block; r0. It never throws. */
    static long address() {
        MethodType type = MethodType.methodType(
                long.class, long.class, long.class, long.class, long.class, long.class, long.class);
        try {
            MethodHandle call = MethodHandles.lookup().findStatic(Upcall.class, "call", type);
            return Linker.nativeLinker()
                    .upcallStub(
                            call,
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG),
                            Arena.global())
                    .address();
        } catch (ReflectiveOperationException bug) {
            throw new IllegalStateException("the way to helpers is gone", bug);
        }
    }

    /** Address of {@code clock_gettime}. */
    static long clock() {
        return Linker.nativeLinker()
                .defaultLookup()
                .findOrThrow("clock_gettime")
                .address();
    }

    private static HelperFunction[] byId() {
        int most = 0;
        for (HelperFunction helper : HelperFunction.values()) {
            most = Math.max(most, helper.id());
        }
        HelperFunction[] rows = new HelperFunction[most + 1];
        for (int id = 0; id <= most; id++) {
            Optional<HelperFunction> row = HelperFunction.ofId(id);
            rows[id] = row.orElse(HelperFunction.MAP_LOOKUP_ELEM);
        }
        return rows;
    }

    /** What machine code calls. An exception must not leave it: native frames lie below, and the JVM would end the process. */
    static long call(long a, long b, long c, long d, long e, long control) {
        @Nullable SlotCalls site = null;
        try {
            site = LiveMachine.numbered(Memory.loadInt(control + ControlBlock.OWNER))
                    .calls(Memory.loadInt(control + ControlBlock.SLOT));
            int number = Memory.loadInt(control + ControlBlock.HELPER);
            if (number == ControlBlock.NEXT_TURN) {
                return site.next((int) a, b, control);
            }
            if (number >= ControlBlock.BEGIN_TURNS) {
                return site.begin(BY_ID[number - ControlBlock.BEGIN_TURNS], a, c, d);
            }
            return number >= ControlBlock.KERNEL
                    ? KernelCalls.call(number - ControlBlock.KERNEL, site, a, b, c, d, e)
                    : HelperCalls.call(BY_ID[number], site, a, b, c, d, e);
        } catch (Throwable fault) {
            if (site != null) {
                site.keep(fault);
            }
            Memory.storeInt(control + ControlBlock.FAULT, 1);
            return 0;
        }
    }
}
