package dev.turnout.bpf.program;

/**
 * A name that a program uses and the kernel has to provide. A {@code CallKernel} and a wide load of kind {@code BTF_ID} name one by its
 * index in {@link Surroundings#symbols}.
 *
 * @param name as the kernel has it, without the flavour that a compiler was shown ({@code bpf_x___old} is {@code bpf_x})
 * @param weak whether the program can do without: its address is 0 then, and calling it is an error only if a run can come there
 * @param type id in {@link Surroundings#types}, as the program's author declared it: the FUNC_PROTO of a function, a variable's type; 0
 *     where nothing is declared
 */
public record KernelSymbol(String name, Kind kind, boolean weak, int type) {
    /** What it is. */
    public enum Kind {
        /** A function that programs may call. */
        FUNCTION,
        /** A variable, whose type the kernel's own types say. */
        VARIABLE,
        /** An address and no more: a number to the program. */
        ADDRESS
    }
}
