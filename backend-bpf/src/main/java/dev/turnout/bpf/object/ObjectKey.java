package dev.turnout.bpf.object;

import dev.turnout.ir.model.DebugType;

/**
 * A static key: its symbol is {@code BPF.SK.<name>}.
 *
 * @param initial its value at load
 * @param type bool or an enumeration; {@link DebugType.Void} where an object does not say
 */
public record ObjectKey(String name, long initial, DebugType type) {
    /**
     * The section of bytes that stand for keys on a target that patches no code, each a variable with its key's name: there C's skeletons
     * have the keys as members, and Linux 6.1 takes none of an object's types if a variable's name has a dot.
     */
    public static final String BYTES_SECTION = ".data.keys";

    static final String SYMBOL_PREFIX = "BPF.SK.";

    /** The symbol of the key of this name. */
    public static String symbol(String name) {
        return SYMBOL_PREFIX + name;
    }
}
