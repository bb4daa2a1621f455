package dev.turnout.bpf.object;

import dev.turnout.ir.model.DebugType;
import java.util.Optional;

/**
 * A static key: its symbol is {@code BPF.SK.<name>}.
 *
 * @param initial its value at load
 * @param type bool or an enumeration; {@link DebugType.Void} where an object does not say
 */
public record ObjectKey(String name, long initial, DebugType type) {
    /** The section of bytes that stand for keys on a target that patches no code, each under its key's symbol. */
    public static final String BYTES_SECTION = ".data.keys";

    static final String SYMBOL_PREFIX = "BPF.SK.";

    /** The symbol of the key of this name. */
    public static String symbol(String name) {
        return SYMBOL_PREFIX + name;
    }

    /** The name of the key that a symbol stands for; empty if it stands for none. */
    public static Optional<String> ofSymbol(String symbol) {
        return symbol.startsWith(SYMBOL_PREFIX)
                ? Optional.of(symbol.substring(SYMBOL_PREFIX.length()))
                : Optional.empty();
    }
}
