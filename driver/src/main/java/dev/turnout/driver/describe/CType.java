package dev.turnout.driver.describe;

import dev.turnout.ir.model.DebugType;

/** Types of members and variables in C. */
final class CType {
    private CType() {}

    /** A declaration without its semicolon; an array's length stands behind the name. */
    static String declare(String prefix, DebugType type, String name) {
        return switch (type) {
            case DebugType.Array(DebugType of, long count) -> declare(prefix, of, name + "[" + count + "]");
            case DebugType.Typedef(String _, DebugType of) -> declare(prefix, of, name);
            case DebugType.Integer number -> number(number) + " " + name;
            case DebugType.Pointer _ -> "uint64_t " + name;
            case DebugType.Enumeration enumeration ->
                (enumeration.name().isEmpty()
                                ? width(enumeration.bytes() * 8, enumeration.signed())
                                : prefix + CWords.identifier(enumeration.name()))
                        + " " + name;
            case DebugType.Struct struct ->
                struct.members().isEmpty() || struct.name().isEmpty()
                        ? "uint8_t " + name + "[" + struct.size() + "]"
                        : "struct " + prefix + CWords.identifier(struct.name()) + " " + name;
            case DebugType.Void _, DebugType.Function _ -> "uint8_t " + name;
        };
    }

    /** What a reader should know besides: an order of bytes, an address. */
    static String remark(DebugType type) {
        return switch (type) {
            case DebugType.Typedef(String name, DebugType _) ->
                name.startsWith("be") || name.startsWith("__be") ? "network order" : "";
            case DebugType.Array(DebugType of, long _) -> remark(of);
            case DebugType.Pointer _ -> "an address in the kernel";
            case DebugType.Integer _,
                    DebugType.Enumeration _,
                    DebugType.Struct _,
                    DebugType.Void _,
                    DebugType.Function _ -> "";
        };
    }

    /** Bytes of which its address is a multiple where C has its way. */
    static long alignment(DebugType type) {
        return switch (type) {
            case DebugType.Array(DebugType of, long _) -> alignment(of);
            case DebugType.Typedef(String _, DebugType of) -> alignment(of);
            case DebugType.Integer number -> number.size();
            case DebugType.Pointer _ -> 8;
            case DebugType.Enumeration enumeration -> enumeration.bytes();
            case DebugType.Struct struct -> of(struct);
            case DebugType.Void _, DebugType.Function _ -> 1;
        };
    }

    /** That of its strictest member; 1 if it is packed or opaque. */
    private static long of(DebugType.Struct struct) {
        long strictest = 1;
        for (DebugType.Member member : struct.members()) {
            if (member.bitSize() == 0) {
                long wanted = alignment(member.type());
                if (member.bitOffset() / 8 % wanted != 0) {
                    return 1;
                }
                strictest = Math.max(strictest, wanted);
            }
        }
        return struct.name().isEmpty() || struct.size() % strictest != 0 ? 1 : strictest;
    }

    private static String number(DebugType.Integer number) {
        return switch (number.encoding()) {
            case BOOL -> number.bits() == 8 ? "bool" : width(number.bits(), false);
            case CHAR -> number.bits() == 8 ? "char" : width(number.bits(), false);
            case SIGNED -> width(number.bits(), true);
            case UNSIGNED -> width(number.bits(), false);
        };
    }

    static String width(int bits, boolean signed) {
        return (signed ? "int" : "uint") + bits + "_t";
    }
}
