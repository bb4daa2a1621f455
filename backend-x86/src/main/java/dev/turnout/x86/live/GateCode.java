package dev.turnout.x86.live;

import dev.turnout.runtime.context.ControlBlock;
import dev.turnout.runtime.context.InputDescriptor;
import dev.turnout.runtime.context.Workspace;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.x86.asm.AssembledCode;
import dev.turnout.x86.asm.Assembler;
import dev.turnout.x86.asm.Label;
import dev.turnout.x86.asm.Mem;
import dev.turnout.x86.isa.Arith;
import dev.turnout.x86.isa.Bare;
import dev.turnout.x86.isa.Condition;
import dev.turnout.x86.isa.Gpr;
import dev.turnout.x86.isa.OperandSize;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * The machine code between Java and programs. Into programs: {@link Door#RUN} and {@link Door#LOOP}, called by Java as C functions.
 * Out of them: {@link Door#HELPER}, which calls Java. Both ways in save the same registers in the same order, so that the way back is
 * the same, which a fault takes too: it drops the program's frames by going back to the stack pointer that the way in wrote down.
 */
final class GateCode {
    /** Where this code is entered. */
    enum Door {
        /** {@code long run(entry, control)}: runs once on the present input; r0. */
        RUN,
        /**
         * {@code long loop(entry, control, inputs, end, repeat)}: runs on each input of those from {@code inputs} up to {@code end},
         * {@code repeat} times; each gets its last r0; the last r0. There is at least one input and one repetition.
         */
        LOOP,
        /** As {@code Stub.HELPER} demands. */
        HELPER,
        /** The same, with the clock read here. */
        HELPER_WITH_CLOCK,
        /** {@code void cpuid(leaf, subleaf, int[4])}: eax, ebx, ecx, edx. */
        CPUID
    }

    private static final Gpr CONTROL = Gpr.R12;
    private static final Gpr[] SAVED = {Gpr.RBX, Gpr.RBP, Gpr.R12, Gpr.R13, Gpr.R14, Gpr.R15};
    private static final int CLOCK_MONOTONIC = 1;
    private static final int NANOS = 1_000_000_000;

    private final Assembler asm = new Assembler();
    private final Map<Door, Label> doors = new EnumMap<>(Door.class);
    private final Label back = new Label();
    private final Label unwind = new Label();

    private GateCode() {}

    /** A piece of it, without an address: it refers to nothing outside. */
    record Piece(AssembledCode code, Map<Door, Label> doors) {
        int offset(Door door) {
            return code.offset(Objects.requireNonNull(doors.get(door)));
        }
    }

    /** Writes the ways in, and {@link Door#CPUID}. */
    static Piece waysIn() {
        GateCode code = new GateCode();
        code.run();
        code.loop();
        code.cpuid();
        return new Piece(code.asm.finish(), code.doors);
    }

    /**
     * Writes the ways out. They stand apart because a process whose programs call no helper does without them, and without the
     * milliseconds that it takes to make {@code upcall}.
     *
     * @param upcall a C function of six longs: r1 to r5 and the control block's address
     * @param clock {@code clock_gettime}
     */
    static Piece waysOut(long upcall, long clock) {
        GateCode code = new GateCode();
        code.helper(upcall, clock);
        return new Piece(code.asm.finish(), code.doors);
    }

    private void open(Door door) {
        Label label = new Label();
        doors.put(door, label);
        asm.align(16);
        asm.place(label);
    }

    private static Mem control(int field) {
        return Mem.of(CONTROL, field);
    }

    /** Saves what C functions keep, and the entry, which makes the stack even: a call leaves it 8 short of 16 for the program. */
    private void enter() {
        for (Gpr register : SAVED) {
            asm.push(register);
        }
        asm.push(Gpr.RDI);
        asm.mov(OperandSize.QWORD, CONTROL, Gpr.RSI);
        asm.lea(OperandSize.QWORD, Gpr.RBP, control(Workspace.STACK_END - Workspace.CONTROL));
        asm.store(OperandSize.QWORD, control(ControlBlock.SAVED_SP), Gpr.RSP);
    }

    /** Calls the program, whose entry lies on top of the stack, on the input at {@code input}. */
    private void call(Gpr input) {
        asm.store(OperandSize.DWORD, control(ControlBlock.TAIL_CALLS), 0);
        asm.load(OperandSize.QWORD, Gpr.RDI, Mem.of(input, InputDescriptor.ARGUMENT));
        asm.load(OperandSize.QWORD, Gpr.RSI, Mem.of(input, InputDescriptor.CONTEXT_SIZE));
        asm.call(Mem.of(Gpr.RSP));
    }

    private void run() {
        open(Door.RUN);
        enter();
        asm.load(OperandSize.QWORD, Gpr.RDX, control(ControlBlock.INPUT));
        call(Gpr.RDX);
        asm.place(back);
        leave();
    }

    /** Back to Java, from where {@link #enter} left the stack. */
    private void leave() {
        asm.pop(Gpr.RDI);
        for (int i = SAVED.length - 1; i >= 0; i--) {
            asm.pop(SAVED[i]);
        }
        asm.bare(Bare.RET);
    }

    /** All that the loop knows lies in registers that programs keep. */
    private void loop() {
        Gpr input = Gpr.RBX;
        Gpr end = Gpr.R13;
        Gpr left = Gpr.R14;
        Gpr repeat = Gpr.R15;
        open(Door.LOOP);
        enter();
        asm.mov(OperandSize.QWORD, input, Gpr.RDX);
        asm.mov(OperandSize.QWORD, end, Gpr.RCX);
        asm.mov(OperandSize.QWORD, repeat, Gpr.R8);
        asm.align(16);
        Label next = asm.here();
        asm.store(OperandSize.QWORD, control(ControlBlock.INPUT), input);
        asm.mov(OperandSize.QWORD, left, repeat);
        asm.align(16);
        Label again = asm.here();
        call(input);
        asm.arith(Arith.SUB, OperandSize.QWORD, left, 1);
        asm.jump(Condition.NE, again);
        asm.store(OperandSize.QWORD, Mem.of(input, InputDescriptor.RESULT), Gpr.RAX);
        asm.arith(Arith.SUB, OperandSize.QWORD, input, -InputDescriptor.SIZE);
        asm.arith(Arith.CMP, OperandSize.QWORD, input, end);
        asm.jump(Condition.B, next);
        asm.jump(back);
    }

    private void helper(long upcall, long clock) {
        Label readClock = new Label();
        open(Door.HELPER_WITH_CLOCK);
        asm.load(OperandSize.DWORD, Gpr.RAX, control(ControlBlock.HELPER));
        asm.arith(Arith.CMP, OperandSize.DWORD, Gpr.RAX, HelperFunction.KTIME_GET_NS.id());
        asm.jump(Condition.E, readClock);
        asm.arith(Arith.CMP, OperandSize.DWORD, Gpr.RAX, HelperFunction.KTIME_GET_BOOT_NS.id());
        asm.jump(Condition.E, readClock);
        open(Door.HELPER);
        asm.mov(OperandSize.QWORD, Gpr.R9, CONTROL);
        beginCall(0);
        asm.movImm(Gpr.RAX, upcall);
        asm.call(Gpr.RAX);
        endCall();
        asm.arith(Arith.CMP, OperandSize.DWORD, control(ControlBlock.FAULT), 0);
        asm.jump(Condition.NE, unwind);
        asm.bare(Bare.RET);
        asm.place(readClock);
        beginCall(16);
        asm.movImm(Gpr.RDI, CLOCK_MONOTONIC);
        asm.mov(OperandSize.QWORD, Gpr.RSI, Gpr.RSP);
        asm.movImm(Gpr.RAX, clock);
        asm.call(Gpr.RAX);
        asm.imul(OperandSize.QWORD, Gpr.RAX, Mem.of(Gpr.RSP), NANOS);
        asm.arith(Arith.ADD, OperandSize.QWORD, Gpr.RAX, Mem.of(Gpr.RSP, 8));
        endCall();
        asm.bare(Bare.RET);
        asm.place(unwind);
        asm.load(OperandSize.QWORD, Gpr.RSP, control(ControlBlock.SAVED_SP));
        leave();
    }

    /** Programs do not keep the stack even, C functions want it to be. */
    private void beginCall(int bytes) {
        asm.push(Gpr.RBP);
        asm.mov(OperandSize.QWORD, Gpr.RBP, Gpr.RSP);
        if (bytes > 0) {
            asm.arith(Arith.SUB, OperandSize.QWORD, Gpr.RSP, bytes);
        }
        asm.arith(Arith.AND, OperandSize.QWORD, Gpr.RSP, -16);
    }

    private void endCall() {
        asm.mov(OperandSize.QWORD, Gpr.RSP, Gpr.RBP);
        asm.pop(Gpr.RBP);
    }

    private void cpuid() {
        open(Door.CPUID);
        asm.mov(OperandSize.QWORD, Gpr.R9, Gpr.RBX);
        asm.mov(OperandSize.QWORD, Gpr.R8, Gpr.RDX);
        asm.mov(OperandSize.DWORD, Gpr.RAX, Gpr.RDI);
        asm.mov(OperandSize.DWORD, Gpr.RCX, Gpr.RSI);
        asm.bare(Bare.CPUID);
        asm.store(OperandSize.DWORD, Mem.of(Gpr.R8), Gpr.RAX);
        asm.store(OperandSize.DWORD, Mem.of(Gpr.R8, 4), Gpr.RBX);
        asm.store(OperandSize.DWORD, Mem.of(Gpr.R8, 8), Gpr.RCX);
        asm.store(OperandSize.DWORD, Mem.of(Gpr.R8, 12), Gpr.RDX);
        asm.mov(OperandSize.QWORD, Gpr.RBX, Gpr.R9);
        asm.bare(Bare.RET);
    }
}
