package dev.turnout.runtime.interpreter;

/** Looks at a machine before each instruction. What it throws ends the run and reaches whoever began it. */
@FunctionalInterface
public interface Watcher {
    /** Called on the thread of the run; {@code moment} is valid until this returns. */
    void before(Moment moment);
}
