package dev.turnout.verifier.specialize;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Width;
import dev.turnout.verifier.Invariants;
import dev.turnout.verifier.domain.Known;

/**
 * A load that always gives one number becomes that number: a {@code config}, a constant of a table, a spilled constant.
 *
 * <pre>
 * before                                 after
 *   r1 = .rodata + 4 ll                    r1 = .rodata + 4 ll
 *   r2 = *(u32 *)(r1 + 0)                  r2 = 64
 * </pre>
 *
 * <p>Sound, because the invariants hold in every run: whatever the load would read, its result is this number. Read-only data
 * cannot change behind the proof: programs may not write it, and machines refuse it from outside.
 */
final class FoldLoads {
    private FoldLoads() {}

    static void run(Draft draft, Invariants invariants) {
        for (int slot : draft.standing()) {
            if (draft.at(slot) instanceof Insn.Load load
                    && invariants.loaded(slot).orElse(null) instanceof Known.Number number
                    && number.num().isConstant()) {
                draft.put(slot, constant(load.dst(), number.num().constant()));
            }
        }
    }

    /** The shortest instruction that leaves {@code value} in {@code dst}. */
    private static Insn constant(Reg dst, long value) {
        if (value == (int) value) {
            return new Insn.Alu(AluOp.MOV, Width.W64, dst, Operand.of((int) value));
        }
        if (value >>> 32 == 0) {
            return new Insn.Alu(AluOp.MOV, Width.W32, dst, Operand.of((int) value));
        }
        return Insn.Wide.constant(dst, value);
    }
}
