package dev.turnout.ir.model;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A field of a struct of the kernel, whose place a loader finds out. Its {@link Operation.Address}, in {@link Region#KERNEL}, is the number
 * of bytes from the start of the struct; moved by the struct's own address it leads to the field.
 *
 * @param root as the program's author saw it: only the fields that are used, and where they would lie if there were no others
 * @param path numbers of members, from the root inwards; not empty
 */
public record KernelField(String name, DebugType.Struct root, List<Integer> path) {
    public KernelField {
        path = List.copyOf(path);
    }

    /** Bytes from the start of the root as it stands here: what counts where nothing is known of the kernel. */
    public int offset() {
        DebugType at = root;
        int bits = 0;
        for (int step : path) {
            if (!(at instanceof DebugType.Struct struct)) {
                throw new IllegalStateException(name + " leads through what is no struct");
            }
            DebugType.Member member = struct.members().get(step);
            bits += member.bitOffset();
            at = member.type();
        }
        return bits / 8;
    }

    /** The way as relocations write it: {@code 0:1:2}. */
    public String access() {
        return "0:" + path.stream().map(String::valueOf).collect(Collectors.joining(":"));
    }
}
