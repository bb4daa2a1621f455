package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.BinaryOp;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.TestOperation;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.UnaryOp;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Operators. Both operands have one type; of two unsigned types the narrower is widened; nothing else converts by itself. */
final class Operators {
    private final Body body;
    private final ExactArithmetic exact;

    Operators(Body body) {
        this.body = body;
        this.exact = new ExactArithmetic(body);
    }

    /** The type at which two operands meet; null if there is none. Poison if one is poisoned. */
    @Nullable
    Type common(Operand left, Operand right, @Nullable Type expected) {
        Type a = Coercions.typeOf(left);
        Type b = Coercions.typeOf(right);
        if ((a != null && a.poisoned()) || (b != null && b.poisoned())) {
            return Type.Poison.POISON;
        }
        if (a == null && b == null) {
            return expected != null ? expected : natural(left, right);
        }
        if (a == null || b == null) {
            Type typed = a == null ? java.util.Objects.requireNonNull(b) : a;
            Operand other = a == null ? left : right;
            if (other instanceof Operand.Null && !(typed instanceof Type.Maybe)) {
                return expected instanceof Type.Maybe ? expected : new Type.Maybe(typed);
            }
            return expected instanceof Type.Maybe maybe && maybe.of().equals(typed) ? expected : typed;
        }
        return common(a, b);
    }

    /** The type at which values of two types meet; null if there is none. */
    static @Nullable Type common(Type a, Type b) {
        if (a.equals(b)) {
            return a;
        }
        if (a instanceof Type.Int one && b instanceof Type.Int other && !one.signed() && !other.signed()) {
            return one.bits() > other.bits() ? one : other;
        }
        if (a instanceof Type.Ref one && b instanceof Type.Ref other && one.to().equals(other.to())) {
            return one.constant() ? one : other;
        }
        if (a instanceof Type.Maybe maybe && maybe.of().equals(b)) {
            return a;
        }
        return b instanceof Type.Maybe maybe && maybe.of().equals(a) ? b : null;
    }

    /** The type at which many operands meet; null if there is none, or nothing says. Poison if one is poisoned. */
    @Nullable
    Type common(List<Operand> operands, @Nullable Type expected) {
        Type type = null;
        boolean nullable = false;
        for (Operand operand : operands) {
            Type one = Coercions.typeOf(operand);
            if (one != null && one.poisoned()) {
                return one;
            }
            nullable |= operand instanceof Operand.Null;
            type = one == null ? type : type == null ? one : common(type, one);
            if (one != null && type == null) {
                return null;
            }
        }
        if (type == null) {
            return expected != null || operands.isEmpty()
                    ? expected
                    : operands.size() == 1
                            ? body.coercions().natural(operands.getFirst()).type()
                            : natural(operands.get(0), operands.get(1));
        }
        boolean wrap = (nullable && !(type instanceof Type.Maybe))
                || (expected instanceof Type.Maybe maybe && maybe.of().equals(type));
        return wrap ? new Type.Maybe(type) : type;
    }

    private static @Nullable Type natural(Operand left, Operand right) {
        if (left instanceof Operand.Exact a && right instanceof Operand.Exact b) {
            Type.Int one = Numbers.natural(a.value(), a.complement());
            return one.signed() ? one : Numbers.natural(b.value(), b.complement());
        }
        if (left instanceof Operand.Text a
                && right instanceof Operand.Text b
                && a.bytes().size() == b.bytes().size()) {
            return new Type.Array(Type.Int.U8, a.bytes().size());
        }
        return null;
    }

    void reportNoCommonType(Span span, Operand left, Operand right, String what) {
        Type a = body.coercions().natural(left).type();
        Type b = body.coercions().natural(right).type();
        if (a.poisoned() || b.poisoned()) {
            return;
        }
        Diagnostic diagnostic = at(
                        span, DiagnosticCode.E0303, what + " have different types: `" + a + "` and `" + b + "`")
                .withLabel(left.span(), "this is `" + a + "`")
                .withLabel(right.span(), "this is `" + b + "`");
        if (a instanceof Type.Int one && b instanceof Type.Int other && one.signed() != other.signed()) {
            diagnostic = diagnostic
                    .withNote("signed and unsigned numbers do not mix by themselves")
                    .withHelp("convert one of them: `" + a + "(…)` or `" + b + "(…)`");
        } else if (a instanceof Type.BigEndian != b instanceof Type.BigEndian) {
            diagnostic = diagnostic.withHelp("write `.host()` behind the one in network order");
        } else if (a instanceof Type.Ref ref && ref.to().equals(b)) {
            diagnostic = diagnostic.withHelp("write `*` before the left one for the value that it refers to");
        } else if (b instanceof Type.Ref ref && ref.to().equals(a)) {
            diagnostic = diagnostic.withHelp("write `*` before the right one for the value that it refers to");
        }
        body.report(diagnostic);
    }

    Operand unary(Expr.Unary written, @Nullable Type expected) {
        return switch (written.op()) {
            case DEREF -> dereference(written);
            case ADDRESS -> address(written);
            case NOT -> not(written);
            case NEG, COMPLEMENT -> invert(written, expected);
        };
    }

    private Operand not(Expr.Unary written) {
        Operand operand = body.expressions().check(written.operand(), Type.Bool.BOOL);
        Type type = Coercions.typeOf(operand);
        if (operand instanceof Operand.Exact || type instanceof Type.Int || type instanceof Type.BigEndian) {
            body.report(at(written.span(), DiagnosticCode.E0304, "`!` is not for numbers")
                    .withHelp("write `… == 0` to test for zero, `~…` to invert all bits"));
            return new Operand.Poison(written.span());
        }
        TypedExpr value = body.coercions().to(operand, Type.Bool.BOOL, "the operand of `!`");
        return value.type().poisoned()
                ? new Operand.Poison(written.span())
                : new Operand.Value(Folding.not(value, written.span()));
    }

    private Operand invert(Expr.Unary written, @Nullable Type expected) {
        Span span = written.span();
        boolean negative = written.op() == dev.turnout.frontend.ast.UnaryOp.NEG;
        Operand operand = body.expressions().check(written.operand(), expected);
        if (operand instanceof Operand.Exact number) {
            return negative
                    ? new Operand.Exact(number.value().negate(), number.complement(), span)
                    : new Operand.Exact(number.value().not(), true, span);
        }
        TypedExpr value = body.coercions().natural(operand);
        if (value.type().poisoned()) {
            return new Operand.Poison(span);
        }
        if (value.type() instanceof Type.Int || (!negative && value.type() instanceof Type.BigEndian)) {
            return new Operand.Value(Folding.unary(negative ? UnaryOp.NEG : UnaryOp.NOT, value, span));
        }
        return notDefined(written.op().text(), value.type(), span);
    }

    private Operand notDefined(String op, Type type, Span span) {
        Diagnostic diagnostic = at(span, DiagnosticCode.E0304, "`" + op + "` is not defined on `" + type + "`");
        String help = switch (type) {
            case Type.BigEndian number -> "compute with `.host()`, and go back with `" + number + "(…)`";
            case Type.Bool _ -> "`bool` has `!`, `&&`, `||`, `==` and `!=`";
            case EnumType enumeration -> "write `" + enumeration.underlying() + "(…)` for its number";
            case Type.Maybe _ -> "unwrap it first: with `?`, `orelse`, `if (let x = …)`";
            case Type.Ref _ -> "write `*` before it for the value that it refers to";
            default -> null;
        };
        if (type instanceof Type.Ref ref && ref.to().aggregate()) {
            help = null;
        }
        body.report(help == null ? diagnostic : diagnostic.withHelp(help));
        return new Operand.Poison(span);
    }

    private Operand dereference(Expr.Unary written) {
        TypedExpr value = body.expressions().natural(written.operand());
        if (value.type().poisoned()) {
            return new Operand.Poison(written.span());
        }
        if (value.type() instanceof Type.Ref ref
                && !(ref.to() instanceof Type.Context || ref.to() instanceof Type.Map)) {
            return body.expressions().places().deref(value, written.span());
        }
        if (value.type() instanceof Type.Own) {
            return body.expressions().places().deref(value, written.span());
        }
        if (value.type() instanceof Type.Maybe maybe
                && (maybe.of() instanceof Type.Ref || maybe.of() instanceof Type.Own)) {
            body.report(at(written.operand().span(), DiagnosticCode.E0306, "this may be null")
                    .labelled("this is " + Words.a(maybe))
                    .withHelp("unwrap it first: with `?`, `orelse`, `if (let x = …)` or `let x = … else …`"));
            return new Operand.Poison(written.span());
        }
        boolean context = value.type() instanceof Type.Ref ref && ref.to() instanceof Type.Context;
        boolean map = value.type() instanceof Type.Ref ref && ref.to() instanceof Type.Map;
        body.report(
                written.span(),
                DiagnosticCode.E0304,
                context
                        ? "a context cannot be copied; its fields are read one by one"
                        : map
                                ? "a map cannot be copied; what it holds is found with `[key]`"
                                : "`*` follows a reference, and this is " + Words.a(value.type()));
        return new Operand.Poison(written.span());
    }

    private Operand address(Expr.Unary written) {
        Operand operand = body.expressions().check(written.operand(), null);
        Span span = written.span();
        if (operand instanceof Operand.Poison) {
            return operand;
        }
        if (!(operand instanceof Operand.Located located)) {
            Operand.Located at = body.expressions().places().located(operand);
            if (at != null) {
                body.report(at(span, DiagnosticCode.E0310, "`&` needs a variable, a field or an element")
                        .labelled("this is a value without a place")
                        .withHelp("give it one: `var x = …;`, then `&x`"));
            }
            return new Operand.Poison(span);
        }
        Place place = located.place();
        if (place instanceof Place.FieldOf field && field.field().isBitField()) {
            body.report(
                    span, DiagnosticCode.E0335, "`" + field.field().name() + "` is a bit field, which has no address");
            return new Operand.Poison(span);
        }
        if (place instanceof Place.ContextSlot || place instanceof Place.Temporary) {
            body.report(span, DiagnosticCode.E0335, "there is no reference to this");
            return new Operand.Poison(span);
        }
        if (Places.inKernel(place) && !(place.type() instanceof StructType)) {
            body.report(at(span, DiagnosticCode.E0335, "there is no reference to what lies in the kernel")
                    .withHelp("copy it: `let x = " + written.operand().span().text() + ";`"));
            return new Operand.Poison(span);
        }
        Type type = place.type();
        if (type instanceof Type.Ref
                || type instanceof Type.Own
                || type instanceof Type.SpinLock
                || type instanceof Type.Maybe
                || type instanceof Type.Function
                || type instanceof Type.Slice
                || type instanceof Type.Packet
                || type instanceof Type.Text) {
            body.report(at(span, DiagnosticCode.E0335, "there is no reference to " + Words.a(type)));
            return new Operand.Poison(span);
        }
        Places.markAddressed(place);
        boolean constant = !located.access().writable() && !Places.inKernel(place);
        return new Operand.Value(new TypedExpr.AddressOf(place, new Type.Ref(type, constant), span));
    }

    Operand binary(Expr.Binary written, @Nullable Type wanted) {
        // Operators give values that are never null; that they are wrapped afterwards does not concern the operands.
        Type expected = wanted instanceof Type.Maybe maybe && written.op() != BinaryOp.ORELSE ? maybe.of() : wanted;
        return switch (written.op()) {
            case LOGICAL_AND, LOGICAL_OR -> logical(written);
            case ORELSE -> body.expressions().nulls().orElse(written, expected);
            case EQ, NE, LT, LE, GT, GE -> comparison(written);
            case SHL, SHR -> {
                Operand left = body.expressions().check(written.left(), expected);
                Operand right = body.expressions().check(written.right(), null);
                yield shift(written.op(), left, right, expected, written.span());
            }
            case MUL, DIV, REM, ADD, SUB, AND, XOR, OR -> {
                Operand left = body.expressions().check(written.left(), expected);
                Operand right = body.expressions().check(written.right(), expected);
                yield arithmetic(written.op(), left, right, expected, written.span());
            }
        };
    }

    private Operand logical(Expr.Binary written) {
        boolean and = written.op() == BinaryOp.LOGICAL_AND;
        String what = "the operand of `" + written.op().text() + "`";
        TypedExpr left = body.value(written.left(), Type.Bool.BOOL, what);
        TypedExpr right = body.value(written.right(), Type.Bool.BOOL, what);
        return left.type().poisoned() || right.type().poisoned()
                ? new Operand.Poison(written.span())
                : new Operand.Value(Folding.logical(and, left, right, written.span()));
    }

    /** {@code + - * / % & | ^} of two checked operands. */
    Operand arithmetic(BinaryOp op, Operand left, Operand right, @Nullable Type expected, Span span) {
        if (left instanceof Operand.Exact a && right instanceof Operand.Exact b) {
            return exact.compute(op, a, b, span);
        }
        if (left instanceof Operand.Poison || right instanceof Operand.Poison) {
            return new Operand.Poison(span);
        }
        for (Operand operand : new Operand[] {left, right}) {
            Type type = Coercions.typeOf(operand);
            if (type == null && !(operand instanceof Operand.Exact)) {
                type = body.coercions().natural(operand).type();
                if (type.poisoned()) {
                    return new Operand.Poison(span);
                }
            }
            if (type != null && !defined(op, type)) {
                return notDefined(op.text(), type, span);
            }
        }
        Type type = common(left, right, expected);
        if (type == null) {
            reportNoCommonType(span, left, right, "the operands of `" + op.text() + "`");
            return new Operand.Poison(span);
        }
        TypedExpr a = body.coercions().to(left, type, "the left operand of `" + op.text() + "`");
        TypedExpr b = body.coercions().to(right, type, "the right operand of `" + op.text() + "`");
        return operate(op, a, b, type, span);
    }

    private Operand operate(BinaryOp op, TypedExpr a, TypedExpr b, Type type, Span span) {
        if (a.type().poisoned() || b.type().poisoned()) {
            return new Operand.Poison(span);
        }
        if ((op == BinaryOp.DIV || op == BinaryOp.REM) && isZero(b)) {
            body.report(at(span, DiagnosticCode.E0322, "division by the constant zero")
                    .withNote("at run time `x / 0` is 0 and `x % 0` is `x`; written out, it is a mistake"));
            return new Operand.Poison(span);
        }
        return new Operand.Value(
                Folding.binary(machine(op, Numbers.carrier(type).signed()), a, b, type, span));
    }

    private static boolean isZero(TypedExpr expr) {
        return expr instanceof TypedExpr.Value value
                && value.value() instanceof Constant.Number number
                && number.bits() == 0;
    }

    private static boolean defined(BinaryOp op, Type type) {
        boolean bitwise = op == BinaryOp.AND || op == BinaryOp.OR || op == BinaryOp.XOR;
        return type instanceof Type.Int || (bitwise && type instanceof Type.BigEndian) || type.poisoned();
    }

    /** Whether an operator works on a type, so that {@code op=} does. */
    static boolean canUpdate(BinaryOp op, Type type) {
        boolean shift = op == BinaryOp.SHL || op == BinaryOp.SHR;
        return shift ? type instanceof Type.Int : defined(op, type);
    }

    /** The row of the IR, signedness resolved. */
    static dev.turnout.ir.model.BinaryOp machine(BinaryOp op, boolean signed) {
        return switch (op) {
            case MUL -> dev.turnout.ir.model.BinaryOp.MUL;
            case DIV -> signed ? dev.turnout.ir.model.BinaryOp.SDIV : dev.turnout.ir.model.BinaryOp.UDIV;
            case REM -> signed ? dev.turnout.ir.model.BinaryOp.SREM : dev.turnout.ir.model.BinaryOp.UREM;
            case ADD -> dev.turnout.ir.model.BinaryOp.ADD;
            case SUB -> dev.turnout.ir.model.BinaryOp.SUB;
            case SHL -> dev.turnout.ir.model.BinaryOp.SHL;
            case SHR -> signed ? dev.turnout.ir.model.BinaryOp.ASHR : dev.turnout.ir.model.BinaryOp.LSHR;
            case AND -> dev.turnout.ir.model.BinaryOp.AND;
            case XOR -> dev.turnout.ir.model.BinaryOp.XOR;
            case OR -> dev.turnout.ir.model.BinaryOp.OR;
            case EQ, NE, LT, LE, GT, GE, LOGICAL_AND, LOGICAL_OR, ORELSE ->
                throw new IllegalArgumentException(op + " is no arithmetic");
        };
    }

    /** {@code << >>}: the type is that of the left operand; the count may be any integer. */
    Operand shift(BinaryOp op, Operand left, Operand right, @Nullable Type expected, Span span) {
        if (left instanceof Operand.Exact a && right instanceof Operand.Exact b) {
            return exact.compute(op, a, b, span);
        }
        Type wanted = left instanceof Operand.Exact && expected instanceof Type.Int ? expected : null;
        TypedExpr value = wanted == null
                ? body.coercions().natural(left)
                : body.coercions().to(left, wanted, "the left operand of `" + op.text() + "`");
        Type type = value.type();
        if (type.poisoned()) {
            return new Operand.Poison(span);
        }
        if (!(type instanceof Type.Int number)) {
            return notDefined(op.text(), type, span);
        }
        TypedExpr count = count(op, right, number);
        return count.type().poisoned()
                ? new Operand.Poison(span)
                : new Operand.Value(Folding.binary(machine(op, number.signed()), value, count, type, span));
    }

    /** The count of a shift, converted to the type that is shifted: only its low bits count anyway. */
    TypedExpr count(BinaryOp op, Operand right, Type.Int type) {
        TypedExpr count = body.coercions().natural(right);
        if (count.type().poisoned()) {
            return count;
        }
        if (!(count.type() instanceof Type.Int given)) {
            body.report(
                    right.span(),
                    DiagnosticCode.E0304,
                    "the count of `" + op.text() + "` is an integer, not " + Words.a(count.type()));
            return Coercions.poison(right.span());
        }
        if (count instanceof TypedExpr.Value value && value.value() instanceof Constant.Number number) {
            BigInteger by = Numbers.meaning(given, number.bits());
            if (by.signum() < 0 || by.compareTo(BigInteger.valueOf(type.bits())) >= 0) {
                body.report(at(
                                right.span(),
                                DiagnosticCode.E0322,
                                "a shift by " + by + " of " + Words.a(type) + ", which has " + type.bits() + " bits")
                        .withNote("at run time the count is taken modulo the width; written out, it is a mistake"));
                return Coercions.poison(right.span());
            }
        }
        return Conversions.resize(count, type, right.span());
    }

    private Operand comparison(Expr.Binary written) {
        Span span = written.span();
        Operand left;
        Operand right;
        if (written.left() instanceof Expr.Member) {
            // The shorthand takes its enum from the other side; neither side of such a comparison has effects on it.
            right = body.expressions().check(written.right(), null);
            left = body.expressions().check(written.left(), Coercions.typeOf(right));
        } else if (written.left() instanceof Expr.Null || written.right() instanceof Expr.Null) {
            left = body.expressions().tested(written.left());
            right = body.expressions().tested(written.right());
        } else {
            left = body.expressions().check(written.left(), null);
            right = body.expressions().check(written.right(), Coercions.typeOf(left));
        }
        if (left instanceof Operand.Null || right instanceof Operand.Null) {
            return nullTest(written, left, right);
        }
        if (left instanceof Operand.Exact a && right instanceof Operand.Exact b) {
            return new Operand.Value(Folding.bool(holds(written.op(), a.value().compareTo(b.value())), span));
        }
        Type a = Coercions.typeOf(left);
        Type b = Coercions.typeOf(right);
        if (a instanceof Type.Text || b instanceof Type.Text) {
            return text(written, left, right);
        }
        if (a instanceof Type.Maybe || b instanceof Type.Maybe) {
            body.report(at(span, DiagnosticCode.E0306, "a value that may be null is compared")
                    .withLabel(
                            a instanceof Type.Maybe ? left.span() : right.span(),
                            "this is " + Words.a(a instanceof Type.Maybe ? a : b))
                    .withHelp("unwrap it first, or compare with `null`"));
            return new Operand.Poison(span);
        }
        if (a instanceof Type.Array array && right instanceof Operand.Text) {
            b = array;
        }
        Type type =
                b instanceof Type.Array && left instanceof Operand.Text ? b : common(left, right, a == null ? b : a);
        if (type == null) {
            reportNoCommonType(
                    span, left, right, "the operands of `" + written.op().text() + "`");
            return new Operand.Poison(span);
        }
        if (type.poisoned() || !comparable(written, type)) {
            return new Operand.Poison(span);
        }
        TypedExpr one = body.coercions()
                .to(left, type, "the left operand of `" + written.op().text() + "`");
        TypedExpr other = body.coercions()
                .to(right, type, "the right operand of `" + written.op().text() + "`");
        if (one.type().poisoned() || other.type().poisoned()) {
            return new Operand.Poison(span);
        }
        boolean signed = Numbers.hasNumbers(type) && Numbers.carrier(type).signed();
        return new Operand.Value(Folding.compare(machineCompare(written.op(), signed), one, other, span));
    }

    private boolean comparable(Expr.Binary written, Type type) {
        boolean equality = written.op() == BinaryOp.EQ || written.op() == BinaryOp.NE;
        boolean ordered = type instanceof Type.Int || type instanceof Type.BigEndian;
        boolean equal = ordered
                || type instanceof Type.Bool
                || type instanceof EnumType
                || (type instanceof Type.Array array && array.element().equals(Type.Int.U8));
        if (equality ? equal : ordered) {
            return true;
        }
        Diagnostic diagnostic = at(
                written.span(), DiagnosticCode.E0304, "`" + written.op().text() + "` is not defined on `" + type + "`");
        String help = switch (type) {
            case EnumType enumeration -> "members are not ordered; write `" + enumeration.underlying() + "(…)`";
            case StructType _ -> "compare the fields that matter";
            case Type.Ref ref ->
                ref.to().aggregate() ? "references compare with nothing" : "write `*` before both for the values";
            default -> null;
        };
        body.report(help == null ? diagnostic : diagnostic.withHelp(help));
        return false;
    }

    private Operand nullTest(Expr.Binary written, Operand left, Operand right) {
        Span span = written.span();
        boolean equality = written.op() == BinaryOp.EQ || written.op() == BinaryOp.NE;
        if (!equality) {
            body.report(span, DiagnosticCode.E0304, "`null` is compared with `==` and `!=` only");
            return new Operand.Poison(span);
        }
        Operand operand = left instanceof Operand.Null ? right : left;
        TypedExpr value = body.coercions().natural(operand);
        if (value.type().poisoned()) {
            return new Operand.Poison(span);
        }
        if (!(value.type() instanceof Type.Maybe)) {
            body.report(at(span, DiagnosticCode.E0307, "this is compared with `null`, and it is never null")
                    .withLabel(operand.span(), "this is " + Words.a(value.type())));
            return new Operand.Poison(span);
        }
        return new Operand.Value(new TypedExpr.NullTest(value, written.op() == BinaryOp.EQ, Type.Bool.BOOL, span));
    }

    private Operand text(Expr.Binary written, Operand left, Operand right) {
        Operand literal = left instanceof Operand.Text ? left : right;
        Operand other = left instanceof Operand.Text ? right : left;
        boolean equality = written.op() == BinaryOp.EQ || written.op() == BinaryOp.NE;
        if (!equality || !(literal instanceof Operand.Text text)) {
            body.report(
                    written.span(), DiagnosticCode.E0304, "a text is compared with a string literal, by `==` or `!=`");
            return new Operand.Poison(written.span());
        }
        return new Operand.Value(new TestOperation.TextEquals(
                body.coercions().natural(other),
                text.bytes(),
                written.op() == BinaryOp.NE,
                Type.Bool.BOOL,
                written.span()));
    }

    private static boolean holds(BinaryOp op, int order) {
        return switch (op) {
            case EQ -> order == 0;
            case NE -> order != 0;
            case LT -> order < 0;
            case LE -> order <= 0;
            case GT -> order > 0;
            case GE -> order >= 0;
            default -> throw new IllegalArgumentException(op + " is no comparison");
        };
    }

    private static CompareOp machineCompare(BinaryOp op, boolean signed) {
        return switch (op) {
            case EQ -> CompareOp.EQ;
            case NE -> CompareOp.NE;
            case LT -> signed ? CompareOp.SLT : CompareOp.ULT;
            case LE -> signed ? CompareOp.SLE : CompareOp.ULE;
            case GT -> signed ? CompareOp.SGT : CompareOp.UGT;
            case GE -> signed ? CompareOp.SGE : CompareOp.UGE;
            default -> throw new IllegalArgumentException(op + " is no comparison");
        };
    }
}
