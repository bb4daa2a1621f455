package dev.turnout.frontend.typed;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.UnaryOp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The computation of a value. Operands are evaluated in the order of the components, each once. */
public sealed interface TypedExpr permits TypedExpr.Core, Builtin, RingOperation, TestOperation {
    Type type();

    Span span();

    /** What the language itself computes; built-in operations are in {@link Builtin}, {@link RingOperation} and {@link TestOperation}. */
    sealed interface Core extends TypedExpr {}

    /** A value known while compiling. */
    record Value(Constant value, Type type, Span span) implements Core {}

    /** Reads a place. An aggregate is copied. */
    record Load(Place place, Type type, Span span) implements Core {}

    /** {@code &place}. */
    record AddressOf(Place place, Type.Ref type, Span span) implements Core {}

    /** The name of a function as a value. */
    record FunctionValue(Symbol.FunctionSymbol function, Type type, Span span) implements Core {}

    /** {@code -x} and {@code ~x} on integers; {@code ~x} on a {@code beN}. */
    record Unary(UnaryOp op, TypedExpr operand, Type type, Span span) implements Core {}

    /** Arithmetic on two operands of the type of the result. */
    record Binary(BinaryOp op, TypedExpr left, TypedExpr right, Type type, Span span) implements Core {}

    /**
     * A comparison of two operands of one type: integers, {@code bool}, enums, {@code beN} (as numbers), {@code [N]u8}
     * ({@code EQ} and {@code NE} only).
     */
    record Compare(CompareOp op, TypedExpr left, TypedExpr right, Type type, Span span) implements Core {}

    /** {@code x == null} ({@code isNull}) or {@code x != null}. */
    record NullTest(TypedExpr operand, boolean isNull, Type type, Span span) implements Core {}

    /** {@code !x}. */
    record Not(TypedExpr operand, Type type, Span span) implements Core {}

    /** {@code &&} or {@code ||}: the right operand is evaluated only if needed. */
    record Logical(boolean and, TypedExpr left, TypedExpr right, Type type, Span span) implements Core {}

    /** What a conversion does to the value. */
    enum Conversion {
        /** To a narrower integer: cuts. */
        TRUNCATE,
        /** To a wider integer, from an unsigned one, {@code bool} or an enum over an unsigned type: zeros come in. */
        ZERO_EXTEND,
        /** To a wider integer, from a signed one: the sign comes in. */
        SIGN_EXTEND,
        /** Between signed and unsigned of one width, an open enum of its number, the number of an enum: the same bits. */
        SAME_BITS,
        /** {@code be16(n)}: to network order. */
        TO_NETWORK,
        /** {@code x.host()}: to host order. */
        TO_HOST,
        /** {@code T} to {@code ?T}. */
        WRAP,
        /** {@code *T} to {@code *const T}, and between {@code ?*T} and {@code ?*const T}: the same address. */
        CONSTANT_VIEW
    }

    record Convert(Conversion conversion, TypedExpr operand, Type type, Span span) implements Core {}

    /** A direct call. */
    record Call(Symbol.FunctionSymbol function, List<TypedExpr> arguments, Type type, Span span) implements Core {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** A call through a function value, which is not null. */
    record IndirectCall(TypedExpr callee, List<TypedExpr> arguments, Type type, Span span) implements Core {
        public IndirectCall {
            arguments = List.copyOf(arguments);
        }
    }

    /** {@code if (c) a else b} as a value. */
    record If(Condition condition, TypedExpr then, TypedExpr otherwise, Type type, Span span) implements Core {}

    /** A switch as a value: every arm has a value or leaves. */
    record SwitchValue(TypedSwitch body, Type type, Span span) implements Core {}

    /**
     * A struct whose fields are computed. Padding is zero.
     *
     * @param fields one a field, in declared order
     * @param order indexes of {@code fields} in the order in which they are computed, which is that of the text; every
     *     index once
     */
    record StructValue(StructType type, List<TypedExpr> fields, List<Integer> order, Span span) implements Core {
        public StructValue {
            fields = List.copyOf(fields);
            order = List.copyOf(order);
        }
    }

    /** An array whose elements are computed. */
    record ArrayValue(Type.Array type, List<TypedExpr> elements, Span span) implements Core {
        public ArrayValue {
            elements = List.copyOf(elements);
        }
    }

    /** {@code [v; n]}: the value is computed once. */
    record ArrayRepeat(Type.Array type, TypedExpr element, Span span) implements Core {}

    /** What a test of a nullable does when there is nothing. */
    sealed interface Leave {
        /** Returns from the function, with the value if it has one. {@code null} here is a {@code Value(Absent)}. */
        record Returns(@Nullable TypedExpr value) implements Leave {}

        /** Fails the test. */
        record FailsTest() implements Leave {}
    }

    /** {@code x?}: the value inside, or leaves. {@code type} is void for a {@code ?void}. */
    record Try(TypedExpr operand, Leave leave, Type type, Span span) implements Core {}

    /** {@code a orelse b}: the value inside {@code a}, or {@code b}. If {@code type} is nullable, so is {@code b}. */
    record OrElse(TypedExpr operand, TypedExpr otherwise, Type type, Span span) implements Core {}

    /** {@code E.from(n)}: the member with this number. {@code type} is {@code ?E}; {@code operand} has any integer type. */
    record EnumFrom(TypedExpr operand, Type.Maybe type, Span span) implements Core {}

    /**
     * An array element that is tested: {@code a.get(i)}, a {@code ?T}. An element that is itself nullable stays one.
     *
     * @param array the array as a place
     */
    record ElementOrNull(Place array, TypedExpr index, Type.Maybe type, Span span) implements Core {}

    /**
     * A reference to an array as a slice: the same address, and the length.
     *
     * @param array of type {@code *[N]T} or {@code *const [N]T}
     */
    record SliceOf(TypedExpr array, long length, Type.Slice type, Span span) implements Core {}

    /** {@code s[i]} of a slice, tested against its length; a nullable function. */
    record SliceElement(TypedExpr slice, TypedExpr index, Type.Maybe type, Span span) implements Core {}

    /** {@code len(s)} of a slice, {@code u32}. */
    record SliceLength(TypedExpr slice, Type type, Span span) implements Core {}
}
