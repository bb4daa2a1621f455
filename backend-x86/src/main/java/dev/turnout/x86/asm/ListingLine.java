package dev.turnout.x86.asm;

/**
 * An instruction, or a datum, as text in Intel's syntax.
 *
 * @param offset of its first byte, from the start of the code
 * @param length in bytes
 */
public record ListingLine(int offset, int length, String text) {}
