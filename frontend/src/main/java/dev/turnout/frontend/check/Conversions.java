package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedExpr.Conversion;
import dev.turnout.ir.model.BinaryOp;

/** Conversions that look like calls: {@code u32(x)}, {@code be16(x)}, {@code u4(x)}, {@code Op(n)}. */
final class Conversions {
    private final Body body;

    Conversions(Body body) {
        this.body = body;
    }

    /** An integer at another width or signedness: extended as its own type is signed or not, or cut. */
    static TypedExpr resize(TypedExpr value, Type.Int to, Span span) {
        if (value.type().equals(to)) {
            return value;
        }
        Type.Int from = (Type.Int) value.type();
        Conversion conversion = to.bits() < from.bits()
                ? Conversion.TRUNCATE
                : to.bits() == from.bits()
                        ? Conversion.SAME_BITS
                        : from.signed() ? Conversion.SIGN_EXTEND : Conversion.ZERO_EXTEND;
        return Folding.convert(conversion, value, to, span);
    }

    /** {@code T(x)}. */
    Operand convert(Type type, Expr.Call call) {
        if (call.arguments().size() != 1) {
            body.report(
                    call.span(),
                    DiagnosticCode.E0314,
                    "a conversion to `" + type + "` takes one value, not "
                            + call.arguments().size());
            return new Operand.Poison(call.span());
        }
        Operand operand = body.expressions().check(call.arguments().getFirst(), null);
        if (operand instanceof Operand.Poison) {
            return new Operand.Poison(call.span());
        }
        return switch (type) {
            case Type.Int number -> toInt(operand, number, call.span());
            case Type.Bits bits -> toBits(operand, bits, call.span());
            case Type.BigEndian number -> toNetwork(operand, number, call.span());
            case EnumType enumeration -> toEnum(operand, enumeration, call.span());
            case Type.Bool _ -> refuse(operand, type, call.span(), "write `… != 0`");
            default -> refuse(operand, type, call.span(), null);
        };
    }

    private Operand refuse(Operand operand, Type type, Span span, @org.jspecify.annotations.Nullable String help) {
        TypedExpr value = body.coercions().natural(operand);
        if (value.type().poisoned()) {
            return new Operand.Poison(span);
        }
        if (value.type() instanceof Type.Maybe maybe) {
            body.report(at(operand.span(), DiagnosticCode.E0306, "this may be null")
                    .labelled("this is " + Words.a(maybe))
                    .withHelp("unwrap it first: with `?`, `orelse`, `if (let x = …)`"));
            return new Operand.Poison(span);
        }
        Diagnostic diagnostic =
                at(span, DiagnosticCode.E0305, Words.a(value.type()) + " does not convert to `" + type + "`");
        body.report(help == null ? diagnostic : diagnostic.withHelp(help));
        return new Operand.Poison(span);
    }

    private Operand toInt(Operand operand, Type.Int to, Span span) {
        if (operand instanceof Operand.Exact exact) {
            return new Operand.Value(new TypedExpr.Value(Numbers.constant(to, exact.value()), to, span));
        }
        TypedExpr value = body.coercions().natural(operand);
        return switch (value.type()) {
            case Type.Int _ -> new Operand.Value(resize(value, to, span));
            case Type.Bool _ -> new Operand.Value(Folding.convert(Conversion.ZERO_EXTEND, value, to, span));
            case EnumType enumeration -> {
                TypedExpr number = Folding.convert(Conversion.SAME_BITS, value, enumeration.underlying(), span);
                yield new Operand.Value(resize(number, to, span));
            }
            case Type.BigEndian number ->
                refuse(
                        operand,
                        to,
                        span,
                        number.host().equals(to)
                                ? "write `.host()` behind it for the number in host order"
                                : "write `" + to + "(….host())`");
            case Type.Ref _ ->
                refuse(operand, to, span, "addresses are not numbers; write `*` before it for its value");
            default -> refuse(operand, to, span, null);
        };
    }

    /** {@code u4(x)}: the low bits, of the next standard width. */
    private Operand toBits(Operand operand, Type.Bits bits, Span span) {
        Operand whole = toInt(operand, bits.read(), span);
        if (!(whole instanceof Operand.Value value)) {
            return whole;
        }
        TypedExpr mask = new TypedExpr.Value(Numbers.constant(bits.read(), Numbers.max(bits)), bits.read(), span);
        return new Operand.Value(Folding.binary(BinaryOp.AND, value.expr(), mask, bits.read(), span));
    }

    private Operand toNetwork(Operand operand, Type.BigEndian to, Span span) {
        Type given = Coercions.typeOf(operand);
        if (to.equals(given)) {
            return new Operand.Value(body.coercions().natural(operand));
        }
        if (given != null && !(given instanceof Type.Int)) {
            return refuse(
                    operand,
                    to,
                    span,
                    given instanceof Type.BigEndian number
                            ? "go through host order: `" + to + "(" + (to.bits() < number.bits() ? to.host() + "(" : "")
                                    + "….host()" + (to.bits() < number.bits() ? ")" : "") + ")`"
                            : null);
        }
        TypedExpr number = body.coercions().to(operand, to.host(), "the argument of `" + to + "`");
        return number.type().poisoned()
                ? new Operand.Poison(span)
                : new Operand.Value(Folding.convert(Conversion.TO_NETWORK, number, to, span));
    }

    private Operand toEnum(Operand operand, EnumType to, Span span) {
        Type given = Coercions.typeOf(operand);
        if (!to.open()) {
            return refuse(operand, to, span, "write `" + to + ".from(…)`, which gives a `?" + to + "`");
        }
        if (given != null && !(given instanceof Type.Int)) {
            return refuse(operand, to, span, null);
        }
        TypedExpr number = body.coercions().to(operand, to.underlying(), "the argument of `" + to + "`");
        return number.type().poisoned()
                ? new Operand.Poison(span)
                : new Operand.Value(Folding.convert(Conversion.SAME_BITS, number, to, span));
    }
}
