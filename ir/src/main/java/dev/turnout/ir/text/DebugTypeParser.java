package dev.turnout.ir.text;

import dev.turnout.ir.model.DebugType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what {@link DebugTypeText} writes. */
final class DebugTypeParser {
    /** Words that begin a type and so name none. */
    static final Set<String> KEYWORDS = Set.of("void", "int", "typedef", "struct", "enum", "fn");

    /** Nesting past this is an error: types are read by recursion. */
    private static final int DEEPEST = 100;

    private final TokenReader in;
    private final Map<String, DebugType> named = new HashMap<>();
    private int depth;

    DebugTypeParser(TokenReader in) {
        this.in = in;
    }

    /** {@code type Name = …}, behind the first word. */
    void definition() {
        Token at = in.peek();
        String name = in.name("the name of a type");
        in.mark("=");
        if (named.putIfAbsent(name, type()) != null) {
            throw in.error(at, "a second type is called `" + name + "`");
        }
    }

    DebugType type() {
        if (++depth > DEEPEST) {
            throw in.error(in.peek(), "types are nested deeper than " + DEEPEST);
        }
        DebugType type = in.tryMark("*") ? new DebugType.Pointer(type()) : in.tryMark("[") ? array() : word();
        depth--;
        return type;
    }

    void reset() {
        depth = 0;
    }

    private DebugType array() {
        DebugType of = type();
        in.mark(";");
        long count = in.number("a number of elements");
        in.mark("]");
        return new DebugType.Array(of, count);
    }

    private DebugType word() {
        Token at = in.peek();
        if (at.kind() == Token.Kind.WORD && KEYWORDS.contains(at.text())) {
            String keyword = in.take().text();
            return switch (keyword) {
                case "void" -> new DebugType.Void();
                case "int" -> integer();
                case "typedef" -> typedef();
                case "struct" -> struct();
                case "enum" -> enumeration();
                default -> signature();
            };
        }
        String name = in.name("a type");
        DebugType found = named.get(name);
        if (found != null) {
            return found;
        }
        Optional<DebugType.Integer> plain = at.kind() == Token.Kind.WORD ? DebugTypeText.plain(name) : Optional.empty();
        return plain.orElseThrow(() -> in.error(at, "no type is called `" + name + "` up to here"));
    }

    private DebugType integer() {
        String name = in.name("the name of an integer type");
        int bits = in.smallNumber("a number of bits", 8, 64);
        Token encoding = in.word("`unsigned`, `signed`, `bool` or `char`");
        return new DebugType.Integer(
                name,
                bits,
                switch (encoding.text()) {
                    case "unsigned" -> DebugType.Encoding.UNSIGNED;
                    case "signed" -> DebugType.Encoding.SIGNED;
                    case "bool" -> DebugType.Encoding.BOOL;
                    case "char" -> DebugType.Encoding.CHAR;
                    default -> throw in.error(encoding, "an encoding is `unsigned`, `signed`, `bool` or `char`");
                });
    }

    private DebugType typedef() {
        String name = in.name("the name of a type");
        in.mark("=");
        return new DebugType.Typedef(name, type());
    }

    private DebugType struct() {
        String name = optionalName();
        long size = in.number("a size in bytes");
        List<DebugType.Member> members = new ArrayList<>();
        in.mark("{");
        while (!in.tryMark("}")) {
            String member = in.name("the name of a field");
            in.mark(":");
            DebugType type = type();
            in.keyword("at");
            int offset = in.smallNumber("a bit offset", 0, Integer.MAX_VALUE);
            int bits = in.tryWord("bits") ? in.smallNumber("a number of bits", 1, 64) : 0;
            members.add(new DebugType.Member(member, type, offset, bits));
            if (!in.atMark("}")) {
                in.mark(",");
            }
        }
        return new DebugType.Struct(name, size, members);
    }

    private DebugType enumeration() {
        String name = optionalName();
        int bytes = in.smallNumber("a size in bytes", 1, 8);
        boolean signed = in.tryWord("signed");
        List<DebugType.Enumerator> members = new ArrayList<>();
        in.mark("{");
        while (!in.tryMark("}")) {
            String member = in.name("the name of a member");
            in.mark("=");
            members.add(new DebugType.Enumerator(member, in.number("a number")));
            if (!in.atMark("}")) {
                in.mark(",");
            }
        }
        return new DebugType.Enumeration(name, bytes, signed, members);
    }

    private String optionalName() {
        return in.name("the name of a type (`\"\"` for none)");
    }

    /** {@code (name: type, …) -> type}. */
    DebugType.Function signature() {
        List<DebugType.Parameter> parameters = new ArrayList<>();
        in.mark("(");
        while (!in.tryMark(")")) {
            String name = in.name("the name of a parameter");
            in.mark(":");
            parameters.add(new DebugType.Parameter(name, type()));
            if (!in.atMark(")")) {
                in.mark(",");
            }
        }
        in.mark("->");
        return new DebugType.Function(parameters, type());
    }
}
