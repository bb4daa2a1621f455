package dev.turnout.x86.lower;

import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.runtime.engine.Limits;
import dev.turnout.x86.asm.Assembler;
import dev.turnout.x86.asm.Mem;
import dev.turnout.x86.isa.Bare;
import dev.turnout.x86.isa.Gpr;

/**
 * What a call of a function has on the native stack: above, the return address; below, those of r6 to r9 that the function
 * writes, as its caller had them; at the top of the stack, if there is a {@code may_goto}, how often it may still fall through.
 * The stack pointer stays where the head has put it until the function ends. It has no alignment: stubs see to that.
 *
 * @param saved a bit for each register that is written, by its number
 * @param counts whether there is a counter
 */
record Frame(int saved, boolean counts) {
    private static final Reg[] KEPT = {Reg.R6, Reg.R7, Reg.R8, Reg.R9};

    /** The turns that are left: 64 bits that go on below zero, which no run is long enough to leave. */
    static final Mem COUNTER = Mem.of(Gpr.RSP, 0);

    static Frame of(Code code, BpfProgram.FunctionRange function) {
        int written = 0;
        boolean counts = false;
        for (int slot = function.start(); slot < function.end(); slot = code.next(slot)) {
            Insn insn = code.at(slot);
            counts |= insn instanceof Insn.MayGoto;
            written |= written(insn);
        }
        return new Frame(written, counts);
    }

    /** The bit of the register that an instruction writes, beside r0 to r5; 0 if none. */
    private static int written(Insn insn) {
        return switch (insn) {
            case Insn.Alu alu -> bit(alu.dst());
            case Insn.Neg neg -> bit(neg.dst());
            case Insn.Swap swap -> bit(swap.dst());
            case Insn.CastSpace cast -> bit(cast.dst());
            case Insn.Wide wide -> bit(wide.dst());
            case Insn.Load load -> bit(load.dst());
            case Insn.Atomic atomic ->
                atomic.op().fetches() || atomic.op() == AtomicOp.LOAD_ACQUIRE ? bit(atomic.value()) : 0;
            case Insn.Store _, Insn.PacketLoad _, Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _ -> 0;
            case Insn.MayGoto _, Insn.JumpIndirect _, Insn.CallHelper _, Insn.CallLocal _ -> 0;
            case Insn.CallKernel _, Insn.CallIndirect _, Insn.Exit _ -> 0;
        };
    }

    private static int bit(Reg reg) {
        return 1 << reg.number();
    }

    private boolean saves(Reg reg) {
        return (saved & bit(reg)) != 0;
    }

    void enter(Assembler asm) {
        for (Reg reg : KEPT) {
            if (saves(reg)) {
                asm.push(Registers.of(reg));
            }
        }
        if (counts) {
            asm.push(Limits.MOST_TURNS);
        }
    }

    /** Leaves the stack as the function was entered with. */
    void undo(Assembler asm) {
        if (counts) {
            asm.pop(Registers.SCRATCH);
        }
        for (int i = KEPT.length - 1; i >= 0; i--) {
            if (saves(KEPT[i])) {
                asm.pop(Registers.of(KEPT[i]));
            }
        }
    }

    void leave(Assembler asm) {
        undo(asm);
        asm.bare(Bare.RET);
    }
}
