package dev.turnout.x86.memory;

/**
 * A piece of code memory, taken until it is given back.
 *
 * @param address where it is executed; a multiple of {@link CodeMemory#GRANULE}
 * @param size in bytes, as it was asked for
 * @param reused whether other code lay here before
 */
public record CodeBlock(long address, int size, boolean reused) {}
