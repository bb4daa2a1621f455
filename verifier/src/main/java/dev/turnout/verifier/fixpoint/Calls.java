package dev.turnout.verifier.fixpoint;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.domain.AbstractAlgebra;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Lattice;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.report.Violation;
import dev.turnout.verifier.transfer.Transfer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the program's own functions, and by helpers: each function is analysed where it is called, in its caller's
 * context.
 */
final class Calls {
    /** Frames that may be active at once, main's included: Linux 7.2. */
    static final int MOST_FRAMES = 16;

    private static final int MEMO = 8;

    /** In place of blocks, in the scope of a round of callbacks: the next round, and what follows the last. */
    private static final int ROUND = 0;

    private static final int LEFT = 1;

    private final BpfProgram program;
    private final boolean predicts;
    private final Fixpoint fixpoint;
    private final Transfer transfer;
    /** Numbers of the active functions, main first; replaced, never changed. */
    private List<Integer> active = List.of();

    /** Callbacks among the active functions. */
    private int callbacks;

    private final Map<Integer, List<Memo>> memo = new TreeMap<>();

    /** What a call from {@code entry} was found to do. */
    private record Memo(State entry, @Nullable State exit, Trace trace, boolean optimistic) {}

    Calls(BpfProgram program, Options options, Fixpoint fixpoint, Transfer transfer) {
        this.program = program;
        this.predicts = options.predicts();
        this.fixpoint = fixpoint;
        this.transfer = transfer;
    }

    /** Numbers of the active functions, main first. */
    List<Integer> active() {
        return active;
    }

    /** Whether a helper waits for some active function. */
    boolean inCallback() {
        return callbacks > 0;
    }

    /** Goes through a function. */
    Scope function(int function, State entry) {
        List<Integer> callers = active;
        List<Integer> all = new ArrayList<>(callers);
        all.add(function);
        active = List.copyOf(all);
        Scope scope = fixpoint.function(function, entry);
        active = callers;
        return scope;
    }

    void call(int caller, int slot, int start, State state, int next, Scope scope) {
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
        scope.trace.calls().call(caller, callee);
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
        if (fixpoint.steps() > fixpoint.budget() / 8) {
            entry.mapValues(value -> value instanceof Value.Scalar ? entry.fresh(Num.top()) : value);
            for (Memo old : known) {
                if (old.optimistic == transfer.isOptimistic()
                        && old.entry.held().equals(entry.held())
                        && Lattice.leq(entry, old.entry)) {
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
     * argument (of which Linux knows nothing), and which ends after n rounds or when the callback returns 1. Between rounds nothing of r0 to r5 is alive; the
     * callback reaches the caller's frames through {@code context}.
     */
    void countedCalls(int caller, int slot, State state, int next, Scope outer) {
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
        LoopHead head = fixpoint.loops().head(state);
        Scope scope = fixpoint.loops().settle(head, 0, start -> {
            Scope round = new Scope(ROUND, new BitSet());
            round.deliver(LEFT, start.copy());
            if (most > 0 && start.learn(Form.symbol(head.counter()), Num.unsigned(0, most - 1))) {
                start.put(
                        Reg.R1,
                        predicts
                                ? start.fresh(Num.top())
                                : new Value.Scalar(start.symbol(head.counter()), Form.symbol(head.counter())));
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
            calls.trace.calls().callback(program.functions().indexOf(program.functionAt(start)));
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
}
