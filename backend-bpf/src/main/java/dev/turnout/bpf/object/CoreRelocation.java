package dev.turnout.bpf.object;

/**
 * A place where a loader fits an instruction to the kernel's own layout of a type ("compile once, run everywhere"). Kept
 * as read; the instruction holds what is right for the layout that the object was compiled against.
 *
 * @param slot of the instruction, from the start of its section
 * @param type root of the access, in the object's types
 * @param access member indices from there: {@code 0:1:2}
 * @param kind as libbpf numbers what is asked: 0 is the byte offset of a field
 */
public record CoreRelocation(int slot, int type, String access, int kind) {}
