package dev.turnout.tests.random;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.program.Code;
import java.util.ArrayList;
import java.util.List;

/** Code that is being written: jumps and calls may go to labels whose place is not known yet. */
final class CodeDraft {
    private static final int NOWHERE = -1;

    private final List<Insn> insns = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>();
    private final List<Aim> aims = new ArrayList<>();
    private int slot;

    /** The instruction at {@code index}, which begins at {@code slot}, goes to a label. */
    private record Aim(int index, int slot, int label) {}

    /** Slots written so far: where the next instruction will begin. */
    int slot() {
        return slot;
    }

    /** A new label, not placed yet. */
    int label() {
        places.add(NOWHERE);
        return places.size() - 1;
    }

    /** A label here. */
    int here() {
        int label = label();
        place(label);
        return label;
    }

    void place(int label) {
        places.set(label, slot);
    }

    int slotOf(int label) {
        int place = places.get(label);
        if (place == NOWHERE) {
            throw new IllegalStateException("label " + label + " was never placed");
        }
        return place;
    }

    void add(Insn insn) {
        insns.add(insn);
        slot += insn.slots();
    }

    /** A jump, a local call or the load of a function's address, whose distance the label gives. */
    void add(Insn insn, int label) {
        aims.add(new Aim(insns.size(), slot, label));
        add(insn);
    }

    /** All of it, every distance filled in. */
    Code code() {
        for (Aim aim : aims) {
            int distance = slotOf(aim.label) - aim.slot - 1;
            insns.set(aim.index, aimed(insns.get(aim.index), distance));
        }
        return Code.of(insns);
    }

    /** The instruction with this distance, if it has one. */
    static Insn aimed(Insn insn, int distance) {
        return switch (insn) {
            case Insn.Jump jump -> new Insn.Jump(jump.far(), distance);
            case Insn.JumpIf jump -> new Insn.JumpIf(jump.op(), jump.width(), jump.dst(), jump.src(), distance);
            case Insn.StaticJump jump -> new Insn.StaticJump(jump.far(), jump.nop(), distance);
            case Insn.MayGoto _ -> new Insn.MayGoto(distance);
            case Insn.CallLocal _ -> new Insn.CallLocal(distance);
            case Insn.Wide wide
            when wide.kind() == WideKind.FUNCTION -> new Insn.Wide(wide.dst(), WideKind.FUNCTION, distance, 0);
            case Insn.Wide _, Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Load _, Insn.Store _ -> insn;
            case Insn.Atomic _, Insn.PacketLoad _, Insn.JumpIndirect _, Insn.CallHelper _, Insn.CallKernel _ -> insn;
            case Insn.CallIndirect _, Insn.Exit _ -> insn;
        };
    }
}
