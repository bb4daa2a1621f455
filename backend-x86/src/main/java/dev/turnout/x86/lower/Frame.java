package dev.turnout.x86.lower;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.runtime.engine.Limits;
import dev.turnout.verifier.cfg.Liveness;
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
            written |= Liveness.writes(insn);
        }
        return new Frame(written, counts);
    }

    private boolean saves(Reg reg) {
        return (saved & 1 << reg.number()) != 0;
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
