package dev.turnout.stdlib.program;

import java.util.List;
import java.util.Optional;

/**
 * The results of a program type that have names. In the language they are a closed enum, whose members are also constants
 * with these C names.
 */
public enum Verdicts {
    /** {@code enum xdp_action}. */
    XDP_ACTION("XdpAction", 0, "XDP_ABORTED", "XDP_DROP", "XDP_PASS", "XDP_TX", "XDP_REDIRECT"),
    /** The results of tc classifiers in direct-action mode, from -1 on. */
    TC_ACTION(
            "TcAction",
            -1,
            "TC_ACT_UNSPEC",
            "TC_ACT_OK",
            "TC_ACT_RECLASSIFY",
            "TC_ACT_SHOT",
            "TC_ACT_PIPE",
            "TC_ACT_STOLEN",
            "TC_ACT_QUEUED",
            "TC_ACT_REPEAT",
            "TC_ACT_REDIRECT",
            "TC_ACT_TRAP"),
    /** No names: the result is an {@code i32}. */
    NONE("i32", 0);

    private final String typeName;
    private final int first;
    private final List<String> names;

    Verdicts(String typeName, int first, String... names) {
        this.typeName = typeName;
        this.first = first;
        this.names = List.of(names);
    }

    /** Name of the result type in the language. */
    public String typeName() {
        return typeName;
    }

    /** Names in order of value. */
    public List<String> names() {
        return names;
    }

    /** The value of the first name; the others follow without gaps. */
    public int first() {
        return first;
    }

    /** The name of a result, if it has one. */
    public Optional<String> name(int value) {
        long index = (long) value - first;
        return index >= 0 && index < names.size() ? Optional.of(names.get((int) index)) : Optional.empty();
    }
}
