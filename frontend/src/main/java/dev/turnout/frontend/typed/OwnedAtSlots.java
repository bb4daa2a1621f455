package dev.turnout.frontend.typed;

import java.util.IdentityHashMap;
import java.util.List;

/**
 * What a function owns where it reaches for an entry that cannot miss. Machines test the pointer all the same, and on the way
 * that is never taken these must be given back, or no verifier takes the program. Places count by identity.
 */
public final class OwnedAtSlots {
    private final IdentityHashMap<Place.MapSlot, List<Symbol.Local>> owned = new IdentityHashMap<>();

    /** For the checker, when it has followed the function. */
    public void add(Place.MapSlot slot, List<Symbol.Local> locals) {
        owned.putIfAbsent(slot, List.copyOf(locals));
    }

    /** The locals that still own something there, and that no {@code defer} gives back. */
    public List<Symbol.Local> at(Place.MapSlot slot) {
        return owned.getOrDefault(slot, List.of());
    }
}
