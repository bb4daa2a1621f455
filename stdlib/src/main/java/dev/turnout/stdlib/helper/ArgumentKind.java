package dev.turnout.stdlib.helper;

/** What a helper demands of an argument. */
public enum ArgumentKind {
    /** Any initialised value; its meaning is a number. */
    SCALAR,
    /** The program's own context, unmodified. */
    CONTEXT,
    /** A map, known at load. */
    MAP,
    /** A readable, initialised key of the map argument: as many bytes as its keys have. */
    MAP_KEY,
    /** A readable, initialised value of the map argument. */
    MAP_VALUE,
    /** Memory for a value of the map argument, which the helper fills. */
    MAP_VALUE_OUT,
    /** Readable, initialised memory; its length is the next argument. */
    MEMORY,
    /** The same, or null. */
    MEMORY_OR_NULL,
    /** Memory that the helper fills; its length is the next argument. */
    MEMORY_OUT,
    /** The length of the memory argument before it, at least 1. */
    SIZE,
    /** The length of the memory argument before it; 0 is allowed. */
    SIZE_OR_ZERO,
    /** A pointer to 4 bytes that the helper writes. */
    INT_OUT,
    /** A pointer to 8 bytes that the helper writes. */
    LONG_OUT,
    /** A constant read-only string that ends in a zero byte. */
    CONST_STRING,
    /** The number of bytes to reserve: a constant. */
    ALLOCATION_SIZE,
    /** What a reserve gave and what is given back. */
    RESERVED_MEMORY,
    /** A static function: a callback. */
    FUNCTION,
    /** Memory of the caller's frame that is handed to a callback, or null. */
    STACK_OR_NULL,
    /** A spin lock inside a map value. */
    SPIN_LOCK
}
