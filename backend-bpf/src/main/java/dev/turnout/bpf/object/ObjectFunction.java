package dev.turnout.bpf.object;

import dev.turnout.ir.model.DebugType;

/**
 * A function of a code section.
 *
 * @param name unique in the object
 * @param start first slot, from the start of the section
 * @param end slot behind the last
 * @param signature a {@link DebugType.Function}; {@link DebugType.Void} where an object does not say
 */
public record ObjectFunction(String name, int start, int end, Kind kind, DebugType signature) {
    public ObjectFunction {
        if (start < 0 || end <= start) {
            throw new IllegalArgumentException(name + " from " + start + " to " + end);
        }
        if (!(signature instanceof DebugType.Function || signature instanceof DebugType.Void)) {
            throw new IllegalArgumentException(signature + " of " + name + " is no signature");
        }
    }

    /** Who calls a function, and so how it is linked and verified. */
    public enum Kind {
        /** Entered from outside; in a section that names its type. */
        PROGRAM,
        /** In {@code .text}; verified for each caller; its address may be taken. */
        STATIC,
        /** In {@code .text}; verified alone, from its types. */
        GLOBAL
    }
}
