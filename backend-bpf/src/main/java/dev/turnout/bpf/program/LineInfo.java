package dev.turnout.bpf.program;

/**
 * Where the code from a slot on came from.
 *
 * @param file as the compiler was given it
 * @param line from 1
 * @param column from 1; 0 if unknown
 * @param text the source line, as it stands; may be empty
 */
public record LineInfo(int slot, String file, int line, int column, String text) {}
