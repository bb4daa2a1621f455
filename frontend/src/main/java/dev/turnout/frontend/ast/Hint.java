package dev.turnout.frontend.ast;

/** Which way a branch is laid out; never what it means. */
public enum Hint {
    NONE,
    LIKELY,
    UNLIKELY
}
