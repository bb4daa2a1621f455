package dev.turnout.verifier.fixpoint;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.cfg.ControlFlow;
import dev.turnout.verifier.cfg.WeakTopologicalOrder;
import dev.turnout.verifier.cfg.WeakTopologicalOrder.Element;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.report.Violation;
import dev.turnout.verifier.signature.Signature;
import dev.turnout.verifier.transfer.Branching;
import dev.turnout.verifier.transfer.Callbacks;
import dev.turnout.verifier.transfer.Transfer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the invariants of a program by one walk over its weak topological order, with as many passes a loop as it needs. */
final class Fixpoint {
    private final Code code;
    private final long budget;
    private final Transfer transfer;
    private final Calls calls;
    private final Loops loops;
    private final List<FunctionGraph> graphs = new ArrayList<>();
    private long steps;

    Fixpoint(BpfProgram program, Options options) {
        this.code = program.code();
        this.budget = options.budget();
        this.transfer = new Transfer(program, options);
        this.calls = new Calls(program, options, this, transfer);
        this.loops = new Loops(program, this, transfer);
        for (BpfProgram.FunctionRange function : program.functions()) {
            graphs.add(FunctionGraph.of(program, function));
        }
    }

    long steps() {
        return steps;
    }

    /** Counts steps that others took. */
    void spend(long more) {
        steps += more;
    }

    /** Steps after which precision is given up; after twice as many all is. */
    long budget() {
        return budget;
    }

    Calls calls() {
        return calls;
    }

    Loops loops() {
        return loops;
    }

    ControlFlow flow(int function) {
        return graphs.get(function).flow();
    }

    /** The invariants from the entry state of a function on that nothing calls: main, or one that is verified alone. */
    Trace run(int function, State entry) {
        for (FunctionGraph graph : graphs) {
            if (graph.order().depth() >= WeakTopologicalOrder.MOST_DEPTH) {
                Trace refused = new Trace();
                refused.report(Violation.of(
                        DiagnosticCode.V0109, graph.flow().function().start(), "loops nest too deep to decide"));
                return refused;
            }
        }
        Scope scope = calls.function(function, entry);
        if (exhausted()) {
            scope.trace.report(Violation.of(
                            DiagnosticCode.V0109, 0, "the program is too large to decide in " + 2 * budget + " steps")
                    .help("split it: fewer calls of functions that call functions, fewer loops inside of loops"));
        }
        return scope.trace;
    }
    /** Goes through a function, which is the last of the active ones. */
    Scope function(int function, State entry) {
        FunctionGraph graph = graphs.get(function);
        Scope scope = new Scope(-1, null);
        scope.deliver(0, entry);
        walk(function, graph, graph.order().elements(), scope);
        return scope;
    }

    void walk(int function, FunctionGraph graph, List<Element> elements, Scope scope) {
        for (Element element : elements) {
            switch (element) {
                case Element.Vertex vertex -> {
                    State state = scope.pending.remove(vertex.block());
                    if (state != null) {
                        block(function, graph, vertex.block(), state, scope);
                    }
                }
                case Element.Component loop -> loops.loop(function, graph, loop, scope);
            }
        }
    }

    // Blocks

    /** Past this nothing is followed any more, and the program is refused. */
    boolean exhausted() {
        return steps > 2 * budget;
    }

    void block(int function, FunctionGraph graph, int block, State head, Scope scope) {
        if (exhausted()) {
            return;
        }
        ControlFlow flow = graph.flow();
        graph.tidy(block, head);
        if (flow.isHub(block)) {
            steps++;
            for (int to : flow.successors(block)) {
                scope.deliver(to, head.copy());
            }
            return;
        }
        scope.trace.enter(calls.active(), block, head);
        if (head.isTorn()) {
            scope.trace.tear();
        }
        State state = head.copy();
        int last = flow.last(block);
        for (int slot = flow.start(block); slot < last; slot = code.next(slot)) {
            goesOnElsewhere(code.at(slot), state, scope);
            transfer.step(state, slot, code.at(slot));
            steps++;
        }
        goesOnElsewhere(code.at(last), state, scope);
        steps++;
        leave(function, flow, block, last, state, scope);
    }

    /**
     * A tail call out of a function: the other program takes the function's place and comes back to its caller, with any result,
     * and may have moved the packet. Frames are out of its reach. Out of main nothing comes back here, and out of a callback it is
     * refused.
     */
    private void goesOnElsewhere(Insn insn, State state, Scope scope) {
        if (Callbacks.callsBack(insn) && !ControlFlow.endsBlock(insn)) {
            // Rounds of no known number: the walk goes through them.
            scope.trace.tear();
        }
        if (state.depth() > 0
                && !calls.inCallback()
                && insn instanceof Insn.CallHelper helper
                && helper.id() == HelperFunction.TAIL_CALL.id()) {
            State after = state.copy();
            after.forgetPacket();
            after.clobber();
            after.put(Reg.R0, after.fresh(Num.top()));
            scope.returns(after);
        }
        // A packet load past the packet's end returns 0 from the function that it stands in.
        if (state.depth() > 0 && insn instanceof Insn.PacketLoad) {
            State after = state.copy();
            after.clobber();
            after.put(Reg.R0, Value.constant(0));
            scope.returns(after);
        }
    }

    private void leave(int function, ControlFlow flow, int block, int slot, State state, Scope scope) {
        Insn insn = code.at(slot);
        int[] next = flow.successors(block);
        switch (insn) {
            case Insn.JumpIf jump -> {
                loops.note(state, jump);
                State taken = state.copy();
                if (Branching.assume(taken, jump, true)) {
                    scope.trace.ways().jumps(slot);
                    scope.deliver(next[next.length - 1], taken);
                }
                if (Branching.assume(state, jump, false)) {
                    scope.trace.ways().goesOn(slot);
                    scope.deliver(next[0], state);
                }
            }
            case Insn.Jump _ -> scope.deliver(next[0], state);
            case Insn.StaticJump _, Insn.MayGoto _ -> {
                for (int to : next) {
                    scope.deliver(to, state.copy());
                }
            }
            case Insn.JumpIndirect jump -> {
                if (state.reg(jump.target()) instanceof Value.CodeAddress address) {
                    indirect(flow, block, slot, address, state, scope);
                }
            }
            case Insn.Exit _ -> scope.returns(state);
            case Insn.CallLocal call -> {
                Optional<Signature.Typed> alone = transfer.alone(slot, call);
                if (alone.isPresent()) {
                    scope.trace.calls().call(function, alone.get().function());
                    plain(slot, insn, state, next[0], scope);
                } else {
                    calls.call(function, slot, slot + 1 + call.distance(), state, next[0], scope);
                }
            }
            case Insn.CallIndirect call -> {
                if (state.reg(call.target()) instanceof Value.FunctionAddress address) {
                    for (int start : address.starts()) {
                        calls.call(function, slot, start, state.copy(), next[0], scope);
                    }
                }
            }
            case Insn.CallHelper helper -> {
                if (ControlFlow.callsBack(helper)) {
                    calls.countedCalls(function, slot, state, next[0], scope);
                } else {
                    plain(slot, insn, state, next[0], scope);
                }
            }
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Wide _, Insn.Load _, Insn.Store _ ->
                plain(slot, insn, state, next[0], scope);
            case Insn.Atomic _, Insn.PacketLoad _ -> plain(slot, insn, state, next[0], scope);
            case Insn.CallKernel _ -> {
                // Nothing comes after an exception.
                if (next.length > 0) {
                    plain(slot, insn, state, next[0], scope);
                }
            }
        }
    }

    private static void indirect(
            ControlFlow flow, int block, int slot, Value.CodeAddress address, State state, Scope scope) {
        if (flow.table(block) >= 0 && flow.table(block) != address.map()) {
            scope.trace.report(ControlFlow.throughAnotherTable(slot));
            return;
        }
        boolean throughHub = flow.isHub(flow.successors(block)[0]);
        for (int target : address.targets()) {
            int to = flow.blockAt(target);
            if (to >= 0) {
                scope.trace.ways().goesTo(slot, target);
                if (!throughHub) {
                    scope.deliver(to, state.copy());
                }
            }
        }
        if (throughHub) {
            scope.deliver(flow.successors(block)[0], state);
        }
    }

    private void plain(int slot, Insn insn, State state, int next, Scope scope) {
        transfer.step(state, slot, insn);
        scope.deliver(next, state);
    }
}
