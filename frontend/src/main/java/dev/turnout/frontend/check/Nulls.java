package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Condition;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.ast.Name;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.frontend.typed.TypedExpr;
import org.jspecify.annotations.Nullable;

/** What tests a nullable value: {@code ?}, {@code orelse}, {@code if (let x = …)}. */
final class Nulls {
    private final Body body;

    Nulls(Body body) {
        this.body = body;
    }

    /**
     * A value that is tested for null: its type is a {@code ?T}. Null if it is not, which is reported.
     *
     * @param construct what tests it
     */
    @Nullable
    TypedExpr tested(Expr written, String construct) {
        TypedExpr value = body.coercions().natural(body.expressions().tested(written));
        if (value.type() instanceof Type.Maybe) {
            return value;
        }
        if (!value.type().poisoned()) {
            body.report(at(written.span(), DiagnosticCode.E0307, construct + " tests for null, and this is never null")
                    .labelled("this is " + Words.a(value.type()))
                    .withHelp("leave the test out"));
        }
        return null;
    }

    /** {@code x?}. */
    Operand attempt(Expr.Try written) {
        TypedExpr value = tested(written.value(), "`?`");
        if (value == null) {
            return new Operand.Poison(written.span());
        }
        TypedExpr.Leave leave = leave(written.span());
        return leave == null
                ? new Operand.Poison(written.span())
                : new Operand.Value(new TypedExpr.Try(value, leave, ((Type.Maybe) value.type()).of(), written.span()));
    }

    private TypedExpr.@Nullable Leave leave(Span span) {
        if (body.isTest()) {
            return new TypedExpr.Leave.FailsTest();
        }
        FunctionSymbol function = body.function();
        if (function == null) {
            body.report(span, DiagnosticCode.E0308, "`?` leaves a function, and there is none around it");
            return null;
        }
        Type result = function.result();
        Constant fails = function.fails();
        if (fails != null) {
            return new TypedExpr.Leave.Returns(new TypedExpr.Value(fails, result, span));
        }
        if (result instanceof Type.Maybe) {
            return new TypedExpr.Leave.Returns(new TypedExpr.Value(new Constant.Absent(), result, span));
        }
        if (!result.poisoned()) {
            body.report(at(
                            span,
                            DiagnosticCode.E0308,
                            "`?` has nothing to return from `" + function.name() + "` when there is no value")
                    .withLabel(function.declared(), "states no `fails` value and does not return a nullable")
                    .withHelp(
                            result instanceof Type.Void
                                    ? "let it return `?void`, or test with `let x = … else return;`"
                                    : "write `-> " + result + " fails …`, return a `?" + result
                                            + "`, or test with `let x = … else …`"));
        }
        return null;
    }

    /** {@code a orelse b}. */
    Operand orElse(Expr.Binary written, @Nullable Type expected) {
        TypedExpr value = tested(written.left(), "`orelse`");
        if (value == null) {
            body.expressions().check(written.right(), expected);
            return new Operand.Poison(written.span());
        }
        Type inner = ((Type.Maybe) value.type()).of();
        Operand right = body.expressions().check(written.right(), inner);
        Type given = Coercions.typeOf(right);
        boolean nullable = given instanceof Type.Maybe || right instanceof Operand.Null;
        Type type = nullable ? value.type() : inner;
        TypedExpr otherwise = body.coercions().to(right, type, "the value behind `orelse`");
        return otherwise.type().poisoned()
                ? new Operand.Poison(written.span())
                : new Operand.Value(new TypedExpr.OrElse(value, otherwise, type, written.span()));
    }

    /** {@code let x = e} in a condition: the name goes into the open scope. */
    dev.turnout.frontend.typed.Condition binding(Condition.Present written) {
        TypedExpr value = tested(written.value(), "`if (let …)`");
        Type type = value == null ? Type.Poison.POISON : ((Type.Maybe) value.type()).of();
        Symbol.Local local = define(written.name(), type, Symbol.LocalKind.LET);
        return new dev.turnout.frontend.typed.Condition.Binding(
                local, value == null ? Coercions.poison(written.value().span()) : value);
    }

    /** Adds a local to the open scope; reports if it hides another one of the function. */
    Symbol.Local define(Name name, Type type, Symbol.LocalKind kind) {
        Type kept = MemoryRules.checkValue(body.compilation(), type, name.span(), "a local");
        if (type instanceof Type.Void && !name.isWildcard()) {
            body.report(at(name.span(), DiagnosticCode.E0334, "`" + name.text() + "` would have no value")
                    .withNote("what it is set to gives nothing"));
            kept = Type.Poison.POISON;
        }
        Symbol.Local local = new Symbol.Local(name.text(), kept, kind, name.span());
        if (name.isWildcard()) {
            return local;
        }
        Symbol.Local hidden = body.scope().find(name.text());
        if (hidden != null) {
            body.report(at(
                            name.span(),
                            DiagnosticCode.E0203,
                            "`" + name.text() + "` is already the name of a "
                                    + (hidden.kind() == Symbol.LocalKind.PARAMETER ? "parameter" : "local") + " here")
                    .withLabel(hidden.declared(), "declared here")
                    .withHelp("choose another name"));
        }
        body.scope().add(local);
        return local;
    }
}
