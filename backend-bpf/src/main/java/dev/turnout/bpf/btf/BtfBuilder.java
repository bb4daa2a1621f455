package dev.turnout.bpf.btf;

import dev.turnout.ir.model.DebugType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the types of an object, each once. Ids are given in order of need, what a type needs first. */
public final class BtfBuilder {
    private final List<BtfType> types = new ArrayList<>();
    private final Map<BtfType, Integer> ids = new HashMap<>();
    private final Map<DebugType, Integer> known = new HashMap<>();

    public Btf build() {
        return new Btf(types);
    }

    /** The id of this record, which is added if no equal one is there. */
    public int add(BtfType type) {
        Integer id = ids.get(type);
        if (id == null) {
            types.add(type);
            id = types.size();
            ids.put(type, id);
        }
        return id;
    }

    /** The id of a type for people; 0 for void. */
    public int add(DebugType type) {
        if (type instanceof DebugType.Void) {
            return 0;
        }
        Integer id = known.get(type);
        if (id == null) {
            id = add(record(type));
            known.put(type, id);
        }
        return id;
    }

    /** The id of a function with its signature. */
    public int function(String name, DebugType.Function signature, BtfType.Linkage linkage) {
        return add(new BtfType.Function(identifier(name), add(signature), linkage));
    }

    /** A pointer to an array whose length is the number: how map definitions hold numbers. */
    public int number(long value) {
        return add(new BtfType.Pointer(add(new BtfType.Array(intType(), indexType(), value))));
    }

    /** An array whose length its type does not say. */
    public int open(int element) {
        return add(new BtfType.Array(element, indexType(), 0));
    }

    /** C's int. */
    public int intType() {
        return add(new BtfType.Int("int", 4, 1, 0, 32));
    }

    private int indexType() {
        return add(new BtfType.Int("__ARRAY_SIZE_TYPE__", 4, 0, 0, 32));
    }

    private BtfType record(DebugType type) {
        return switch (type) {
            case DebugType.Void _ -> throw new IllegalArgumentException("void has no record");
            case DebugType.Integer(String name, int bits, var encoding) ->
                // Names of numbers are free: C has "unsigned int".
                new BtfType.Int(
                        CNames.number(name),
                        bits / 8,
                        switch (encoding) {
                            case UNSIGNED -> 0;
                            case SIGNED -> 1;
                            case CHAR -> 2;
                            case BOOL -> 4;
                        },
                        0,
                        bits);
            case DebugType.Typedef(String name, DebugType of) ->
                new BtfType.Typedef(identifier(CNames.typedef(name)), add(of));
            case DebugType.Pointer(DebugType to) -> new BtfType.Pointer(add(to));
            case DebugType.Array(DebugType of, long count) -> new BtfType.Array(add(of), indexType(), count);
            case DebugType.Struct(String name, long size, List<DebugType.Member> members) -> {
                List<BtfType.Member> translated = new ArrayList<>(members.size());
                // Linux takes members in the order of their bits only; bit fields of a header stand in the order of the
                // wire.
                for (DebugType.Member member : inOrderOfBits(members)) {
                    translated.add(new BtfType.Member(
                            identifier(member.name()), add(member.type()), member.bitOffset(), member.bitSize()));
                }
                yield new BtfType.Composite(identifier(name), false, size, translated);
            }
            case DebugType.Enumeration(String name, int bytes, boolean signed, var members) -> {
                List<BtfType.Enumerator> translated = new ArrayList<>(members.size());
                for (DebugType.Enumerator member : members) {
                    translated.add(new BtfType.Enumerator(identifier(member.name()), member.value()));
                }
                yield new BtfType.Enumeration(identifier(name), bytes, signed, translated);
            }
            case DebugType.Function(var parameters, DebugType result) -> {
                List<BtfType.Parameter> translated = new ArrayList<>(parameters.size());
                for (DebugType.Parameter parameter : parameters) {
                    translated.add(new BtfType.Parameter(identifier(parameter.name()), add(parameter.type())));
                }
                yield new BtfType.Prototype(add(result), translated);
            }
        };
    }

    /** The name with what kernels do not take in a name ({@code ?}, {@code ::}; Linux 6.1 no dot either) made an underscore. */
    public static String identifier(String name) {
        StringBuilder out = new StringBuilder(name);
        for (int i = 0; i < out.length(); i++) {
            char c = out.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            if (!(letter || (i > 0 && c >= '0' && c <= '9'))) {
                out.setCharAt(i, '_');
            }
        }
        return out.toString();
    }

    private static List<DebugType.Member> inOrderOfBits(List<DebugType.Member> members) {
        return members.stream()
                .sorted(Comparator.comparingInt(DebugType.Member::bitOffset))
                .toList();
    }
}
