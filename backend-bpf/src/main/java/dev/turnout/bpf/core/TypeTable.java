package dev.turnout.bpf.core;

import dev.turnout.bpf.btf.BtfType;
import java.util.Optional;
import java.util.function.IntFunction;

/** Types by number, of an object or of a kernel. */
record TypeTable(IntFunction<Optional<BtfType>> find) {
    private static final int DEEPEST = 64;
    private static final String FLAVOUR = "___";

    /** The type of this number; {@code VOID} for 0 and numbers that are none. */
    BtfType at(int id) {
        return find.apply(id).orElse(VOID);
    }

    private static final BtfType VOID = new BtfType.Forward("", false);

    /** The number behind names and qualifiers. */
    int strip(int id) {
        int at = id;
        for (int i = 0; i < DEEPEST; i++) {
            switch (at(at)) {
                case BtfType.Modifier modifier -> at = modifier.to();
                case BtfType.Typedef typedef -> at = typedef.to();
                default -> {
                    return at;
                }
            }
        }
        return 0;
    }

    BtfType stripped(int id) {
        return at(strip(id));
    }

    /** Bytes; -1 where a type has none. */
    long size(int id) {
        long count = 1;
        int at = id;
        for (int i = 0; i < DEEPEST; i++) {
            switch (stripped(at)) {
                case BtfType.Array array -> {
                    count = Math.min(count * array.count(), Integer.MAX_VALUE);
                    at = array.of();
                }
                case BtfType.Int number -> {
                    return count * number.bytes();
                }
                case BtfType.Pointer _ -> {
                    return count * 8;
                }
                case BtfType.Composite struct -> {
                    return count * struct.size();
                }
                case BtfType.Enumeration enumeration -> {
                    return count * enumeration.bytes();
                }
                case BtfType.FloatingPoint number -> {
                    return count * number.bytes();
                }
                default -> {
                    return -1;
                }
            }
        }
        return -1;
    }

    /** Of an array, of whatever depth, the element; of all else the type itself. */
    int element(int id) {
        int at = strip(id);
        for (int i = 0; i < DEEPEST && at(at) instanceof BtfType.Array array; i++) {
            at = strip(array.of());
        }
        return at;
    }

    /** A name without its flavour. */
    static String essential(String name) {
        int flavour = name.lastIndexOf(FLAVOUR);
        return flavour <= 0 || flavour + FLAVOUR.length() >= name.length() ? name : name.substring(0, flavour);
    }

    /** Whether one can stand for the other as far as its kind goes. */
    static boolean sameKind(BtfType one, BtfType other) {
        return switch (one) {
            case BtfType.Composite struct -> other instanceof BtfType.Composite that && struct.union() == that.union();
            default -> one.getClass() == other.getClass();
        };
    }
}
