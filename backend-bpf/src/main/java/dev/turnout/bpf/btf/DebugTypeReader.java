package dev.turnout.bpf.btf;

import dev.turnout.ir.model.DebugType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Types for people from BTF. Modifiers are dropped, unions become structs whose members overlap, what a pointer leads to is
 * named and not described (a list's node would have no end), and types that refer to themselves or that are past all reason
 * become opaque: a reader of maps shows their bytes.
 */
public final class DebugTypeReader {
    /** Parts that a described type may have: BTF of a few kilobytes can nest itself into billions. */
    private static final int MOST_PARTS = 100_000;

    private static final int DEEPEST = 64;
    private static final DebugType VOID = new DebugType.Void();
    private static final DebugType BYTE = new DebugType.Integer("u8", 8, DebugType.Encoding.UNSIGNED);

    private final Btf btf;
    private final Map<Integer, Described> described = new HashMap<>();

    /** A type and how many parts it has. */
    private record Described(DebugType type, long parts) {}

    public DebugTypeReader(Btf btf) {
        this.btf = btf;
    }

    /** The type of this id; void for 0 and for ids that are none. */
    public DebugType type(int id) {
        return describe(id, 0).type;
    }

    private Described describe(int id, int depth) {
        Described known = described.get(id);
        if (known != null) {
            return known;
        }
        BtfType type = btf.find(id).orElse(null);
        if (type == null || depth > DEEPEST) {
            return new Described(VOID, 1);
        }
        // Until it is described, a type that comes back to itself finds this.
        described.put(id, new Described(VOID, 1));
        Described result = translate(type, depth + 1);
        if (result.parts > MOST_PARTS) {
            result = new Described(new DebugType.Struct(type.name(), Math.max(0, result.type.size()), List.of()), 1);
        }
        described.put(id, result);
        return result;
    }

    private Described translate(BtfType type, int depth) {
        return switch (type) {
            case BtfType.Int number -> new Described(number(number), 1);
            case BtfType.Pointer(int to) -> pointer(to, depth);
            case BtfType.Array(int of, int _, long count) -> {
                Described element = describe(of, depth);
                yield new Described(new DebugType.Array(element.type, count), element.parts + 1);
            }
            case BtfType.Composite composite -> composite(composite, depth);
            case BtfType.Enumeration enumeration -> {
                List<DebugType.Enumerator> members = new ArrayList<>();
                for (BtfType.Enumerator member : enumeration.members()) {
                    members.add(new DebugType.Enumerator(member.name(), member.value()));
                }
                yield new Described(
                        new DebugType.Enumeration(
                                enumeration.name(), enumeration.bytes(), enumeration.signed(), members),
                        1L + members.size());
            }
            case BtfType.Forward(String name, boolean _) -> new Described(new DebugType.Struct(name, 0, List.of()), 1);
            case BtfType.Typedef(String name, int to) -> {
                Described of = describe(to, depth);
                yield new Described(new DebugType.Typedef(name, of.type), of.parts + 1);
            }
            case BtfType.Modifier modifier -> describe(modifier.to(), depth);
            case BtfType.Function function -> describe(function.prototype(), depth);
            case BtfType.Prototype prototype -> prototype(prototype, depth);
            case BtfType.Variable variable -> describe(variable.type(), depth);
            case BtfType.DataSection _ -> new Described(VOID, 1);
            case BtfType.FloatingPoint(String name, int bytes) ->
                new Described(new DebugType.Typedef(name, new DebugType.Array(BYTE, bytes)), 2);
            case BtfType.DeclarationTag tag -> describe(tag.to(), depth);
        };
    }

    private static DebugType number(BtfType.Int number) {
        return switch (number.bytes()) {
            case 1, 2, 4, 8 -> {
                DebugType.Encoding encoding = DebugType.Encoding.UNSIGNED;
                if ((number.encoding() & 4) != 0) {
                    encoding = DebugType.Encoding.BOOL;
                } else if ((number.encoding() & 2) != 0) {
                    encoding = DebugType.Encoding.CHAR;
                } else if ((number.encoding() & 1) != 0) {
                    encoding = DebugType.Encoding.SIGNED;
                }
                yield new DebugType.Integer(number.name(), number.bytes() * 8, encoding);
            }
            default -> new DebugType.Typedef(number.name(), new DebugType.Array(BYTE, number.bytes()));
        };
    }

    private Described pointer(int to, int depth) {
        int at = to;
        for (int i = 0; i < DEEPEST && btf.find(at).orElse(null) instanceof BtfType.Modifier modifier; i++) {
            at = modifier.to();
        }
        if (btf.find(at).orElse(null) instanceof BtfType.Composite composite) {
            DebugType named = new DebugType.Struct(composite.name(), composite.size(), List.of());
            return new Described(new DebugType.Pointer(named), 2);
        }
        Described target = describe(at, depth);
        return new Described(new DebugType.Pointer(target.type), target.parts + 1);
    }

    private Described composite(BtfType.Composite composite, int depth) {
        List<DebugType.Member> members = new ArrayList<>();
        long parts = 1;
        for (BtfType.Member member : composite.members()) {
            Described type = describe(member.type(), depth);
            parts += type.parts;
            members.add(new DebugType.Member(member.name(), type.type, member.bitOffset(), member.bitSize()));
        }
        return new Described(new DebugType.Struct(composite.name(), composite.size(), members), parts);
    }

    private Described prototype(BtfType.Prototype prototype, int depth) {
        List<DebugType.Parameter> parameters = new ArrayList<>();
        long parts = 1;
        for (BtfType.Parameter parameter : prototype.parameters()) {
            Described type = describe(parameter.type(), depth);
            parts += type.parts;
            parameters.add(new DebugType.Parameter(parameter.name(), type.type));
        }
        Described result = describe(prototype.result(), depth);
        return new Described(new DebugType.Function(parameters, result.type), parts + result.parts);
    }
}
