package dev.turnout.bpf.object;

import dev.turnout.ir.model.DebugType;

/**
 * A name that an object uses and does not define, because the kernel has what it names.
 *
 * @param name unique among them
 * @param weak whether programs can do without
 * @param type id in the object's types: a FUNC_PROTO, or a variable's type; 0 if none is declared
 * @param signature of a function; {@link DebugType.Void} of what is none
 */
public record ObjectExtern(String name, Kind kind, boolean weak, int type, DebugType signature) {
    /** A function that a program of our own calls. */
    public static ObjectExtern function(String name, DebugType.Function signature) {
        return new ObjectExtern(name, Kind.FUNCTION, false, 0, signature);
    }

    /** What the object takes it for. */
    public enum Kind {
        FUNCTION,
        VARIABLE,
        /** A variable of type {@code void}: only its address is meant. */
        ADDRESS
    }
}
