package dev.turnout.stdlib.helper;

/** What a helper's result is. */
public enum ResultKind {
    /** A number about which nothing is known. */
    SCALAR,
    /** Nothing: r0 is not to be read. */
    VOID,
    /** A pointer to a value of the map argument, or null. */
    MAP_VALUE_OR_NULL,
    /** Memory of as many bytes as the allocation size says, or null; must be given back. */
    RESERVED_MEMORY_OR_NULL,
    /** Control does not come back if the call succeeds. */
    TAIL
}
