package dev.turnout.runtime.engine;

/** How much of itself a program may repeat: the same in every engine, and in Linux. */
public final class Limits {
    /** How often {@code may_goto} falls through in one call of a function, and the most turns of {@code bpf_loop}. */
    public static final int MOST_TURNS = 8_388_608;

    /** Tail calls in a row. */
    public static final int MOST_TAIL_CALLS = 33;

    private Limits() {}
}
