package dev.turnout.verifier.fixpoint;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.cfg.ControlFlow;
import dev.turnout.verifier.cfg.Liveness;
import dev.turnout.verifier.cfg.WeakTopologicalOrder;
import dev.turnout.verifier.cfg.WeakTopologicalOrder.Element;
import dev.turnout.verifier.domain.AbstractAlgebra;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Lattice;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.report.Violation;
import dev.turnout.verifier.transfer.Branching;
import dev.turnout.verifier.transfer.Transfer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the invariants of a program by one walk over its weak topological order, with as many passes a loop as it needs. */
final class Fixpoint {
    /** Frames that may be active at once, main's included: Linux 7.2. */
    static final int MOST_FRAMES = 16;

    private static final int MOST_PASSES = 40;
    private static final int MEMO = 8;
    private static final int MOST_UNROLLED = 1024;
    /** A part of the budget this small may be spent on unrolling in vain. */
    private static final int UNROLLING_SHARE = 16;

    /** In place of blocks, in the scope of a round of callbacks: the next round, and what follows the last. */
    private static final int ROUND = 0;

    private static final int LEFT = 1;

    private final BpfProgram program;
    private final Code code;
    private final long budget;
    private final Transfer transfer;
    private final long[] thresholds;
    private final List<FunctionGraph> graphs = new ArrayList<>();
    /** Numbers of the active functions, main first; replaced, never changed. */
    private List<Integer> active = List.of();

    /** Callbacks among the active functions. */
    private int callbacks;

    private final List<RoundGuess> guessing = new ArrayList<>();
    private final Map<Integer, List<Memo>> memo = new TreeMap<>();
    private long steps;
    /** Steps that unrolling has taken in vain. */
    private long unrolling;
    /** Whether loops are looked at without their rounds, see {@link #byRangesAlone}. */
    private boolean rangesAlone;

    /** A function's graph and what is computed from it, when it is first entered. */
    private record FunctionGraph(
            ControlFlow flow, WeakTopologicalOrder order, Liveness liveness, Map<Integer, Integer> written) {}

    /** What a call from {@code entry} was found to do. */
    private record Memo(State entry, @Nullable State exit, Trace trace, boolean optimistic) {}

    Fixpoint(BpfProgram program, Options options) {
        this.program = program;
        this.code = program.code();
        this.budget = options.budget();
        this.transfer = new Transfer(program);
        this.thresholds = Thresholds.of(program);
        for (int f = 0; f < program.functions().size(); f++) {
            ControlFlow flow = ControlFlow.of(program, program.functions().get(f));
            graphs.add(
                    new FunctionGraph(flow, WeakTopologicalOrder.of(flow), Liveness.of(flow, code), new TreeMap<>()));
        }
    }

    long steps() {
        return steps;
    }

    ControlFlow flow(int function) {
        return graphs.get(function).flow;
    }

    /** The invariants from main's entry state on. */
    Trace run(State entry) {
        for (FunctionGraph graph : graphs) {
            if (graph.order.depth() >= WeakTopologicalOrder.MOST_DEPTH) {
                Trace refused = new Trace();
                refused.report(Violation.of(
                        DiagnosticCode.V0109, graph.flow.function().start(), "loops nest too deep to decide"));
                return refused;
            }
        }
        Scope scope = function(0, entry);
        if (exhausted()) {
            scope.trace.report(Violation.of(
                            DiagnosticCode.V0109, 0, "the program is too large to decide in " + 2 * budget + " steps")
                    .help("split it: fewer calls of functions that call functions, fewer loops inside of loops"));
        }
        return scope.trace;
    }

    private Scope function(int function, State entry) {
        FunctionGraph graph = graphs.get(function);
        List<Integer> callers = active;
        List<Integer> all = new ArrayList<>(callers);
        all.add(function);
        active = List.copyOf(all);
        Scope scope = new Scope(-1, null);
        scope.deliver(0, entry);
        walk(function, graph, graph.order.elements(), scope);
        active = callers;
        return scope;
    }

    private void walk(int function, FunctionGraph graph, List<Element> elements, Scope scope) {
        for (Element element : elements) {
            switch (element) {
                case Element.Vertex vertex -> {
                    State state = scope.pending.remove(vertex.block());
                    if (state != null) {
                        block(function, graph, vertex.block(), state, scope);
                    }
                }
                case Element.Component loop -> loop(function, graph, loop, scope);
            }
        }
    }

    // Blocks

    /** Drops what nothing reads any more. */
    private static void tidy(FunctionGraph graph, int block, State state) {
        for (int r = 0; r < Reg.R10.number(); r++) {
            if (!graph.liveness.isLive(block, Reg.of(r))) {
                state.put(Reg.of(r), Value.Unreadable.VALUE);
            }
        }
        state.sweep();
    }

    /** Past this nothing is followed any more, and the program is refused. */
    private boolean exhausted() {
        return steps > 2 * budget;
    }

    private void block(int function, FunctionGraph graph, int block, State head, Scope scope) {
        if (exhausted()) {
            return;
        }
        ControlFlow flow = graph.flow;
        tidy(graph, block, head);
        if (flow.isHub(block)) {
            steps++;
            for (int to : flow.successors(block)) {
                scope.deliver(to, head.copy());
            }
            return;
        }
        scope.trace.enter(active, block, head);
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
        if (state.depth() > 0
                && callbacks == 0
                && insn instanceof Insn.CallHelper helper
                && helper.id() == HelperFunction.TAIL_CALL.id()) {
            State after = state.copy();
            after.forgetPacket();
            after.clobber();
            after.put(Reg.R0, after.fresh(Num.top()));
            scope.returns(after);
        }
    }

    private void leave(int function, ControlFlow flow, int block, int slot, State state, Scope scope) {
        Insn insn = code.at(slot);
        int[] next = flow.successors(block);
        switch (insn) {
            case Insn.JumpIf jump -> {
                note(state, jump);
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
            case Insn.CallLocal call -> call(function, slot, slot + 1 + call.distance(), state, next[0], scope);
            case Insn.CallIndirect call -> {
                if (state.reg(call.target()) instanceof Value.FunctionAddress address) {
                    for (int start : address.starts()) {
                        call(function, slot, start, state.copy(), next[0], scope);
                    }
                }
            }
            case Insn.CallHelper helper -> {
                if (ControlFlow.callsBack(helper)) {
                    countedCalls(function, slot, state, next[0], scope);
                } else {
                    plain(slot, insn, state, next[0], scope);
                }
            }
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Wide _, Insn.Load _, Insn.Store _ ->
                plain(slot, insn, state, next[0], scope);
            case Insn.Atomic _, Insn.PacketLoad _, Insn.CallKernel _ -> plain(slot, insn, state, next[0], scope);
        }
    }

    private static void indirect(
            ControlFlow flow, int block, int slot, Value.CodeAddress address, State state, Scope scope) {
        if (flow.table(block) >= 0 && flow.table(block) != address.map()) {
            scope.trace.report(Violation.of(
                            DiagnosticCode.V0134, slot, "this jump goes through another table than its code shows")
                    .note("the table's address comes from another function, or out of memory that is not the stack")
                    .help("load the table's address in front of the jump"));
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

    private void note(State state, Insn.JumpIf jump) {
        if (guessing.isEmpty()) {
            return;
        }
        Value x = state.reg(jump.dst());
        Value y = switch (jump.src()) {
            case Operand.Immediate immediate -> Value.constant(immediate.value());
            case Operand.Register register -> state.reg(register.reg());
        };
        if (x instanceof Value.Scalar a && y instanceof Value.Scalar b) {
            note(a.form(), b.form(), state);
        } else if (x instanceof Value.Pointer p && y instanceof Value.Pointer q && p.comparesByOffset(q)) {
            note(p.form(), q.form(), state);
        }
    }

    private void note(Form x, Form y, State state) {
        for (RoundGuess guess : guessing) {
            guess.note(x, y, state);
        }
    }

    // Calls

    private void call(int caller, int slot, int start, State state, int next, Scope scope) {
        int callee = program.functions().indexOf(program.functionAt(start));
        if (active.contains(callee)) {
            scope.trace.report(Violation.of(
                            DiagnosticCode.V0105,
                            slot,
                            "function `" + program.functions().get(callee).name() + "` calls itself")
                    .note("a function that is still active is called again: " + chain(active.indexOf(callee), callee))
                    .help("write a loop instead"));
            return;
        }
        if (state.depth() + 2 > MOST_FRAMES) {
            scope.trace.report(
                    Violation.of(DiagnosticCode.V0107, slot, "calls nest deeper than " + MOST_FRAMES + " frames")
                            .note("the calls are " + chain(0, callee)));
            return;
        }
        scope.trace.call(caller, callee);
        state.enter();
        state.sweep();
        Memo result = remembered(callee, state);
        scope.trace.add(result.trace);
        State exit = result.exit;
        if (exit == null) {
            return;
        }
        State after = exit.copy();
        after.leave();
        if (program.functions().get(callee).global() && after.reg(Reg.R0) instanceof Value.Scalar) {
            after.put(Reg.R0, after.fresh(Num.top()));
        }
        scope.deliver(next, after);
    }

    /** The calls from an active function on to one that is called now, by name. */
    private String chain(int from, int callee) {
        StringBuilder text = new StringBuilder();
        for (int function : active.subList(from, active.size())) {
            text.append('`').append(program.functions().get(function).name()).append("` → ");
        }
        return text.append('`')
                .append(program.functions().get(callee).name())
                .append('`')
                .toString();
    }

    /**
     * What a call does. An earlier call with a wider entry would say it at once, but would also widen what the caller keeps, and
     * give it other names: that is for when much of the budget is gone. Then calls that differ in numbers alone are one.
     */
    private Memo remembered(int callee, State entry) {
        List<Memo> known = memo.computeIfAbsent(callee, _ -> new ArrayList<>());
        if (steps > budget / 8) {
            entry.mapValues(value -> value instanceof Value.Scalar ? entry.fresh(Num.top()) : value);
            for (Memo old : known) {
                if (old.optimistic == transfer.isOptimistic() && Lattice.leq(entry, old.entry)) {
                    return old;
                }
            }
        }
        State before = entry.copy();
        Scope scope = function(callee, entry);
        Memo found = new Memo(before, scope.returned(), scope.trace, transfer.isOptimistic());
        if (known.size() == MEMO) {
            known.removeFirst();
        }
        known.add(found);
        return found;
    }

    /**
     * {@code bpf_loop(n, callback, context, flags)}: a loop whose body is the callback, whose counter is the callback's first
     * argument, and which ends after n rounds or when the callback returns 1. Between rounds nothing of r0 to r5 is alive; the
     * callback reaches the caller's frames through {@code context}.
     */
    private void countedCalls(int caller, int slot, State state, int next, Scope outer) {
        Value given = state.reg(Reg.R3);
        boolean stack = given instanceof Value.Pointer pointer && pointer.region() instanceof Region.Stack;
        // Other arguments are refused when the call is judged: nothing needs to be known of what follows.
        if (!(state.reg(Reg.R1) instanceof Value.Scalar rounds
                && state.reg(Reg.R2) instanceof Value.FunctionAddress callbacks
                && (stack || given.equals(Value.constant(0))))) {
            return;
        }
        long asked = AbstractAlgebra.INSTANCE.zeroExtend(state.num(rounds), 32).uMax();
        long most = Math.min(asked, RoundGuess.MOST_ROUNDS);
        Value context = closed(state, given);
        forgetScratch(state);
        LoopHead head = new LoopHead(state, thresholds);
        Scope scope = settle(head, 0, start -> {
            Scope round = new Scope(ROUND, new BitSet());
            round.deliver(LEFT, start.copy());
            if (most > 0 && start.learn(Form.symbol(head.counter()), Num.unsigned(0, most - 1))) {
                start.put(Reg.R1, new Value.Scalar(start.symbol(head.counter()), Form.symbol(head.counter())));
                start.put(Reg.R2, context);
                callBack(caller, slot, callbacks, start, round);
            }
            return round;
        });
        outer.trace.add(scope.trace);
        for (State left : scope.exits.values()) {
            left.retire(head.counter());
            left.put(Reg.R0, left.fresh(Num.top()));
            outer.deliver(next, left);
        }
    }

    private void callBack(int caller, int slot, Value.FunctionAddress functions, State state, Scope round) {
        Scope calls = new Scope(-1, null);
        callbacks++;
        for (int start : functions.starts()) {
            calls.trace.callback(program.functions().indexOf(program.functionAt(start)));
            call(caller, slot, start, state.copy(), ROUND, calls);
        }
        callbacks--;
        round.trace.add(calls.trace);
        State after = calls.pending.remove(ROUND);
        if (after == null) {
            return;
        }
        Num result = after.reg(Reg.R0) instanceof Value.Scalar scalar ? after.num(scalar) : Num.top();
        if (!result.leq(Num.unsigned(0, 1))) {
            round.trace.report(
                    Violation.of(DiagnosticCode.V0127, slot, "the callback may return something else than 0 or 1")
                            .note("it returns " + (result.isTop() ? "anything" : result.toString())
                                    + "; 0 asks for the next round, 1 ends the loop"));
        }
        forgetScratch(after);
        if (result.contains(0)) {
            round.deliver(ROUND, after.copy());
        }
        round.deliver(LEFT, after);
    }

    /** What a register says without naming symbols: for use where a state may have been replaced by a wider one. */
    private static Value closed(State state, Value value) {
        return value instanceof Value.Pointer pointer && !pointer.form().isConstant()
                ? pointer.at(state.offset(pointer), state.fresh(Num.top()).form())
                : value;
    }

    private static void forgetScratch(State state) {
        state.clobber();
        state.put(Reg.R0, Value.Unreadable.VALUE);
    }

    // Loops

    private void loop(int function, FunctionGraph graph, Element.Component loop, Scope outer) {
        State entry = outer.pending.remove(loop.head());
        TreeMap<Integer, State> aside = new TreeMap<>();
        for (int b = loop.members().nextSetBit(0); b >= 0; b = loop.members().nextSetBit(b + 1)) {
            State state = outer.pending.remove(b);
            if (state != null) {
                aside.put(b, state);
            }
        }
        if (entry == null && aside.isEmpty()) {
            return;
        }
        if (!aside.isEmpty()) {
            entry = enteredAside(function, graph, loop, aside, entry, outer);
        }
        if (entry == null) {
            return;
        }
        tidy(graph, loop.head(), entry);
        LoopHead head = new LoopHead(entry, thresholds);
        int written =
                graph.written.computeIfAbsent(loop.head(), _ -> LoopShape.written(graph.flow, code, loop.members()));
        Scope scope = settle(head, written, start -> pass(function, graph, loop, start));
        boolean ends = scope.back() == null
                || head.bound() < LoopHead.ENDLESS
                || LoopShape.everyRoundIsCounted(graph.flow, loop)
                || isCountedDown(graph, loop, scope);
        if (!transfer.isOptimistic() && (!ends || !scope.trace.violations().isEmpty())) {
            if (byRangesAlone(function, graph, loop, entry, outer)) {
                return;
            }
            // What rounds tell is what the try by ranges alone does without; its inner loops must not spend their
            // steps.
            Scope unrolled = rangesAlone ? null : unrolled(function, graph, loop, entry);
            if (unrolled != null) {
                leave(unrolled, outer);
                return;
            }
        }
        finish(graph, loop, head, scope, outer, ends);
    }

    /**
     * Another try, in which nothing is said of the round that a place's number belongs to, neither of this loop nor of those
     * inside: each place has the range that all rounds keep. That knows less of a count in one loop, and more of one that
     * several loops share, of which each would only know what it takes away itself. So it is for loops in loops.
     *
     * @return whether this proves the loop; it is then dealt with
     */
    private boolean byRangesAlone(int function, FunctionGraph graph, Element.Component loop, State entry, Scope outer) {
        boolean single = loop.body().stream().noneMatch(Element.Component.class::isInstance);
        if (single || rangesAlone || exhausted()) {
            return false;
        }
        rangesAlone = true;
        LoopHead head = new LoopHead(entry, thresholds);
        Scope scope = settle(
                head, LoopShape.written(graph.flow, code, loop.members()), start -> pass(function, graph, loop, start));
        rangesAlone = false;
        if (!scope.trace.violations().isEmpty() || !isCountedDown(graph, loop, scope)) {
            return false;
        }
        finish(graph, loop, head, scope, outer, true);
        return true;
    }

    private boolean isCountedDown(FunctionGraph graph, Element.Component loop, Scope scope) {
        if (transfer.isOptimistic() || exhausted()) {
            return false;
        }
        FallingCount.Outcome outcome = FallingCount.of(graph.flow, code, transfer, loop, active, scope.trace);
        steps += outcome.steps();
        return outcome.ends();
    }

    /**
     * The loop round by round, each from the joined state that the last one left: for what changes in another way than by
     * steps ({@code x >>= 1}). Rounds that end prove that it ends.
     *
     * @return null if it does not come to an end, or not soon
     */
    private @Nullable Scope unrolled(int function, FunctionGraph graph, Element.Component loop, State entry) {
        Scope all = new Scope(-1, new BitSet());
        State state = entry;
        long before = steps;
        for (int round = 0; round < MOST_UNROLLED && unrolling + steps - before < budget / UNROLLING_SHARE; round++) {
            Scope one = pass(function, graph, loop, state.copy());
            leave(one, all);
            State back = one.back();
            if (back == null) {
                return all.trace.violations().isEmpty() ? all : null;
            }
            tidy(graph, loop.head(), back);
            if (Lattice.leq(state, back)) {
                // Nothing was ruled out: all later rounds are like this one.
                break;
            }
            state = back;
        }
        unrolling += steps - before;
        return null;
    }

    /** Hands on what a scope has found, and what leaves it. */
    private static void leave(Scope from, Scope to) {
        to.trace.add(from.trace);
        from.exits.forEach(to::deliver);
        State returned = from.returned();
        if (returned != null) {
            to.returns(returned);
        }
    }

    /**
     * A loop that is also entered behind its head: every way from there leaves the loop or comes to the head, since all cycles
     * of the rest are loops of their own. So one pass deals with the part of a round before the head is met.
     *
     * @return all that enters the head; null if nothing does
     */
    private @Nullable State enteredAside(
            int function,
            FunctionGraph graph,
            Element.Component loop,
            Map<Integer, State> aside,
            @Nullable State entry,
            Scope outer) {
        Scope part = new Scope(loop.head(), loop.members());
        part.pending.putAll(aside);
        walk(function, graph, loop.body(), part);
        leave(part, outer);
        State back = part.back();
        return entry == null || back == null ? (entry == null ? back : entry) : Lattice.join(entry, back);
    }

    /**
     * Finds a head state that a round keeps, and gives the round that proves it.
     *
     * @param written registers that a round may write, a bit a register
     * @param round goes through the body once, from a head state that it may change
     */
    private Scope settle(LoopHead head, int written, Function<State, Scope> round) {
        boolean optimistic = transfer.isOptimistic();
        RoundGuess guess = guess(head, written, round);
        transfer.optimistic(optimistic);

        for (int pass = 0; ; pass++) {
            if (pass == MOST_PASSES || steps > budget) {
                head.forget(written);
            }
            State start = head.state();
            Scope scope = round.apply(start.copy());
            State back = scope.back();
            boolean places = back == null || head.confirm(start, back);
            boolean rounds = back == null || head.confirmsBound(back);
            if (places && rounds) {
                return scope;
            }
            if (places) {
                head.bound(guess.after(head.bound()));
            }
        }
    }

    /** Two optimistic passes: how do places change, and which compares depend on the round? */
    private RoundGuess guess(LoopHead head, int written, Function<State, Scope> round) {
        RoundGuess guess = new RoundGuess(head.counter());
        if (steps > budget) {
            head.forget(written);
            return guess;
        }
        if (rangesAlone) {
            head.bound(LoopHead.ENDLESS);
            return guess;
        }
        transfer.optimistic(true);
        State probed = round.apply(head.probe(written)).back();
        if (probed == null) {
            head.settle();
            head.bound(0);
            return guess;
        }
        head.classify(probed);
        guessing.add(guess);
        State back = round.apply(head.state()).back();
        guessing.removeLast();
        if (back != null) {
            head.guessDifferences(back);
            guess.above().forEach(head::guessAtMost);
            long most = head.most(back);
            if (most < RoundGuess.MOST_ROUNDS) {
                // A test of the order kind bounds the counter by itself.
                head.bound(most + 1);
                return guess;
            }
        }
        head.bound(guess.after(-1));
        return guess;
    }

    private Scope pass(int function, FunctionGraph graph, Element.Component loop, State start) {
        Scope scope = new Scope(loop.head(), loop.members());
        block(function, graph, loop.head(), start, scope);
        walk(function, graph, loop.body(), scope);
        return scope;
    }

    /** The last pass counts: what it saw, what left the loop, what returned. */
    private void finish(
            FunctionGraph graph, Element.Component loop, LoopHead head, Scope scope, Scope outer, boolean ends) {
        outer.trace.add(scope.trace);
        if (!ends) {
            Violation violation = Violation.of(
                    DiagnosticCode.V0110,
                    graph.flow.start(loop.head()),
                    "the loop that begins here is not shown to end");
            String changing = head.changing();
            violation = changing == null
                    ? violation.note("nothing that it tests changes from round to round")
                    : violation.note("from round to round it changes " + changing
                            + "; no test that leaves the loop bounds these");
            outer.trace.report(violation.help("count the rounds, and leave the loop when a constant is reached"));
        }
        for (var exit : scope.exits.entrySet()) {
            State state = exit.getValue();
            state.retire(head.counter());
            outer.deliver(exit.getKey(), state);
        }
        State returned = scope.returned();
        if (returned != null) {
            returned.retire(head.counter());
            outer.returns(returned);
        }
    }
}
