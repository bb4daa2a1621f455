package dev.turnout.frontend.typed;

import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Field;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import java.math.BigInteger;
import java.util.List;

/** Constants as they are written, with the type that they go with. */
final class ConstantText {
    private ConstantText() {}

    static String of(Type type, Constant value) {
        return switch (value) {
            case Constant.Number number -> number(type, number.bits());
            case Constant.Absent _ -> "null";
            case Constant.Present present -> of(((Type.Maybe) type).of(), present.value());
            case Constant.Bytes bytes -> ExprText.quoted(bytes.bytes());
            case Constant.Repeat repeat ->
                "[" + of(((Type.Array) type).element(), repeat.value()) + "; " + repeat.count() + "]";
            case Constant.Elements elements -> elements(((Type.Array) type).element(), elements.values());
            case Constant.Fields fields -> fields((StructType) type, fields.values());
        };
    }

    private static String elements(Type element, List<Constant> values) {
        StringBuilder out = new StringBuilder("[");
        for (int i = 0; i < values.size(); i++) {
            out.append(i == 0 ? "" : ", ").append(of(element, values.get(i)));
        }
        return out.append(']').toString();
    }

    private static String fields(StructType struct, List<Constant> values) {
        StringBuilder out = new StringBuilder(struct.name()).append('{');
        for (Field field : struct.fields()) {
            out.append(field.index() == 0 ? " " : ", ").append(field.name()).append(" = ");
            out.append(of(field.read(), values.get(field.index())));
        }
        return out.append(" }").toString();
    }

    /** A number as its type shows it: a member by its name, a {@code bool} as a word, a signed one with its sign. */
    static String number(Type type, long bits) {
        return switch (type) {
            case Type.Bool _ -> bits == 0 ? "false" : "true";
            case Type.Int one when one.signed() -> Long.toString(bits << (64 - one.bits()) >> (64 - one.bits()));
            case EnumType enumeration -> member(enumeration, bits);
            default -> Long.toUnsignedString(bits);
        };
    }

    private static String member(EnumType type, long bits) {
        Type.Int under = type.underlying();
        BigInteger meaning = under.signed()
                ? BigInteger.valueOf(bits << (64 - under.bits()) >> (64 - under.bits()))
                : new BigInteger(Long.toUnsignedString(bits));
        return type.member(meaning).map(EnumType.Member::name).orElse(type.name() + "(" + meaning + ")");
    }
}
