package dev.turnout.verifier.fixpoint;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.cfg.WeakTopologicalOrder.Element;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Lattice;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.report.Violation;
import dev.turnout.verifier.transfer.Transfer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The loops of a function: for each a head state that a round keeps, and the proof that it ends. Where the first try proves
 * too little there are others: by ranges alone, and round by round.
 */
final class Loops {
    private static final int MOST_PASSES = 40;
    /** Every place gives up its class at most a few times after that. */
    private static final int LAST_PASS = 100;

    private static final int MOST_UNROLLED = 1024;
    /** A part of the budget this small may be spent on unrolling in vain. */
    private static final int UNROLLING_SHARE = 16;

    private final Code code;
    private final Fixpoint fixpoint;
    private final Transfer transfer;
    private final long[] thresholds;
    private final List<RoundGuess> guessing = new ArrayList<>();
    /** Steps that unrolling has taken in vain. */
    private long unrolling;
    /** Whether loops are looked at without their rounds, see {@link #byRangesAlone}. */
    private boolean rangesAlone;

    Loops(BpfProgram program, Fixpoint fixpoint, Transfer transfer) {
        this.code = program.code();
        this.fixpoint = fixpoint;
        this.transfer = transfer;
        this.thresholds = Thresholds.of(program);
    }

    /** The head of a loop that is entered in this state. */
    LoopHead head(State entry) {
        return new LoopHead(entry, thresholds);
    }

    /** Notes what a conditional jump compares, for the guess of how many rounds there are. */
    void note(State state, Insn.JumpIf jump) {
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

    void loop(int function, FunctionGraph graph, Element.Component loop, Scope outer) {
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
        graph.tidy(loop.head(), entry);
        LoopHead head = head(entry);
        int written = graph.written(code, loop);
        Scope scope = settle(head, written, start -> pass(function, graph, loop, start));
        boolean ends = scope.back() == null
                || head.bound() < LoopHead.ENDLESS
                || LoopShape.everyRoundIsCounted(graph.flow(), loop)
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
        if (single || rangesAlone || fixpoint.exhausted()) {
            return false;
        }
        rangesAlone = true;
        LoopHead head = head(entry);
        Scope scope = settle(head, graph.written(code, loop), start -> pass(function, graph, loop, start));
        rangesAlone = false;
        if (!scope.trace.violations().isEmpty() || !isCountedDown(graph, loop, scope)) {
            return false;
        }
        finish(graph, loop, head, scope, outer, true);
        return true;
    }

    private boolean isCountedDown(FunctionGraph graph, Element.Component loop, Scope scope) {
        if (transfer.isOptimistic() || fixpoint.exhausted()) {
            return false;
        }
        FallingCount.Outcome outcome = FallingCount.of(
                graph.flow(), code, transfer, loop, fixpoint.calls().active(), scope.trace);
        fixpoint.spend(outcome.steps());
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
        long before = fixpoint.steps();
        for (int round = 0;
                round < MOST_UNROLLED && unrolling + fixpoint.steps() - before < fixpoint.budget() / UNROLLING_SHARE;
                round++) {
            Scope one = pass(function, graph, loop, state.copy());
            leave(one, all);
            State back = one.back();
            if (back == null) {
                return all.trace.violations().isEmpty() ? all : null;
            }
            graph.tidy(loop.head(), back);
            if (Lattice.leq(state, back)) {
                // Nothing was ruled out: all later rounds are like this one.
                break;
            }
            state = back;
        }
        unrolling += fixpoint.steps() - before;
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
        fixpoint.walk(function, graph, loop.body(), part);
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
    Scope settle(LoopHead head, int written, Function<State, Scope> round) {
        boolean optimistic = transfer.isOptimistic();
        RoundGuess guess = guess(head, written, round);
        transfer.optimistic(optimistic);

        for (int pass = 0; ; pass++) {
            if (pass == MOST_PASSES || fixpoint.steps() > fixpoint.budget()) {
                head.forget(written);
            }
            State start = head.state();
            Scope scope = round.apply(start.copy());
            State back = scope.back();
            if (back != null && !Lattice.sameProtocol(head.entry(), back)) {
                // A round that takes or gives back something is for the walk to go through.
                scope.trace.tear();
                return scope;
            }
            boolean places = back == null || head.confirm(start, back);
            boolean rounds = back == null || head.confirmsBound(back);
            if (places && rounds) {
                return scope;
            }
            if (pass == LAST_PASS) {
                // Nothing is claimed of this loop: the walk goes through it.
                scope.trace.tear();
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
        if (fixpoint.steps() > fixpoint.budget()) {
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
        fixpoint.block(function, graph, loop.head(), start, scope);
        fixpoint.walk(function, graph, loop.body(), scope);
        return scope;
    }

    /** The last pass counts: what it saw, what left the loop, what returned. */
    private void finish(
            FunctionGraph graph, Element.Component loop, LoopHead head, Scope scope, Scope outer, boolean ends) {
        outer.trace.add(scope.trace);
        if (!ends) {
            Violation violation = Violation.of(
                    DiagnosticCode.V0110,
                    graph.flow().start(loop.head()),
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
