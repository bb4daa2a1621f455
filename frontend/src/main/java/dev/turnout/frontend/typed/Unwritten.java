package dev.turnout.frontend.typed;

import java.util.BitSet;

/**
 * The parts of a reserved record that may still hold what was there before when the program gives it away: these are zeroed
 * where it is reserved. Everything, until the checker has followed the record through the function and says less. Belongs to
 * one reserve, by identity.
 */
public final class Unwritten {
    private boolean followed;
    private boolean rest;
    private final BitSet fields = new BitSet();

    /** For the checker: from here on only what is added counts. */
    public void follow() {
        followed = true;
    }

    /** For the checker: a field that some way leaves unassigned, or that is read before. */
    public void addField(int index) {
        fields.set(index);
    }

    /** For the checker: what belongs to no field; or the whole of a record that is no struct. */
    public void addRest() {
        rest = true;
    }

    /** Whether all of the record is to be zeroed. */
    public boolean everything() {
        return !followed;
    }

    /** Whether the field with this index is to be zeroed. */
    public boolean hasField(int index) {
        return !followed || fields.get(index);
    }

    /** Whether what belongs to no field is to be zeroed. */
    public boolean hasRest() {
        return !followed || rest;
    }
}
