package dev.turnout.bpf.object;

/**
 * A name that an object uses and does not define, because the kernel has what it names.
 *
 * @param name unique among them
 * @param weak whether programs can do without
 * @param type id in the object's types: a FUNC_PROTO, or a variable's type; 0 if none is declared
 */
public record ObjectExtern(String name, Kind kind, boolean weak, int type) {
    /** What the object takes it for. */
    public enum Kind {
        FUNCTION,
        VARIABLE,
        /** A variable of type {@code void}: only its address is meant. */
        ADDRESS
    }
}
