package dev.turnout.bpf.merge;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfType;

/** Types in a few words of C, for messages. */
final class TypeWords {
    private static final int DEEPEST = 6;

    private TypeWords() {}

    /** In back-quotes. */
    static String of(Btf types, int id) {
        return "`" + text(types, id, 0) + "`";
    }

    private static String text(Btf types, int id, int depth) {
        BtfType type = types.find(id).orElse(null);
        if (depth > DEEPEST) {
            return "…";
        }
        return switch (type) {
            case null -> "void";
            case BtfType.Pointer(int to) -> text(types, to, depth + 1) + " *";
            case BtfType.Array(int of, int _, long count) -> text(types, of, depth + 1) + "[" + count + "]";
            case BtfType.Composite composite ->
                (composite.union() ? "union " : "struct ") + named(composite) + " of " + composite.size() + " bytes";
            case BtfType.Forward forward -> (forward.union() ? "union " : "struct ") + named(forward);
            case BtfType.Enumeration enumeration -> "enum " + named(enumeration);
            case BtfType.Modifier modifier ->
                (modifier.kind() == BtfType.Modifier.Kind.CONST ? "const " : "")
                        + text(types, modifier.to(), depth + 1);
            case BtfType.Prototype prototype -> {
                StringBuilder out = new StringBuilder(text(types, prototype.result(), depth + 1)).append(" (");
                for (BtfType.Parameter one : prototype.parameters()) {
                    out.append(out.charAt(out.length() - 1) == '(' ? "" : ", ")
                            .append(text(types, one.type(), depth + 1));
                }
                yield out.append(")").toString();
            }
            case BtfType.Int _,
                    BtfType.Typedef _,
                    BtfType.FloatingPoint _,
                    BtfType.Function _,
                    BtfType.Variable _,
                    BtfType.DataSection _,
                    BtfType.DeclarationTag _ -> named(type);
        };
    }

    private static String named(BtfType type) {
        return type.name().isEmpty() ? "{…}" : type.name();
    }
}
