package dev.turnout.verifier.fixpoint;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.verifier.cfg.ControlFlow;
import dev.turnout.verifier.cfg.Liveness;
import dev.turnout.verifier.cfg.WeakTopologicalOrder;
import dev.turnout.verifier.cfg.WeakTopologicalOrder.Element;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import java.util.Map;
import java.util.TreeMap;

/** A function's graph and what is computed from it. */
record FunctionGraph(ControlFlow flow, WeakTopologicalOrder order, Liveness liveness, Map<Integer, Integer> written) {
    static FunctionGraph of(BpfProgram program, BpfProgram.FunctionRange function) {
        ControlFlow flow = ControlFlow.of(program, function);
        return new FunctionGraph(
                flow, WeakTopologicalOrder.of(flow), Liveness.of(flow, program.code()), new TreeMap<>());
    }

    /** Registers that the loop may write, a bit a register. */
    int written(Code code, Element.Component loop) {
        return written.computeIfAbsent(loop.head(), _ -> LoopShape.written(flow, code, loop.members()));
    }

    /** Drops what nothing reads any more. */
    void tidy(int block, State state) {
        for (int r = 0; r < Reg.R10.number(); r++) {
            if (!liveness.isLive(block, Reg.of(r))) {
                state.put(Reg.of(r), Value.Unreadable.VALUE);
            }
        }
        state.sweep();
    }
}
