package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedExpr.Conversion;
import dev.turnout.ir.model.ByteString;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * From operands to values of the type that is wanted. What converts by itself: exact numbers, strings and {@code null} to
 * the types that have them; an unsigned integer to a wider one; {@code T} to {@code ?T}; {@code *T} to {@code *const T}.
 */
final class Coercions {
    private final Body body;

    Coercions(Body body) {
        this.body = body;
    }

    static TypedExpr poison(Span span) {
        return new TypedExpr.Value(Constant.ZERO, Type.Poison.POISON, span);
    }

    /** The type that an operand has by itself; null if it takes that of its use. */
    static @Nullable Type typeOf(Operand operand) {
        return switch (operand) {
            case Operand.Value value -> value.expr().type();
            case Operand.Located located -> read(located.place().type());
            case Operand.Poison _ -> Type.Poison.POISON;
            case Operand.Named named ->
                named.entity() instanceof Entity.Function function && FunctionValues.whyNot(function.symbol()) == null
                        ? function.symbol().type()
                        : null;
            case Operand.Exact _, Operand.Text _, Operand.Null _ -> null;
        };
    }

    private static Type read(Type type) {
        return type instanceof Type.Bits bits ? bits.read() : type;
    }

    /** The value of a place. */
    static TypedExpr load(Place place) {
        return new TypedExpr.Load(place, read(place.type()), place.span());
    }

    /** The value of an operand, at the type that it has where nothing gives one. */
    TypedExpr natural(Operand operand) {
        return switch (operand) {
            case Operand.Value value -> value.expr();
            case Operand.Located located -> {
                if (located.place().type() instanceof StructType struct && struct.isKernel()) {
                    body.report(at(
                                    located.span(),
                                    DiagnosticCode.E0304,
                                    "a `kernel struct` cannot be copied; its fields are read one by one")
                            .withHelp("write `&` before it for a `*" + struct + "`"));
                    yield poison(located.span());
                }
                yield load(located.place());
            }
            case Operand.Exact exact -> to(exact, Numbers.natural(exact.value(), exact.complement()), "a number");
            case Operand.Text text ->
                new TypedExpr.Value(
                        new Constant.Bytes(text.bytes()),
                        new Type.Array(Type.Int.U8, text.bytes().size()),
                        text.span());
            case Operand.Null missing -> {
                body.report(at(missing.span(), DiagnosticCode.E0301, "nothing says which type this `null` has")
                        .withHelp("state the type: `let x: ?u32 = null;`"));
                yield poison(missing.span());
            }
            case Operand.Named named ->
                named.entity() instanceof Entity.Function function
                        ? FunctionValues.of(body, function.symbol(), named.span())
                        : notAValue(named);
            case Operand.Poison gone -> poison(gone.span());
        };
    }

    private TypedExpr notAValue(Operand.Named named) {
        switch (named.entity()) {
            case Entity.KeyName _ ->
                body.report(at(named.span(), DiagnosticCode.E0337, "the key `" + named.name() + "` is not a value")
                        .withNote("a key is decided in the code, not in memory: there is nothing to read")
                        .withHelp("write `static_branch (" + named.name() + ") { … }`"));
            case Entity.Intrinsic _ ->
                body.report(at(named.span(), DiagnosticCode.E0212, "`" + named.name() + "` is a built-in function")
                        .withHelp("call it: `" + named.name() + "(…)`"));
            case Entity other ->
                body.report(
                        named.span(),
                        DiagnosticCode.E0212,
                        "`" + named.name() + "` is " + other.kind() + ", and a value is needed here");
        }
        return poison(named.span());
    }

    /** The operand as a value of {@code type}; a failure is reported and gives a poisoned value. */
    TypedExpr to(Operand operand, Type type, String what) {
        if (type.poisoned()) {
            return operand instanceof Operand.Value value ? value.expr() : poison(operand.span());
        }
        return switch (operand) {
            case Operand.Exact exact -> exact(exact, type, what);
            case Operand.Text text -> text(text, type, what);
            case Operand.Null missing -> {
                if (type instanceof Type.Maybe) {
                    yield new TypedExpr.Value(new Constant.Absent(), type, missing.span());
                }
                body.report(at(
                                missing.span(),
                                DiagnosticCode.E0307,
                                what + " is " + Words.a(type) + ", which is never null")
                        .withNote("only a `?" + type + "` can be `null`"));
                yield poison(missing.span());
            }
            case Operand.Value _, Operand.Located _, Operand.Named _, Operand.Poison _ ->
                convert(natural(operand), type, what);
        };
    }

    private TypedExpr exact(Operand.Exact exact, Type type, String what) {
        if (type instanceof Type.Maybe maybe) {
            return wrap(exact(exact, maybe.of(), what), type);
        }
        if (type instanceof Type.Int || type instanceof Type.BigEndian) {
            if (fits(exact, type)) {
                return new TypedExpr.Value(Numbers.constant(type, exact.value()), type, exact.span());
            }
            Diagnostic diagnostic = at(
                    exact.span(),
                    DiagnosticCode.E0302,
                    "`" + exact.value() + "` does not fit `" + type + "`, which holds " + Numbers.range(type));
            body.report(diagnostic);
            return poison(exact.span());
        }
        Diagnostic diagnostic =
                at(exact.span(), DiagnosticCode.E0301, what + " must be `" + type + "`, and this is a number");
        if (type instanceof Type.Bool) {
            diagnostic = diagnostic.withHelp("write `true` or `false`");
        } else if (type instanceof EnumType enumeration) {
            diagnostic = enumeration
                    .member(exact.value())
                    .map(member -> at(
                                    exact.span(),
                                    DiagnosticCode.E0301,
                                    what + " must be `" + type + "`, and this is a number")
                            .withHelp("write `." + member.name() + "`"))
                    .orElse(diagnostic);
        }
        body.report(diagnostic);
        return poison(exact.span());
    }

    private static boolean fits(Operand.Exact exact, Type type) {
        if (Numbers.fits(exact.value(), type)) {
            return true;
        }
        // `~` of an exact number has the width of its context: -8 is `~7`, whose bits fit if only ones are cut off.
        BigInteger lowest =
                BigInteger.ONE.shiftLeft(Numbers.carrier(type).bits()).negate();
        return exact.complement() && exact.value().signum() < 0 && exact.value().compareTo(lowest) >= 0;
    }

    private TypedExpr text(Operand.Text text, Type type, String what) {
        if (type instanceof Type.Maybe maybe) {
            return wrap(text(text, maybe.of(), what), type);
        }
        if (type instanceof Type.Array array && array.element().equals(Type.Int.U8)) {
            if (text.bytes().size() > array.count()) {
                body.report(at(
                                text.span(),
                                DiagnosticCode.E0302,
                                "this string has " + text.bytes().size() + " bytes and does not fit `" + type + "`")
                        .withNote("a string has no terminator; a shorter one is padded with zeros"));
                return poison(text.span());
            }
            byte[] padded = Arrays.copyOf(text.bytes().toArray(), (int) array.count());
            return new TypedExpr.Value(new Constant.Bytes(ByteString.copyOf(padded)), type, text.span());
        }
        body.report(at(text.span(), DiagnosticCode.E0301, what + " must be `" + type + "`, and this is a string")
                .withNote("a string is a `[" + text.bytes().size() + "]u8`"));
        return poison(text.span());
    }

    private static TypedExpr wrap(TypedExpr inner, Type type) {
        if (inner.type().poisoned()) {
            return inner;
        }
        if (inner instanceof TypedExpr.Value value) {
            return new TypedExpr.Value(new Constant.Present(value.value()), type, value.span());
        }
        return new TypedExpr.Convert(Conversion.WRAP, inner, type, inner.span());
    }

    /** A value as one of {@code type}, by itself; a failure is reported. */
    TypedExpr convert(TypedExpr from, Type type, String what) {
        TypedExpr converted = tryConvert(from, type);
        if (converted != null) {
            return converted;
        }
        body.report(Mismatches.describe(from, type, what));
        return poison(from.span());
    }

    /** The same, but null if it is not possible. */
    static @Nullable TypedExpr tryConvert(TypedExpr from, Type type) {
        Type given = from.type();
        if (given.equals(type) || given.poisoned()) {
            return from;
        }
        if (given instanceof Type.Int narrow
                && type instanceof Type.Int wide
                && !narrow.signed()
                && !wide.signed()
                && narrow.bits() < wide.bits()) {
            return Folding.convert(Conversion.ZERO_EXTEND, from, wide, from.span());
        }
        if (type instanceof Type.Ref wanted
                && given instanceof Type.Ref ref
                && wanted.constant()
                && wanted.to().equals(ref.to())) {
            return new TypedExpr.Convert(Conversion.CONSTANT_VIEW, from, type, from.span());
        }
        if (type instanceof Type.Slice slice
                && given instanceof Type.Ref ref
                && ref.to() instanceof Type.Array array
                && array.element().equals(slice.element())) {
            return new TypedExpr.SliceOf(from, array.count(), slice, from.span());
        }
        if (!(type instanceof Type.Maybe maybe)) {
            return null;
        }
        if (given instanceof Type.Maybe other) {
            return other.of() instanceof Type.Ref ref
                            && maybe.of() instanceof Type.Ref wanted
                            && wanted.constant()
                            && wanted.to().equals(ref.to())
                    ? new TypedExpr.Convert(Conversion.CONSTANT_VIEW, from, type, from.span())
                    : null;
        }
        TypedExpr inner = tryConvert(from, maybe.of());
        return inner == null ? null : wrap(inner, type);
    }
}
