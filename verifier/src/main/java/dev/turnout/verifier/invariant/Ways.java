package dev.turnout.verifier.invariant;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The ways on from jumps that some run may take: both edges of a conditional jump, and the targets of a {@code gotox}. What
 * is not in here no run does, in any context of calls.
 */
public final class Ways {
    private final BitSet jumps = new BitSet();
    private final BitSet goesOn = new BitSet();
    private final Map<Integer, TreeSet<Integer>> targets = new TreeMap<>();

    public void jumps(int slot) {
        jumps.set(slot);
    }

    public void goesOn(int slot) {
        goesOn.set(slot);
    }

    public void goesTo(int slot, int target) {
        targets.computeIfAbsent(slot, _ -> new TreeSet<>()).add(target);
    }

    public void add(Ways other) {
        jumps.or(other.jumps);
        goesOn.or(other.goesOn);
        other.targets.forEach((slot, more) ->
                targets.computeIfAbsent(slot, _ -> new TreeSet<>()).addAll(more));
    }

    /** Whether a run may take the conditional jump at {@code slot}. */
    public boolean mayJump(int slot) {
        return jumps.get(slot);
    }

    /** Whether a run may go on behind the conditional jump at {@code slot}. */
    public boolean mayGoOn(int slot) {
        return goesOn.get(slot);
    }

    /** Slots that the {@code gotox} at {@code slot} may go to, ascending. */
    public List<Integer> targets(int slot) {
        TreeSet<Integer> known = targets.get(slot);
        return known == null ? List.of() : List.copyOf(known);
    }
}
