package dev.turnout.bpf.program;

import dev.turnout.bpf.btf.Btf;
import java.util.List;

/**
 * What an object says of the world around a program.
 *
 * @param types of the object; {@link Btf#EMPTY} if it has none
 * @param symbols names that the kernel has to provide, in the order of their first use
 * @param target what the program is attached to: what follows the type in its section's name ({@code security_file_open} of {@code
 *     lsm/security_file_open}), or for a program that a structure of operations names, {@code struct.member}; empty if nothing says
 */
public record Surroundings(Btf types, List<KernelSymbol> symbols, String target) {
    /** Of a program that stands alone. */
    public static final Surroundings NONE = new Surroundings(Btf.EMPTY, List.of(), "");

    public Surroundings {
        symbols = List.copyOf(symbols);
    }
}
