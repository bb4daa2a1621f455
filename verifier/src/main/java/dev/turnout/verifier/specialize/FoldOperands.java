package dev.turnout.verifier.specialize;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.Width;
import dev.turnout.verifier.Invariants;
import dev.turnout.verifier.domain.Known;
import java.util.OptionalLong;

/**
 * A second operand that is one number in every run becomes that number, where the instruction can hold it.
 *
 * <pre>
 * before                           after, if r1 is 64 in every run
 *   if w2 > w1 goto drop             if w2 > 64 goto drop
 *   r3 += r1                         r3 += 64
 *   *(u32 *)(r10 - 4) = r1           *(u32 *)(r10 - 4) = 64
 * </pre>
 *
 * <p>Sound, because the invariants hold before the instruction, and an immediate is extended as the operation looks at it: by
 * its sign to 64 bits, or only its 32 bits count. Left as they are: divisions by zero and shifts past the width, which are
 * defined for registers but are no immediates that Linux loads, and sign-extending moves, which take a register.
 */
final class FoldOperands {
    private final Draft draft;
    private final Invariants invariants;

    private FoldOperands(Draft draft, Invariants invariants) {
        this.draft = draft;
        this.invariants = invariants;
    }

    static void run(Draft draft, Invariants invariants) {
        FoldOperands folding = new FoldOperands(draft, invariants);
        for (int slot : draft.standing()) {
            folding.fold(slot);
        }
    }

    private void fold(int slot) {
        switch (draft.at(slot)) {
            case Insn.Alu alu
            when alu.src() instanceof Operand.Register(Reg src) && !alu.op().isSignExtension() -> {
                OptionalLong number = number(slot, src, alu.width() == Width.W32);
                boolean allowed = number.isPresent()
                        && !(alu.op().isDivision() && number.getAsLong() == 0)
                        && !(alu.op().isShift()
                                && Long.compareUnsigned(
                                                number.getAsLong(), alu.width().bits())
                                        >= 0);
                if (allowed) {
                    draft.put(slot, new Insn.Alu(alu.op(), alu.width(), alu.dst(), immediate(number)));
                }
            }
            case Insn.JumpIf jump
            when jump.src() instanceof Operand.Register(Reg src) -> {
                OptionalLong number = number(slot, src, jump.width() == Width.W32);
                if (number.isPresent()) {
                    draft.put(
                            slot,
                            new Insn.JumpIf(jump.op(), jump.width(), jump.dst(), immediate(number), 0),
                            draft.referred(slot));
                }
            }
            case Insn.Store store
            when store.value() instanceof Operand.Register(Reg value) -> {
                OptionalLong number = number(slot, value, store.size() != Size.DW);
                if (number.isPresent()) {
                    draft.put(slot, new Insn.Store(store.size(), store.base(), store.offset(), immediate(number)));
                }
            }
            case Insn.Alu _, Insn.JumpIf _, Insn.Store _, Insn.Wide _ -> {}
            case Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Load _, Insn.Atomic _, Insn.PacketLoad _ -> {}
            case Insn.Jump _, Insn.StaticJump _, Insn.MayGoto _, Insn.JumpIndirect _, Insn.CallHelper _ -> {}
            case Insn.CallLocal _, Insn.CallKernel _, Insn.CallIndirect _, Insn.Exit _ -> {}
        }
    }

    private static Operand immediate(OptionalLong number) {
        return Operand.of((int) number.getAsLong());
    }

    /** The number in {@code reg}, if it is one and an immediate can say it. */
    private OptionalLong number(int slot, Reg reg, boolean lowerHalf) {
        if (!(invariants.before(slot, reg).orElse(null) instanceof Known.Number known)
                || !known.num().isConstant()) {
            return OptionalLong.empty();
        }
        long number = known.num().constant();
        return lowerHalf || number == (int) number ? OptionalLong.of(number) : OptionalLong.empty();
    }
}
