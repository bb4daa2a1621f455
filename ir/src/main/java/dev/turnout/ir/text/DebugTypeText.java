package dev.turnout.ir.text;

import dev.turnout.ir.model.DebugType;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Global;
import dev.turnout.ir.model.Key;
import dev.turnout.ir.model.MapDeclaration;
import dev.turnout.ir.model.Module;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Types for people as text. Structs, enums and typedefs of a module are named once, at the top, in an order in which
 * every name stands before its uses; a second type of the same name is written out where it is used.
 */
final class DebugTypeText {
    private final Map<String, DebugType> named = new HashMap<>();
    private final List<String> order = new ArrayList<>();

    DebugTypeText() {}

    DebugTypeText(Module module) {
        for (Global global : module.globals()) {
            collect(global.type());
        }
        for (MapDeclaration map : module.maps()) {
            collect(map.key());
            collect(map.value());
            map.inner().ifPresent(inner -> {
                collect(inner.key());
                collect(inner.value());
            });
        }
        module.fields().forEach(field -> collect(field.root()));
        module.kernelFunctions().forEach(one -> collect(one.signature()));
        for (Key key : module.keys()) {
            collect(key.type());
        }
        for (Function function : module.functions()) {
            collect(function.signature());
        }
    }

    /** Names that have a definition, each after those that it needs. */
    List<String> names() {
        return order;
    }

    void definition(StringBuilder out, String name) {
        body(out, Optional.ofNullable(named.get(name)).orElseThrow());
    }

    private void collect(DebugType type) {
        switch (type) {
            case DebugType.Void _, DebugType.Integer _, DebugType.Enumeration _ -> {}
            case DebugType.Typedef one -> collect(one.of());
            case DebugType.Pointer one -> collect(one.to());
            case DebugType.Array one -> collect(one.of());
            case DebugType.Struct one -> one.members().forEach(member -> collect(member.type()));
            case DebugType.Function one -> {
                one.parameters().forEach(parameter -> collect(parameter.type()));
                collect(one.result());
            }
        }
        String name = nameOf(type);
        if (!name.isEmpty() && plain(name).isEmpty() && !DebugTypeParser.KEYWORDS.contains(name)) {
            if (named.putIfAbsent(name, type) == null) {
                order.add(name);
            }
        }
    }

    private static String nameOf(DebugType type) {
        return switch (type) {
            case DebugType.Struct one -> one.name();
            case DebugType.Enumeration one -> one.name();
            case DebugType.Typedef one -> one.name();
            case DebugType.Void _, DebugType.Integer _, DebugType.Pointer _, DebugType.Array _, DebugType.Function _ ->
                "";
        };
    }

    /** The number that a word means by itself. */
    static Optional<DebugType.Integer> plain(String word) {
        return switch (word) {
            case "bool" -> Optional.of(new DebugType.Integer(word, 8, DebugType.Encoding.BOOL));
            case "char" -> Optional.of(new DebugType.Integer(word, 8, DebugType.Encoding.CHAR));
            case "u8", "u16", "u32", "u64" ->
                Optional.of(
                        new DebugType.Integer(word, Integer.parseInt(word.substring(1)), DebugType.Encoding.UNSIGNED));
            case "i8", "i16", "i32", "i64" ->
                Optional.of(
                        new DebugType.Integer(word, Integer.parseInt(word.substring(1)), DebugType.Encoding.SIGNED));
            default -> Optional.empty();
        };
    }

    void type(StringBuilder out, DebugType type) {
        String name = nameOf(type);
        if (!name.isEmpty() && type.equals(named.get(name))) {
            out.append(Quoted.word(name));
        } else {
            body(out, type);
        }
    }

    private void body(StringBuilder out, DebugType type) {
        switch (type) {
            case DebugType.Void _ -> out.append("void");
            case DebugType.Integer one -> {
                if (plain(one.name()).filter(one::equals).isPresent()) {
                    out.append(one.name());
                } else {
                    out.append("int ")
                            .append(Quoted.word(one.name()))
                            .append(' ')
                            .append(one.bits());
                    out.append(' ').append(one.encoding().name().toLowerCase(Locale.ROOT));
                }
            }
            case DebugType.Typedef one -> {
                out.append("typedef ").append(Quoted.word(one.name())).append(" = ");
                type(out, one.of());
            }
            case DebugType.Pointer one -> {
                out.append('*');
                type(out, one.to());
            }
            case DebugType.Array one -> {
                out.append('[');
                type(out, one.of());
                out.append("; ").append(one.count()).append(']');
            }
            case DebugType.Struct one -> {
                out.append("struct ")
                        .append(Quoted.word(one.name()))
                        .append(' ')
                        .append(one.size());
                out.append(" {");
                String separator = " ";
                for (DebugType.Member member : one.members()) {
                    out.append(separator).append(Quoted.word(member.name())).append(": ");
                    type(out, member.type());
                    out.append(" at ").append(member.bitOffset());
                    if (member.bitSize() != 0) {
                        out.append(" bits ").append(member.bitSize());
                    }
                    separator = ", ";
                }
                out.append(" }");
            }
            case DebugType.Enumeration one -> {
                out.append("enum ").append(Quoted.word(one.name())).append(' ').append(one.bytes());
                out.append(one.signed() ? " signed {" : " {");
                String separator = " ";
                for (DebugType.Enumerator member : one.members()) {
                    out.append(separator).append(Quoted.word(member.name())).append(" = ");
                    out.append(member.value());
                    separator = ", ";
                }
                out.append(" }");
            }
            case DebugType.Function one -> {
                out.append("fn");
                signature(out, one);
            }
        }
    }

    /** {@code (name: type, …) -> type}. */
    void signature(StringBuilder out, DebugType.Function type) {
        out.append('(');
        String separator = "";
        for (DebugType.Parameter parameter : type.parameters()) {
            out.append(separator).append(Quoted.word(parameter.name())).append(": ");
            type(out, parameter.type());
            separator = ", ";
        }
        out.append(") -> ");
        type(out, type.result());
    }
}
