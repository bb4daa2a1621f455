package dev.turnout.frontend.type;

import dev.turnout.ir.model.DebugType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Types as BTF and people see them. One instance serves a module: it remembers what it has translated, so that a struct
 * is one object however often it occurs.
 */
public final class DebugTypes {
    private final Map<Type, DebugType> declared = new HashMap<>();

    /** The debug form of a type that a finished program holds. */
    public DebugType of(Type type) {
        return switch (type) {
            case Type.Int number -> integer(number);
            case Type.Bits bits -> integer(bits.read());
            case Type.Bool _ -> new DebugType.Integer("bool", 8, DebugType.Encoding.BOOL);
            case Type.BigEndian number -> new DebugType.Typedef(number.toString(), integer(number.host()));
            case EnumType enumeration -> remembered(enumeration);
            case StructType struct -> remembered(struct);
            case Type.Array array -> new DebugType.Array(of(array.element()), array.count());
            case Type.Ref ref -> new DebugType.Pointer(pointee(ref.to()));
            case Type.Function function -> new DebugType.Pointer(signature(function));
            case Type.Slice slice -> new DebugType.Pointer(of(slice.element()));
            case Type.Maybe maybe -> maybe(maybe);
            case Type.Own own -> new DebugType.Pointer(pointee(own.to()));
            case Type.SpinLock _ ->
                new DebugType.Struct(
                        "bpf_spin_lock", 4, List.of(new DebugType.Member("val", integer(Type.Int.U32), 0, 0)));
            case Type.Cursor _ -> integer(Type.Int.U64);
            case Type.Context context -> new DebugType.Struct(context.layout().kernelName(), 0, List.of());
            case Type.Void _ -> new DebugType.Void();
            case Type.Packet _, Type.Text _, Type.Map _, Type.Exact _, Type.Null _, Type.Never _, Type.Poison _ ->
                throw new IllegalArgumentException(type + " has no debug form");
        };
    }

    /** The debug form of a function's signature, with the names of its parameters. */
    public DebugType.Function signature(List<String> names, List<Type> types, Type result) {
        List<DebugType.Parameter> parameters = new ArrayList<>(types.size());
        for (int i = 0; i < types.size(); i++) {
            parameters.add(new DebugType.Parameter(names.get(i), of(types.get(i))));
        }
        return new DebugType.Function(parameters, of(result));
    }

    private DebugType.Function signature(Type.Function function) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < function.parameters().size(); i++) {
            names.add("arg" + i);
        }
        return signature(names, function.parameters(), function.result());
    }

    // What a reference leads to is named, not described: a struct that refers to itself would have no end.
    private DebugType pointee(Type to) {
        return to instanceof StructType struct && !declared.containsKey(struct)
                ? new DebugType.Struct(struct.name(), struct.size(), List.of())
                : of(to);
    }

    private static DebugType.Integer integer(Type.Int number) {
        return new DebugType.Integer(
                number.toString(),
                number.bits(),
                number.signed() ? DebugType.Encoding.SIGNED : DebugType.Encoding.UNSIGNED);
    }

    private DebugType maybe(Type.Maybe maybe) {
        Type of = maybe.of();
        if ((of instanceof Type.Ref ref && !ref.kernel()) || of instanceof Type.Own || of instanceof Type.Function) {
            return of(of);
        }
        int presentAt = Math.toIntExact(of.size() * 8);
        return new DebugType.Struct(
                maybe.toString(),
                maybe.size(),
                List.of(
                        new DebugType.Member("value", of(of), 0, 0),
                        new DebugType.Member(
                                "present", new DebugType.Integer("bool", 8, DebugType.Encoding.BOOL), presentAt, 0)));
    }

    private DebugType remembered(Type type) {
        DebugType known = declared.get(type);
        if (known == null) {
            known = type instanceof StructType struct ? struct(struct) : enumeration((EnumType) type);
            declared.put(type, known);
        }
        return known;
    }

    private static DebugType enumeration(EnumType type) {
        List<DebugType.Enumerator> members = new ArrayList<>();
        for (EnumType.Member member : type.members()) {
            members.add(new DebugType.Enumerator(member.name(), member.value().longValue()));
        }
        return new DebugType.Enumeration(
                type.name(), type.underlying().bits() / 8, type.underlying().signed(), members);
    }

    private DebugType struct(StructType type) {
        List<DebugType.Member> members = new ArrayList<>();
        for (Field field : type.fields()) {
            members.add(member(field));
        }
        return new DebugType.Struct(type.name(), type.size(), members);
    }

    /**
     * BTF counts bits of little-endian objects from the least significant one, headers count from the most significant.
     * Inside one byte that is a mirror image. A field that spans bytes is not contiguous in BTF's counting unless it fills
     * them; it is then described as the bytes that it touches, which is what a reader can show truthfully.
     */
    private DebugType.Member member(Field field) {
        int start = Math.toIntExact(field.offset() * 8);
        if (!field.isBitField()) {
            return new DebugType.Member(field.name(), of(field.type()), start, 0);
        }
        if (field.bitBytes() == 1) {
            DebugType in = integer(Type.Int.U8);
            return new DebugType.Member(
                    field.name(), in, start + 8 - field.bitOffset() - field.bitSize(), field.bitSize());
        }
        DebugType bytes = new DebugType.Array(integer(Type.Int.U8), field.bitBytes());
        return new DebugType.Member(field.name(), bytes, start, 0);
    }
}
