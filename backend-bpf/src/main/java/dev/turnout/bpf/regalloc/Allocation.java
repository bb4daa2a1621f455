package dev.turnout.bpf.regalloc;

/** What register allocation decided. */
public final class Allocation {
    private final int[] register;
    private final int spilled;
    private final int rematerialised;

    Allocation(int[] register, int spilled, int rematerialised) {
        this.register = register;
        this.spilled = spilled;
        this.rematerialised = rematerialised;
    }

    /** Number 0 to 10 of the machine register, by number of the virtual one. Not to be written. */
    public int[] register() {
        return register;
    }

    /** Live ranges that live in the frame. */
    public int spilled() {
        return spilled;
    }

    /** Live ranges that are computed again at each use. */
    public int rematerialised() {
        return rematerialised;
    }
}
