package dev.turnout.runtime.interpreter;

/** Looks at a machine before each instruction. What it throws ends the run and reaches whoever began it. */
public interface Watcher {
    /** Called before a run, on its thread; how the one before it ended is not said. */
    void begins();

    /** Called on the thread of the run; {@code moment} is valid until this returns. */
    void before(Moment moment);
}
