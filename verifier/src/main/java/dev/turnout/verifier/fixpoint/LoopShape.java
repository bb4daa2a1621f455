package dev.turnout.verifier.fixpoint;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.Code;
import dev.turnout.verifier.cfg.ControlFlow;
import dev.turnout.verifier.cfg.Liveness;
import dev.turnout.verifier.cfg.WeakTopologicalOrder.Element;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;

/** What can be said of a loop without running it. */
final class LoopShape {
    private LoopShape() {}

    /** Registers that some instruction of the blocks may write, a bit a register. */
    static int written(ControlFlow flow, Code code, BitSet members) {
        int all = 0;
        for (int b = members.nextSetBit(0); b >= 0 && !flow.isHub(b); b = members.nextSetBit(b + 1)) {
            for (int slot = flow.start(b); ; slot = code.next(slot)) {
                all |= Liveness.writes(code.at(slot));
                if (slot == flow.last(b)) {
                    break;
                }
            }
        }
        return all;
    }

    /** Whether every way from the head back to it passes a may_goto, which the machine bounds. */
    static boolean everyRoundIsCounted(ControlFlow flow, Element.Component loop) {
        BitSet seen = new BitSet();
        Deque<Integer> pending = new ArrayDeque<>();
        pending.push(loop.head());
        while (!pending.isEmpty()) {
            int block = pending.pop();
            if (!flow.isHub(block) && flow.terminator(block) instanceof Insn.MayGoto) {
                continue;
            }
            for (int next : flow.successors(block)) {
                if (next == loop.head()) {
                    return false;
                }
                if (loop.members().get(next) && !seen.get(next)) {
                    seen.set(next);
                    pending.push(next);
                }
            }
        }
        return true;
    }
}
