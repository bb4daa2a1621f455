package dev.turnout.frontend.typed;

import org.jspecify.annotations.Nullable;

/** The identity of a loop or labelled switch, by which {@code break} and {@code continue} name it. */
public final class Loop {
    private final @Nullable String label;

    public Loop(@Nullable String label) {
        this.label = label;
    }

    /** The label in the source, if it has one. */
    public @Nullable String label() {
        return label;
    }
}
