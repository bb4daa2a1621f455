package dev.turnout.bpf.object;

import dev.turnout.ir.model.DebugType;

/** What an instruction can mean by name. */
public sealed interface Reference {
    /** A map; on a wide load, which gives its address. */
    record ToMap(String map) implements Reference {}

    /**
     * A byte of what an arena map holds at load; on a wide load, which gives its address in the arena.
     *
     * @param offset bytes from the start of the object's section of such variables
     */
    record ToArena(String map, int offset) implements Reference {}

    /**
     * A byte of a data section; on a wide load, which gives its address.
     *
     * @param offset bytes from the start of the section
     */
    record ToData(String section, int offset) implements Reference {}

    /** A function: the callee of a {@code CallLocal}, or the function whose address a wide load gives. */
    record ToFunction(String function) implements Reference {}

    /**
     * A jump table; on a wide load, which gives the address of an entry.
     *
     * @param offset bytes from the start of the table, a multiple of 8
     */
    record ToJumpTable(String table, int offset) implements Reference {}

    /** A table of functions; on a wide load, which gives the address of its first row. */
    record ToFunctionTable(String table) implements Reference {}

    /** A kernel function; on a {@code CallKernel}. */
    record ToKernelFunction(String function) implements Reference {}

    /**
     * Bytes from the start of a struct of the kernel to one of its fields; on a wide load, which gives the number.
     *
     * @param name of the struct and the members on the way, for people
     * @param root as the program's author saw it
     * @param access member indices from there: {@code 0:1:2}
     * @param offset in that struct, for loaders that know no other
     */
    record ToField(String name, DebugType.Struct root, String access, int offset) implements Reference {}

    /** A variable that the loader or the kernel provides; on a wide load. */
    record ToExtern(String name) implements Reference {}
}
