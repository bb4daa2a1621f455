package dev.turnout.x86.lower;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.runtime.context.ControlBlock;
import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.engine.Limits;
import dev.turnout.runtime.helper.KernelCalls;
import dev.turnout.runtime.map.ArrayMap;
import dev.turnout.runtime.map.Errno;
import dev.turnout.runtime.map.MapHeader;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.x86.asm.Assembler;
import dev.turnout.x86.asm.BranchCell;
import dev.turnout.x86.asm.Label;
import dev.turnout.x86.asm.Mem;
import dev.turnout.x86.code.Stub;
import dev.turnout.x86.code.TailSite;
import dev.turnout.x86.isa.Arith;
import dev.turnout.x86.isa.Condition;
import dev.turnout.x86.isa.Exchange;
import dev.turnout.x86.isa.Gpr;
import dev.turnout.x86.isa.OperandSize;
import dev.turnout.x86.isa.Shift;

/** Calls: of functions, of helpers, of other programs. Arguments are where the callee wants them; r1 to r5 are lost. */
final class CallLowering {
    private static final Mem TAIL_CALLS = Mem.of(Registers.CONTROL, ControlBlock.TAIL_CALLS);
    private static final Mem SLOT = Mem.of(Registers.CONTROL, ControlBlock.SLOT);

    private final Draft draft;
    private final Assembler asm;
    private final SharedRoutines shared;

    CallLowering(Draft draft, SharedRoutines shared) {
        this.draft = draft;
        this.asm = draft.asm;
        this.shared = shared;
    }

    void local(int target) {
        lowerFrame(asm);
        asm.call(draft.entry(target));
        raiseFrame(asm);
    }

    void indirect(Insn.CallIndirect call) {
        lowerFrame(asm);
        asm.call(Registers.of(call.target()));
        raiseFrame(asm);
    }

    static void lowerFrame(Assembler asm) {
        asm.arith(Arith.SUB, OperandSize.QWORD, Registers.FRAME_POINTER, Workspace.FRAME);
    }

    static void raiseFrame(Assembler asm) {
        asm.arith(Arith.ADD, OperandSize.QWORD, Registers.FRAME_POINTER, Workspace.FRAME);
    }

    /**
     * @param known of what the arguments are
     * @param frame of the function that calls
     */
    void helper(int slot, Insn.CallHelper call, KnownRegisters known, Frame frame) {
        HelperFunction helper = HelperFunction.ofId(call.id()).orElseThrow();
        switch (helper) {
            case TAIL_CALL -> {
                int table = known.map(Reg.R2);
                int index = known.constant(Reg.R3);
                if (table >= 0 && index >= 0 && draft.patching.cell().isPresent()) {
                    tailCall(slot, table, index, draft.patching.cell().get(), frame);
                } else {
                    tailCall(frame);
                }
            }
            case LOOP -> asm.call(shared.loop());
            case FOR_EACH_MAP_ELEM, USER_RINGBUF_DRAIN -> {
                say(slot, ControlBlock.BEGIN_TURNS + call.id());
                asm.call(shared.turns());
            }
            case SPIN_LOCK -> spinLock(slot);
            case SPIN_UNLOCK -> asm.store(OperandSize.DWORD, Mem.of(Gpr.RDI), 0);
            case GET_SMP_PROCESSOR_ID -> asm.load(OperandSize.DWORD, Gpr.RAX, SLOT);
            case MAP_LOOKUP_ELEM -> {
                int map = known.map(Reg.R1);
                if (map >= 0 && isArray(draft.program.maps().get(map))) {
                    arrayLookup(draft.program.maps().get(map));
                } else {
                    throughStub(slot, call.id());
                }
            }
            default -> throughStub(slot, call.id()); // All others are calls of Java, whatever they do.
        }
    }

    /** A function of the kernel: a call of Java. */
    void kernel(int slot, Insn.CallKernel call) {
        throughStub(
                slot,
                ControlBlock.KERNEL + KernelCalls.number(draft.program, call).orElseThrow());
    }

    private void throughStub(int slot, int helper) {
        say(slot, helper);
        draft.callStub(Stub.HELPER);
    }

    private void say(int slot, int helper) {
        asm.store(OperandSize.DWORD, Mem.of(Registers.CONTROL, ControlBlock.HELPER), helper);
        asm.store(OperandSize.DWORD, Mem.of(Registers.CONTROL, ControlBlock.SITE), slot);
    }

    private static boolean isArray(MapDefinition map) {
        return switch (map.kind()) {
            case ARRAY, PERCPU_ARRAY -> true;
            default -> false; // Their look-ups take more than an index.
        };
    }

    /** Takes the lock at [r1] if it is free; to wait for it is Java's business, which lets others run meanwhile. A store frees it. */
    private void spinLock(int slot) {
        Label taken = new Label();
        Gpr held = Gpr.RSI;
        asm.arith(Arith.XOR, OperandSize.DWORD, Gpr.RAX, Gpr.RAX);
        asm.movImm(held, 1);
        asm.lock(Exchange.CMPXCHG, OperandSize.DWORD, Mem.of(Gpr.RDI), held);
        asm.jump(Condition.E, taken);
        throughStub(slot, HelperFunction.SPIN_LOCK.id());
        asm.place(taken);
    }

    /** r0 = the index at [r2] is in range ? its value's address in map r1 : 0. */
    private void arrayLookup(MapDefinition map) {
        Gpr index = Registers.SCRATCH;
        Label done = new Label();
        asm.load(OperandSize.DWORD, index, Mem.of(Gpr.RSI));
        asm.arith(Arith.XOR, OperandSize.DWORD, Gpr.RAX, Gpr.RAX);
        asm.arith(Arith.CMP, OperandSize.DWORD, index, (int) map.maxEntries());
        asm.jump(Condition.AE, done);
        int stride = ArrayMap.stride(map);
        if (Integer.bitCount(stride) == 1) {
            asm.shift(Shift.SHL, OperandSize.QWORD, index, Integer.numberOfTrailingZeros(stride));
        } else {
            asm.imul(OperandSize.QWORD, index, index, stride);
        }
        if (map.kind().perCpu()) {
            asm.load(OperandSize.DWORD, Gpr.RAX, SLOT);
            asm.imul(OperandSize.QWORD, Gpr.RAX, Mem.of(Gpr.RDI, MapHeader.SLOT_STRIDE));
            asm.arith(Arith.ADD, OperandSize.QWORD, index, Gpr.RAX);
        }
        asm.load(OperandSize.QWORD, Gpr.RAX, Mem.of(Gpr.RDI, MapHeader.VALUES));
        asm.arith(Arith.ADD, OperandSize.QWORD, Gpr.RAX, index);
        asm.place(done);
    }

    /**
     * The same where table and entry are known: nothing of them is loaded. Two cells are patched when the entry changes, as {@link
     * TailSite} says; here they stand as for an empty one.
     */
    private void tailCall(int slot, int table, int index, BranchCell form, Frame frame) {
        Label fails = new Label();
        if (index < draft.program.maps().get(table).maxEntries()) {
            asm.arith(Arith.CMP, OperandSize.DWORD, TAIL_CALLS, Limits.MOST_TAIL_CALLS);
            asm.jump(Condition.AE, fails);
            Label gate = asm.cell(form, fails);
            asm.arith(Arith.ADD, OperandSize.DWORD, TAIL_CALLS, 1);
            frame.undo(asm);
            draft.tailCall(slot, gate, asm.cell(form, fails), fails, form, table, index);
        }
        asm.place(fails);
        asm.movImm(Gpr.RAX, -Errno.ENOENT);
    }

    /**
     * Replaces the running program by entry r3 of the program array r2: undoes the frame of the function that calls, so that the
     * other program returns where it would have returned. If it cannot, r0 says so.
     */
    private void tailCall(Frame frame) {
        Gpr target = Registers.SCRATCH;
        Label fails = new Label();
        // Clears the upper half: the index is a 32-bit number.
        asm.mov(OperandSize.DWORD, Gpr.RDX, Gpr.RDX);
        asm.arith(Arith.CMP, OperandSize.DWORD, Gpr.RDX, Mem.of(Gpr.RSI, MapHeader.MAX_ENTRIES));
        asm.jump(Condition.AE, fails);
        asm.arith(Arith.CMP, OperandSize.DWORD, TAIL_CALLS, Limits.MOST_TAIL_CALLS);
        asm.jump(Condition.AE, fails);
        asm.load(OperandSize.QWORD, target, Mem.of(Gpr.RSI, MapHeader.VALUES));
        asm.load(OperandSize.QWORD, target, Mem.indexed(target, Gpr.RDX, 8, 0));
        asm.test(OperandSize.QWORD, target, target);
        asm.jump(Condition.E, fails);
        asm.arith(Arith.ADD, OperandSize.DWORD, TAIL_CALLS, 1);
        // Undoing loses the first scratch register if there is a counter.
        asm.mov(OperandSize.QWORD, Registers.SCRATCH_2, target);
        frame.undo(asm);
        asm.jump(Registers.SCRATCH_2);
        asm.place(fails);
        asm.movImm(Gpr.RAX, -Errno.ENOENT);
    }
}
