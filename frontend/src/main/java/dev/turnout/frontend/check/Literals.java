package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.Field;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.TypedExpr;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Literals of structs and arrays. Those whose parts are all constants become one constant. */
final class Literals {
    private final Body body;

    Literals(Body body) {
        this.body = body;
    }

    Operand struct(Expr.StructLiteral written) {
        Entity entity = body.compilation().resolve(written.type(), body.module(), body.scope());
        if (entity instanceof Entity.TypeName name && name.type() instanceof StructType type) {
            return struct(type, written);
        }
        if (entity instanceof Entity.TypeName name && name.type() instanceof Type.Context context) {
            return new ContextLiterals(body).literal(context.view(), written);
        }
        if (!(entity instanceof Entity.Invalid)) {
            body.report(
                    written.type().span(),
                    DiagnosticCode.E0212,
                    "`" + written.type() + "` is not a `struct` or `header`");
        }
        for (Expr.FieldInit init : written.fields()) {
            body.expressions().check(init.value(), null);
        }
        return new Operand.Poison(written.span());
    }

    private Operand struct(StructType type, Expr.StructLiteral written) {
        TypedExpr[] values = new TypedExpr[type.fields().size()];
        Map<String, Expr.FieldInit> given = new HashMap<>();
        List<Integer> order = new ArrayList<>();
        boolean good = true;
        for (Expr.FieldInit init : written.fields()) {
            Optional<Field> field = type.field(init.name().text());
            if (field.isEmpty()) {
                unknownField(type, init);
                body.expressions().check(init.value(), null);
                good = false;
                continue;
            }
            checkOnce(given, init);
            TypedExpr value = stored(
                    init.value(),
                    field.get().type(),
                    "the field `" + init.name().text() + "`");
            good &= !value.type().poisoned();
            if (values[field.get().index()] == null) {
                order.add(field.get().index());
            }
            values[field.get().index()] = value;
        }
        for (Field field : type.fields()) {
            if (values[field.index()] == null) {
                TypedExpr zero = zero(type, field, written.span());
                good &= !zero.type().poisoned();
                values[field.index()] = zero;
                order.add(field.index());
            }
        }
        if (!good) {
            return new Operand.Poison(written.span());
        }
        List<TypedExpr> fields = List.of(values);
        List<Constant> constants = constants(fields);
        return new Operand.Value(
                constants == null
                        ? new TypedExpr.StructValue(type, fields, order, written.span())
                        : new TypedExpr.Value(new Constant.Fields(constants), type, written.span()));
    }

    private void checkOnce(Map<String, Expr.FieldInit> given, Expr.FieldInit init) {
        Expr.FieldInit before = given.putIfAbsent(init.name().text(), init);
        if (before != null) {
            body.report(at(
                            init.name().span(),
                            DiagnosticCode.E0202,
                            "the field `" + init.name().text() + "` is given twice")
                    .withLabel(before.name().span(), "given here first"));
        }
    }

    private void unknownField(StructType type, Expr.FieldInit init) {
        List<String> names = type.fields().stream().map(Field::name).toList();
        Diagnostic diagnostic = at(
                init.name().span(),
                DiagnosticCode.E0209,
                "`" + type + "` has no field `" + init.name().text() + "`");
        body.report(Compilation.suggest(diagnostic, init.name().text(), names)
                .withNote(names.isEmpty() ? "it has no fields" : "it has " + Compilation.quoted(names)));
    }

    private TypedExpr zero(StructType type, Field field, Span span) {
        if (field.type().poisoned()) {
            return Coercions.poison(span);
        }
        Constant zero = MemoryRules.zero(field.type());
        if (zero == null) {
            body.report(
                    at(span, DiagnosticCode.E0313, "the field `" + field.name() + "` of `" + type + "` must be given")
                            .withNote("fields left out are zero, and " + MemoryRules.whyNoZero(field.type()))
                            .withLabel(field.declared(), "declared here"));
            return Coercions.poison(span);
        }
        return new TypedExpr.Value(zero, field.read(), span);
    }

    /** A value as it goes into a field or another place of a declared type, which may be a bit field. */
    TypedExpr stored(Expr written, Type type, String what) {
        if (!(type instanceof Type.Bits bits)) {
            return body.value(written, type, what);
        }
        return intoBits(body.expressions().check(written, bits.read()), bits, what);
    }

    private TypedExpr intoBits(Operand operand, Type.Bits bits, String what) {
        if (operand instanceof Operand.Exact exact) {
            if (Numbers.fits(exact.value(), bits)) {
                return new TypedExpr.Value(Numbers.constant(bits, exact.value()), bits.read(), exact.span());
            }
            if (exact.complement()) {
                BigInteger cut = exact.value().and(Numbers.max(bits));
                return new TypedExpr.Value(Numbers.constant(bits, cut), bits.read(), exact.span());
            }
            body.report(
                    exact.span(),
                    DiagnosticCode.E0302,
                    "`" + exact.value() + "` does not fit " + what + ", " + Words.a(bits) + ", which holds "
                            + Numbers.range(bits));
            return Coercions.poison(exact.span());
        }
        TypedExpr value = body.coercions().natural(operand);
        if (value.type().poisoned()) {
            return value;
        }
        boolean unsigned = value.type() instanceof Type.Int number && !number.signed();
        if (unsigned && Ranges.max(value).compareTo(Numbers.max(bits)) <= 0) {
            return Conversions.resize(value, bits.read(), value.span());
        }
        Diagnostic diagnostic = at(
                value.span(),
                unsigned ? DiagnosticCode.E0302 : DiagnosticCode.E0301,
                what + " is " + Words.a(bits) + ", and this `" + value.type() + "` may not fit it");
        body.report(diagnostic.withHelp("write `" + bits + "(…)` to keep the low " + bits.bits() + " bits"));
        return Coercions.poison(value.span());
    }

    /** The constants of values that are all constants, else null. */
    private static @Nullable List<Constant> constants(List<TypedExpr> values) {
        List<Constant> constants = new ArrayList<>(values.size());
        for (TypedExpr value : values) {
            if (!(value instanceof TypedExpr.Value constant)) {
                return null;
            }
            constants.add(constant.value());
        }
        return constants;
    }

    Operand array(Expr.ArrayLiteral written, @Nullable Type expected) {
        Type.Array wanted = expected instanceof Type.Array array ? array : null;
        int count = written.elements().size();
        if (wanted != null && wanted.count() != count) {
            body.report(at(
                            written.span(),
                            DiagnosticCode.E0301,
                            "this array has " + count + " elements, and " + Words.a(wanted) + " has " + wanted.count())
                    .withHelp("write `[v; " + wanted.count() + "]` to repeat one value"));
            return new Operand.Poison(written.span());
        }
        if (wanted == null && count == 0) {
            body.report(written.span(), DiagnosticCode.E0301, "nothing says what an array without elements holds");
            return new Operand.Poison(written.span());
        }
        Type element = wanted != null ? wanted.element() : null;
        List<TypedExpr> values = new ArrayList<>(count);
        boolean good = true;
        for (Expr one : written.elements()) {
            if (element == null) {
                element = body.coercions()
                        .natural(body.expressions().check(one, null))
                        .type();
                if (element.poisoned()) {
                    return new Operand.Poison(written.span());
                }
            }
            TypedExpr value = body.value(one, element, "an element");
            good &= !value.type().poisoned();
            values.add(value);
        }
        if (!good || element == null) {
            return new Operand.Poison(written.span());
        }
        Type.Array type = wanted != null ? wanted : new Type.Array(element, count);
        if (!elementAllowed(type, written.span())) {
            return new Operand.Poison(written.span());
        }
        List<Constant> constants = constants(values);
        return new Operand.Value(
                constants == null
                        ? new TypedExpr.ArrayValue(type, values, written.span())
                        : new TypedExpr.Value(new Constant.Elements(constants), type, written.span()));
    }

    private boolean elementAllowed(Type.Array type, Span span) {
        String reason = MemoryRules.whyNotStored(type.element());
        reason = reason == null ? MemoryRules.whyNotValue(type) : reason;
        if (reason == null) {
            return true;
        }
        body.report(at(span, DiagnosticCode.E0311, "an array cannot hold `" + type.element() + "`")
                .withNote(reason));
        return false;
    }

    Operand repeat(Expr.Repeat written, @Nullable Type expected) {
        Type.Array wanted = expected instanceof Type.Array array ? array : null;
        BigInteger count = body.constantNumber(written.count(), "the length of an array");
        if (count == null) {
            return new Operand.Poison(written.span());
        }
        if (count.signum() < 0 || count.bitLength() > 30) {
            body.report(written.count().span(), DiagnosticCode.E0302, "an array cannot have " + count + " elements");
            return new Operand.Poison(written.span());
        }
        if (wanted != null && wanted.count() != count.longValue()) {
            body.report(
                    written.span(),
                    DiagnosticCode.E0301,
                    "this array has " + count + " elements, and " + Words.a(wanted) + " has " + wanted.count());
            return new Operand.Poison(written.span());
        }
        Operand operand = body.expressions().check(written.value(), wanted == null ? null : wanted.element());
        TypedExpr value = wanted == null
                ? body.coercions().natural(operand)
                : body.coercions().to(operand, wanted.element(), "an element");
        if (value.type().poisoned()) {
            return new Operand.Poison(written.span());
        }
        Type.Array type = wanted != null ? wanted : new Type.Array(value.type(), count.longValue());
        if (!elementAllowed(type, written.span())
                || !TypeNames.checkSize(body.compilation(), type.element(), type.count(), written.span())) {
            return new Operand.Poison(written.span());
        }
        return new Operand.Value(
                value instanceof TypedExpr.Value constant
                        ? new TypedExpr.Value(new Constant.Repeat(constant.value(), type.count()), type, written.span())
                        : new TypedExpr.ArrayRepeat(type, value, written.span()));
    }
}
