package dev.turnout.verifier.specialize;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * No number that a program chose stands in the code that runs: whoever can place bytes in executable memory could place
 * instructions there, and jump between the compiler's own. Each constant is put together from two random halves, in the
 * hidden register or in the destination itself.
 *
 * <pre>
 * before                           after, r drawn anew each time
 *   r2 += 0x0fb0c031                 ax = 0x0fb0c031 ^ r
 *                                    ax ^= r
 *                                    r2 += ax
 *   r3 = 0x1122334455667788 ll       r3 = 0x1122334455667788 ^ r ll
 *                                    ax = r ll
 *                                    r3 ^= ax
 * </pre>
 *
 * <p>Sound: {@code (c ^ r) ^ r = c}, also after both halves were extended to 64 bits by their signs. The hidden register
 * lives from one instruction to the next and no program names it. A jump that leads to the instruction leads to the first of
 * those that it became.
 *
 * <p>Left as they are: counts of shifts (a few bits), numbers of helpers and maps (not the program's to choose), distances,
 * and offsets of accesses, which the verifier has bounded.
 */
final class BlindConstants {
    private final Draft draft;
    private final RandomGenerator random;

    private BlindConstants(Draft draft, RandomGenerator random) {
        this.draft = draft;
        this.random = random;
    }

    static void run(Draft draft, RandomGenerator random) {
        BlindConstants blinding = new BlindConstants(draft, random);
        for (int slot : draft.standing()) {
            blinding.blind(slot);
        }
    }

    private void blind(int slot) {
        switch (draft.at(slot)) {
            case Insn.Alu alu
            when alu.src() instanceof Operand.Immediate constant && !alu.op().isShift() ->
                alu(slot, alu, constant.value());
            case Insn.JumpIf jump
            when jump.src() instanceof Operand.Immediate constant -> {
                hide(slot, jump.width(), constant.value());
                draft.put(
                        slot,
                        new Insn.JumpIf(jump.op(), jump.width(), jump.dst(), Operand.of(Reg.AX), 0),
                        draft.referred(slot));
            }
            case Insn.Store store
            when store.value() instanceof Operand.Immediate constant -> {
                hide(slot, Width.W64, constant.value());
                draft.put(slot, new Insn.Store(store.size(), store.base(), store.offset(), Operand.of(Reg.AX)));
            }
            case Insn.Wide wide
            when wide.kind() == WideKind.CONSTANT -> {
                long r = random.nextLong();
                draft.before(
                        slot, List.of(Insn.Wide.constant(wide.dst(), wide.value() ^ r), Insn.Wide.constant(Reg.AX, r)));
                draft.put(slot, new Insn.Alu(AluOp.XOR, Width.W64, wide.dst(), Operand.of(Reg.AX)));
            }
            case Insn.Alu _, Insn.JumpIf _, Insn.Store _, Insn.Wide _ -> {}
            case Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Load _, Insn.Atomic _, Insn.PacketLoad _ -> {}
            case Insn.Jump _, Insn.StaticJump _, Insn.MayGoto _, Insn.JumpIndirect _, Insn.CallHelper _ -> {}
            case Insn.CallLocal _, Insn.CallKernel _, Insn.CallIndirect _, Insn.Exit _ -> {}
        }
    }

    private void alu(int slot, Insn.Alu alu, int constant) {
        if (alu.op() == AluOp.MOV) {
            int r = random.nextInt();
            draft.before(slot, List.of(new Insn.Alu(AluOp.MOV, alu.width(), alu.dst(), Operand.of(constant ^ r))));
            draft.put(slot, new Insn.Alu(AluOp.XOR, alu.width(), alu.dst(), Operand.of(r)));
        } else {
            hide(slot, alu.width(), constant);
            draft.put(slot, new Insn.Alu(alu.op(), alu.width(), alu.dst(), Operand.of(Reg.AX)));
        }
    }

    /** Has the hidden register hold {@code constant} when the instruction at {@code slot} runs. */
    private void hide(int slot, Width width, int constant) {
        int r = random.nextInt();
        draft.before(
                slot,
                List.of(
                        new Insn.Alu(AluOp.MOV, width, Reg.AX, Operand.of(constant ^ r)),
                        new Insn.Alu(AluOp.XOR, width, Reg.AX, Operand.of(r))));
    }
}
