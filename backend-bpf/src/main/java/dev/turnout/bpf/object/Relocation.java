package dev.turnout.bpf.object;

/**
 * What an instruction means by name. The instruction's own fields at that place (distance, immediates, kind of a wide
 * load) mean nothing then; by custom they are zero and a wide load is a {@code CONSTANT}.
 *
 * @param slot of the instruction, from the start of its section
 */
public record Relocation(int slot, Reference to) {}
