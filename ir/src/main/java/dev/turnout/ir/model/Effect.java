package dev.turnout.ir.model;

/** What an operation does besides giving a value; passes ask this, never the operation's class. */
public enum Effect {
    /** Nothing: equal operations give equal values; may be removed, merged and moved. */
    PURE,
    /** Reads memory: may be removed when unused, not moved over a write. */
    READS,
    /** Writes memory, or is a fact that must stay where it is. */
    WRITES,
    /** Runs other code: reads and writes anything that is reachable. */
    CALLS;

    /** Whether an unused result lets the operation go. */
    public boolean removable() {
        return this == PURE || this == READS;
    }
}
