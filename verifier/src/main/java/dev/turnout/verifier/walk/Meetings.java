package dev.turnout.verifier.walk;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.cfg.ControlFlow;
import dev.turnout.verifier.domain.Lattice;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.report.Violation;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where paths meet: compares a state with those that were seen before at the same place, and keeps some of them. When to
 * keep one is Linux's rule of thumb: not too often, rarely inside of a loop whose head was seen on this path, and not what was
 * compared with in vain too often.
 */
final class Meetings {
    private static final int FEW_JUMPS = 2;
    private static final int FEW_INSNS = 8;
    /** Inside of a loop. */
    private static final int MANY_JUMPS = 20;

    private static final int MANY_INSNS = 100;
    private static final int PATIENCE = 3;
    /** With the rounds of counted loops, which come to an end only by a comparison. */
    private static final int MUCH_PATIENCE = 64;
    /** States that are kept in all: some 300 MB of the larger ones. */
    private static final int MOST_KEPT = 100_000;

    private final Code code;
    private final List<Relevance> relevance = new ArrayList<>();
    private final boolean forgetful;
    private final List<Checkpoint> all = new ArrayList<>();
    private int kept;
    private boolean returned;

    /** What becomes of a path. */
    enum Meeting {
        GOES_ON,
        /** What it would find has been seen. */
        SEEN,
        /** It has come back to where it was, with nothing changed. */
        ENDLESS
    }

    Meetings(Code code, List<ControlFlow> flows, boolean forgetful) {
        this.code = code;
        this.forgetful = forgetful;
        for (ControlFlow flow : flows) {
            relevance.add(Relevance.of(flow, code));
        }
    }

    /**
     * @param slot where the path is, or a number that stands for a place of its activation
     * @param forced whether the place is to be kept in any case, because a count moves there
     */
    Meeting meet(Walker path, int slot, boolean forced) {
        if (!forced && !relevance.get(path.at.function()).isMeeting(slot)) {
            return Meeting.GOES_ON;
        }
        forget(path, slot);
        Point point = path.at.point(slot);
        Checkpoint around = null;
        boolean keeps = forced || isWorthKeeping(path, false);
        for (Iterator<Checkpoint> each = point.checkpoints().reversed().iterator(); each.hasNext(); ) {
            Checkpoint old = each.next();
            State seen = old.state();
            if (seen == null) {
                continue;
            }
            if (around == null && old.isOpen()) {
                around = old;
                keeps &= forced || isWorthKeeping(path, true);
            }
            if (mayInclude(seen, path.state) && Lattice.leq(path.state, seen)) {
                Meeting meeting = included(path, old, seen);
                if (meeting != Meeting.GOES_ON) {
                    return meeting;
                }
            }
            // Where no state is added none has to make room: else the rounds of a loop would drive out what was seen
            // before it.
            if (keeps && old.miss(forced && old.isOpen() ? MUCH_PATIENCE : PATIENCE)) {
                each.remove();
                old.drop();
                kept--;
            }
        }
        State round = around == null ? null : around.state();
        if (forced && forgetful && round != null && around != null && path.hasProgressedSince(around)) {
            Generalisation.widen(path.state, round);
        }
        if (keeps) {
            keep(path, point);
        }
        return Meeting.GOES_ON;
    }

    private Meeting included(Walker path, Checkpoint old, State seen) {
        if (!Rounds.leavesNoMore(path.rounds, old.rounds())) {
            return Meeting.GOES_ON;
        }
        boolean finished = !old.isOpen();
        if (finished || path.hasProgressedSince(old)) {
            returned |= !finished;
            old.hit();
            old.arrive(new Checkpoint.Arrival(path.last, path.counted, path.restarts));
            return Meeting.SEEN;
        }
        return Lattice.leq(seen, path.state) ? Meeting.ENDLESS : Meeting.GOES_ON;
    }

    private static boolean isWorthKeeping(Walker path, boolean inLoop) {
        return inLoop
                ? path.jumps >= MANY_JUMPS || path.insns >= MANY_INSNS
                : path.jumps >= FEW_JUMPS && path.insns >= FEW_INSNS;
    }

    private void keep(Walker path, Point point) {
        boolean compared = kept < MOST_KEPT;
        Checkpoint checkpoint = new Checkpoint(
                path.last, path.slot, compared ? path.state.copy() : null, path.rounds, path.counted, path.restarts);
        all.add(checkpoint);
        if (compared) {
            kept += point.add(checkpoint);
        }
        path.last = checkpoint;
        path.counted = Checkpoint.NONE;
        path.restarts = Checkpoint.NONE;
        path.jumps = 0;
        path.insns = 0;
    }

    /** Forgets what nothing needs: in the function that the path is in, and in all that wait for it. */
    private void forget(Walker path, int slot) {
        State state = path.state;
        Activation at = path.at;
        if (at.isHelper()) {
            Activation caller = at.caller();
            Generalisation.forgetBetweenRounds(
                    state, relevance.get(caller.function()), code.next(at.site()), forgetful);
            at = caller;
        } else {
            Generalisation.forgetDead(state, relevance.get(at.function()), slot);
            if (forgetful) {
                Generalisation.forgetIrrelevant(state, relevance.get(at.function()), slot);
            }
        }
        int depth = state.depth() - 1;
        for (; !at.isRoot(); at = at.caller()) {
            Activation caller = at.caller();
            if (!caller.isHelper()) {
                Generalisation.forgetWaiting(
                        state, depth--, relevance.get(caller.function()), code.next(at.site()), forgetful);
            }
        }
        state.sweep();
    }

    /** A quick no: constants that differ, and other kinds of things. */
    private static boolean mayInclude(State big, State small) {
        for (int r = 0; r < Reg.R10.number(); r++) {
            Value old = big.reg(Reg.of(r));
            Value now = small.reg(Reg.of(r));
            boolean may = switch (old) {
                case Value.Unreadable _ -> true;
                case Value.Scalar scalar ->
                    now instanceof Value.Scalar other
                            && (!scalar.num().isConstant() || scalar.num().equals(small.num(other)));
                case Value.Pointer _, Value.FunctionAddress _ ->
                    now instanceof Value.Pointer || now instanceof Value.FunctionAddress || now instanceof Value.Scalar;
                case Value.CodeAddress _ -> now instanceof Value.CodeAddress;
                case Value.StackObject _ -> now instanceof Value.StackObject;
            };
            if (!may) {
                return false;
            }
        }
        return true;
    }

    /** A loop whose rounds nothing counts, if there is one; null if every path ends. */
    @Nullable
    Violation endless() {
        if (!returned) {
            return null;
        }
        int slot = new Termination(all).endless();
        return slot < 0 ? null : endless(slot);
    }

    Violation endless(int slot) {
        return Violation.of(DiagnosticCode.V0110, slot, "the loop that begins here does not end")
                .note("on some path nothing that it depends on changes from round to round")
                .help("count the rounds, and leave the loop when a constant is reached");
    }
}
