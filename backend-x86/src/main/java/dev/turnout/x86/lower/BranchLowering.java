package dev.turnout.x86.lower;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.x86.asm.Assembler;
import dev.turnout.x86.asm.Mem;
import dev.turnout.x86.isa.Arith;
import dev.turnout.x86.isa.Condition;
import dev.turnout.x86.isa.Gpr;
import dev.turnout.x86.isa.OperandSize;
import java.util.List;

/** Jumps within a function. */
final class BranchLowering {
    private final Draft draft;
    private final Assembler asm;

    BranchLowering(Draft draft) {
        this.draft = draft;
        this.asm = draft.asm;
    }

    void jump(int target) {
        asm.continueAt(draft.slot(target));
    }

    void jumpIf(Insn.JumpIf jump, int target) {
        OperandSize size = Registers.of(jump.width());
        Gpr dst = Registers.of(jump.dst());
        switch (jump.src()) {
            case Operand.Register(var src) -> {
                if (jump.op() == JumpOp.JSET) {
                    asm.test(size, dst, Registers.of(src));
                } else {
                    asm.arith(Arith.CMP, size, dst, Registers.of(src));
                }
            }
            case Operand.Immediate(int value) -> {
                if (jump.op() == JumpOp.JSET) {
                    // The upper half of a mask without sign is zero.
                    asm.test(value >= 0 ? OperandSize.DWORD : size, dst, value);
                } else if (value == 0) {
                    // Flags as after a comparison with 0: no carry, no overflow.
                    asm.test(size, dst, dst);
                } else {
                    asm.arith(Arith.CMP, size, dst, value);
                }
            }
        }
        asm.jump(condition(jump.op()), draft.slot(target));
    }

    private static Condition condition(JumpOp op) {
        return switch (op) {
            case JEQ -> Condition.E;
            case JNE, JSET -> Condition.NE;
            case JGT -> Condition.A;
            case JGE -> Condition.AE;
            case JLT -> Condition.B;
            case JLE -> Condition.BE;
            case JSGT -> Condition.G;
            case JSGE -> Condition.GE;
            case JSLT -> Condition.L;
            case JSLE -> Condition.LE;
        };
    }

    /** Counts down in the frame; below zero it goes on counting, so that it jumps for the rest of the call. */
    void mayGoto(int target) {
        asm.arith(Arith.SUB, OperandSize.QWORD, Frame.COUNTER, 1);
        asm.jump(Condition.S, draft.slot(target));
    }

    void indirect(Insn.JumpIndirect jump) {
        asm.jump(Registers.of(jump.target()));
    }

    /**
     * The one place that emits static branches.
     *
     * @param written the records of the site as they stand in the program; of several that hold, the one written last decides, as
     *     in the interpreter
     */
    void branchSite(int slot, List<BranchSite> written) {
        List<BranchSite> records = written.reversed();
        draft.patching.cell().ifPresentOrElse(form -> draft.cell(slot, form, records), () -> testKeys(records));
    }

    /** Reads each key and compares. */
    private void testKeys(List<BranchSite> records) {
        Gpr key = Registers.SCRATCH;
        int loaded = -1;
        for (BranchSite site : records) {
            if (site.key() != loaded) {
                draft.keyValue(key, site.key());
                asm.load(OperandSize.QWORD, key, Mem.of(key));
                loaded = site.key();
            }
            if (site.value() == 0) {
                asm.test(OperandSize.QWORD, key, key);
            } else if (site.value() == (int) site.value()) {
                asm.arith(Arith.CMP, OperandSize.QWORD, key, (int) site.value());
            } else {
                asm.movImm(Registers.SCRATCH_2, site.value());
                asm.arith(Arith.CMP, OperandSize.QWORD, key, Registers.SCRATCH_2);
            }
            asm.jump(site.inverse() ? Condition.NE : Condition.E, draft.slot(site.target()));
        }
    }
}
