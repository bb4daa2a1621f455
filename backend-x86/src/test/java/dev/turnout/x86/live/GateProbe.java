package dev.turnout.x86.live;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.context.ControlBlock;
import dev.turnout.runtime.context.InputDescriptor;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.x86.asm.Assembler;
import dev.turnout.x86.asm.Label;
import dev.turnout.x86.asm.Mem;
import dev.turnout.x86.isa.Arith;
import dev.turnout.x86.isa.Bare;
import dev.turnout.x86.isa.Condition;
import dev.turnout.x86.isa.Gpr;
import dev.turnout.x86.isa.OperandSize;
import dev.turnout.x86.memory.CodeBlock;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Goes through the gates as a C function does that has all the registers it may keep in use, and looks at them afterwards. */
@SuppressWarnings("restricted") // The code was written here.
public final class GateProbe {
    private static final Gpr[] KEPT = {Gpr.RBX, Gpr.RBP, Gpr.R12, Gpr.R13, Gpr.R14, Gpr.R15};
    private static final int MARK = 0x1357_9bd0;

    private static final Gates GATES = Gates.ofProcess(new Diagnostics()).orElseThrow();

    private GateProbe() {}

    private static long place(Assembler asm) {
        byte[] code = asm.finish().bytes();
        CodeBlock block = GATES.memory().allocate(code.length).orElseThrow();
        GATES.memory().write(block, code);
        return block.address();
    }

    /** Not a program: leaves junk in every register that programs may use. */
    public static long vandal() {
        Assembler asm = new Assembler();
        for (Gpr register : Gpr.values()) {
            if (register != Gpr.RSP && register != Gpr.R12) {
                asm.movImm(register, 0xbad);
            }
        }
        asm.bare(Bare.RET);
        return place(asm);
    }

    /** long probe(gate, entry, control, inputs, end, repeat): a bit for each register that is not what it was; 64: the stack. */
    private static long probe() {
        Assembler asm = new Assembler();
        for (Gpr register : KEPT) {
            asm.push(register);
        }
        asm.push(MARK);
        asm.mov(OperandSize.QWORD, Gpr.RAX, Gpr.RDI);
        Gpr[] arguments = {Gpr.RDI, Gpr.RSI, Gpr.RDX, Gpr.RCX, Gpr.R8, Gpr.R9};
        for (int i = 0; i + 1 < arguments.length; i++) {
            asm.mov(OperandSize.QWORD, arguments[i], arguments[i + 1]);
        }
        for (int i = 0; i < KEPT.length; i++) {
            asm.movImm(KEPT[i], MARK + i);
        }
        asm.call(Gpr.RAX);
        asm.movImm(Gpr.RAX, 0);
        for (int i = 0; i < KEPT.length; i++) {
            Label right = new Label();
            asm.arith(Arith.CMP, OperandSize.QWORD, KEPT[i], MARK + i);
            asm.jump(Condition.E, right);
            asm.arith(Arith.OR, OperandSize.QWORD, Gpr.RAX, 1 << i);
            asm.place(right);
        }
        Label right = new Label();
        asm.arith(Arith.CMP, OperandSize.QWORD, Mem.of(Gpr.RSP), MARK);
        asm.jump(Condition.E, right);
        asm.arith(Arith.OR, OperandSize.QWORD, Gpr.RAX, 1 << KEPT.length);
        asm.place(right);
        asm.pop(Gpr.RCX);
        for (int i = KEPT.length - 1; i >= 0; i--) {
            asm.pop(KEPT[i]);
        }
        asm.bare(Bare.RET);
        return place(asm);
    }

    /**
     * Enters code through the gate for one run.
     *
     * @return 0 if all registers and the stack were as they must be
     */
    public static long once(long entry, CpuSlots.Lease slot) throws Throwable {
        return through(GateCode.Door.RUN, entry, slot, 0, 0, 0);
    }

    /** The same through the loop, {@code repeat} times on the present input. */
    public static long loop(long entry, CpuSlots.Lease slot, long repeat) throws Throwable {
        long input = slot.workspace().input().address();
        return through(GateCode.Door.LOOP, entry, slot, input, input + InputDescriptor.SIZE, repeat);
    }

    private static long through(GateCode.Door door, long entry, CpuSlots.Lease slot, long from, long to, long repeat)
            throws Throwable {
        MethodHandle probe = Linker.nativeLinker()
                .downcallHandle(
                        MemorySegment.ofAddress(probe()),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG));
        long control = slot.workspace().control();
        return (long) probe.invokeExact(GATES.address(door), entry, control, from, to, repeat);
    }

    /** Whether a run on the slot ended by a fault, which is forgotten. */
    public static boolean faulted(CpuSlots.Lease slot) {
        long fault = slot.workspace().control() + ControlBlock.FAULT;
        boolean was = Memory.loadInt(fault) != 0;
        Memory.storeInt(fault, 0);
        return was;
    }
}
