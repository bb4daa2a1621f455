package dev.turnout.bpf.object;

/**
 * A program that a structure of operations names: what the kernel calls when it calls that member.
 *
 * @param struct name of the structure's type, as the kernel has it
 * @param member name of the member
 * @param program name of the function
 */
public record StructOperation(String struct, String member, String program) {}
