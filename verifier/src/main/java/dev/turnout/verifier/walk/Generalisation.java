package dev.turnout.verifier.walk;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.verifier.domain.Frame;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;

/** Makes a state wider where paths meet, so that fewer states are told apart. Every machine state of it stays in it. */
final class Generalisation {
    private static final int FIRST_KEPT = 6;

    private Generalisation() {}

    /** Forgets registers that nothing reads any more. */
    static void forgetDead(State state, Relevance relevance, int slot) {
        for (int r = 0; r < Reg.R10.number(); r++) {
            if (!relevance.isLive(slot, Reg.of(r))) {
                state.put(Reg.of(r), Value.Unreadable.VALUE);
            }
        }
    }

    /** Forgets words of the frame that nothing reads, and the numbers that do not matter. */
    static void forgetIrrelevant(State state, Relevance relevance, int slot) {
        for (int r = 0; r < Reg.R10.number(); r++) {
            if (state.reg(Reg.of(r)) instanceof Value.Scalar && !relevance.matters(slot, Reg.of(r))) {
                state.put(Reg.of(r), state.fresh(Num.top()));
            }
        }
        forgetFrame(state, state.depth(), relevance, slot);
    }

    /**
     * Does the same for a function whose helper is between two rounds of its callback: r1 to r4 are the helper's.
     *
     * @param slot where the function goes on after the helper
     */
    static void forgetBetweenRounds(State state, Relevance relevance, int slot, boolean numbers) {
        state.put(Reg.R0, Value.Unreadable.VALUE);
        state.put(Reg.R5, Value.Unreadable.VALUE);
        for (int r = FIRST_KEPT; r < Reg.R10.number(); r++) {
            Reg reg = Reg.of(r);
            if (!relevance.isLive(slot, reg)) {
                state.put(reg, Value.Unreadable.VALUE);
            } else if (numbers && state.reg(reg) instanceof Value.Scalar && !relevance.matters(slot, reg)) {
                state.put(reg, state.fresh(Num.top()));
            }
        }
        if (numbers) {
            forgetFrame(state, state.depth(), relevance, slot);
        }
    }

    /**
     * Does the same for a function that waits for a call.
     *
     * @param depth of its frame
     * @param slot where it goes on after the call
     */
    static void forgetWaiting(State state, int depth, Relevance relevance, int slot, boolean numbers) {
        for (int k = 0; k < State.KEPT; k++) {
            Reg reg = Reg.of(FIRST_KEPT + k);
            Value value = state.kept(depth, k);
            if (!relevance.isLive(slot, reg) && !(value instanceof Value.Unreadable)) {
                state.dropKept(depth, k);
            } else if (numbers && value instanceof Value.Scalar && !relevance.matters(slot, reg)) {
                state.keep(depth, k, state.fresh(Num.top()));
            }
        }
        if (numbers) {
            forgetFrame(state, depth, relevance, slot);
        }
    }

    private static void forgetFrame(State state, int depth, Relevance relevance, int slot) {
        Frame frame = state.frame(depth);
        state.put(depth, frame.keep(relevance.liveWords(slot)).blur(relevance.matterWords(slot)));
    }

    /**
     * Makes the numbers unknown that a round of a loop has changed, as Linux does: what a count bounds is then seen to come
     * to an end of its own after a few rounds. A number that stayed in its range keeps that, and is tied to no other.
     *
     * @param before the state of the round before, at the same place
     */
    static void widen(State now, State before) {
        for (int r = 0; r < Reg.R10.number(); r++) {
            Reg reg = Reg.of(r);
            now.put(reg, wider(now, now.reg(reg), before, before.reg(reg), Num.top()));
        }
        for (int d = 0; d <= now.depth(); d++) {
            Frame frame = now.frame(d);
            Frame old = before.frame(d);
            Frame wide = frame;
            for (int i = 0; i < frame.cells(); i++) {
                int at = old.find(frame.offset(i), frame.width(i));
                if (at >= 0) {
                    Num most = Num.ofBits(8 * frame.width(i));
                    Value value = wider(now, frame.value(i), before, old.value(at), most);
                    wide = value.equals(frame.value(i)) ? wide : wide.store(frame.offset(i), frame.width(i), value);
                }
            }
            now.put(d, wide);
        }
    }

    private static Value wider(State now, Value value, State before, Value old, Num most) {
        if (!(value instanceof Value.Scalar mine && old instanceof Value.Scalar other) || mine.equals(other)) {
            return value;
        }
        Num range = before.num(other);
        return now.fresh(now.num(mine).leq(range) ? range : most);
    }
}
