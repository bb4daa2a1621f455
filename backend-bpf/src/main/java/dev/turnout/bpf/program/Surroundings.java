package dev.turnout.bpf.program;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.KernelBtf;
import java.util.List;

/**
 * What an object says of the world around a program.
 *
 * @param types of the object; {@link Btf#EMPTY} if it has none
 * @param symbols names that the kernel has to provide, in the order of their first use
 * @param target what the program is attached to: what follows the type in its section's name ({@code security_file_open} of {@code
 *     lsm/security_file_open}), or for a program that a structure of operations names, {@code struct.member}; empty if nothing says
 * @param relocations instructions that depend on the layout of a kernel's types, in order of slot
 * @param kernel types of the kernel that the program is judged for; {@link KernelBtf#NONE} if they are not known
 */
public record Surroundings(
        Btf types, List<KernelSymbol> symbols, String target, List<TypeRelocation> relocations, KernelBtf kernel) {
    /** Of a program that stands alone. */
    public static final Surroundings NONE = new Surroundings(Btf.EMPTY, List.of(), "", List.of(), KernelBtf.NONE);

    public Surroundings {
        symbols = List.copyOf(symbols);
        relocations = List.copyOf(relocations);
    }

    /** Of a program whose kernel's types are not known. */
    public Surroundings(Btf types, List<KernelSymbol> symbols, String target) {
        this(types, symbols, target, List.of(), KernelBtf.NONE);
    }

    /** The same before this kernel. */
    public Surroundings on(KernelBtf other) {
        return new Surroundings(types, symbols, target, relocations, other);
    }
}
