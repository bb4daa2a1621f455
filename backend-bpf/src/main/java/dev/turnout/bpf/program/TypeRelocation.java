package dev.turnout.bpf.program;

/**
 * An instruction that depends on the layout of a type of the kernel. It holds what is right for the layout that the program was compiled
 * against.
 *
 * @param slot of the instruction
 * @param type root of the access, in {@link Surroundings#types}
 * @param access indices from there: {@code 0:1:2}
 * @param kind as libbpf numbers what is asked: 0 is the byte offset of a field
 */
public record TypeRelocation(int slot, int type, String access, int kind) {}
