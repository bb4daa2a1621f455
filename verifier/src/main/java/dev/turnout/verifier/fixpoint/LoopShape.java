package dev.turnout.verifier.fixpoint;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.Code;
import dev.turnout.verifier.cfg.ControlFlow;
import dev.turnout.verifier.cfg.Liveness;
import dev.turnout.verifier.cfg.WeakTopologicalOrder.Element;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

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

    /**
     * Whether every way from the head back to it goes on at a may_goto, which the machine bounds. The way that a may_goto takes
     * when its count is spent takes nothing from the count: a loop that this way stays in goes on for ever.
     */
    static boolean everyRoundIsCounted(ControlFlow flow, Element.Component loop) {
        BitSet seen = new BitSet();
        Deque<Integer> pending = new ArrayDeque<>();
        pending.push(loop.head());
        while (!pending.isEmpty()) {
            int block = pending.pop();
            List<Integer> uncounted = !flow.isHub(block) && flow.terminator(block) instanceof Insn.MayGoto(int distance)
                    ? List.of(flow.blockOf(flow.last(block) + 1 + distance))
                    : Arrays.stream(flow.successors(block)).boxed().toList();
            for (int next : uncounted) {
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
