package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.frontend.typed.TypedExpr;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * What is being checked: the body of a function, a test, or a constant expression at the top level. Owns the scope and what
 * the checks of its parts share; the parts find each other through it.
 */
final class Body {
    /** What the code is for, which decides what it may do. */
    enum Kind {
        FUNCTION,
        TEST,
        CONSTANT
    }

    private final Compilation compilation;
    private final Module module;
    private final Kind kind;
    private final @Nullable FunctionSymbol function;
    private final Scope scope = new Scope();
    private final Uses uses = new Uses();
    private final Coercions coercions = new Coercions(this);
    private final Expressions expressions = new Expressions(this);
    private final Statements statements = new Statements(this);

    private Body(Compilation compilation, Module module, Kind kind, @Nullable FunctionSymbol function) {
        this.compilation = compilation;
        this.module = module;
        this.kind = kind;
        this.function = function;
    }

    static Body ofConstant(Compilation compilation, Module module) {
        return new Body(compilation, module, Kind.CONSTANT, null);
    }

    static Body ofTest(Compilation compilation, Module module) {
        return new Body(compilation, module, Kind.TEST, null);
    }

    static Body ofFunction(Compilation compilation, Module module, FunctionSymbol function) {
        Body body = new Body(compilation, module, Kind.FUNCTION, function);
        body.scope.open();
        for (Symbol.Local parameter : function.parameters()) {
            if (!parameter.name().equals("_")) {
                body.scope.add(parameter);
            }
        }
        return body;
    }

    Compilation compilation() {
        return compilation;
    }

    Module module() {
        return module;
    }

    boolean isTest() {
        return kind == Kind.TEST;
    }

    boolean isConstant() {
        return kind == Kind.CONSTANT;
    }

    /** The function whose body it is; null for tests and constants. */
    @Nullable
    FunctionSymbol function() {
        return function;
    }

    /** What {@code return} gives; void in tests. */
    Type result() {
        return function == null ? Type.Void.VOID : function.result();
    }

    Scope scope() {
        return scope;
    }

    Uses uses() {
        return uses;
    }

    Coercions coercions() {
        return coercions;
    }

    Expressions expressions() {
        return expressions;
    }

    Statements statements() {
        return statements;
    }

    Constants constants() {
        return new Constants(compilation);
    }

    void report(Diagnostic diagnostic) {
        compilation.report(diagnostic);
    }

    void report(Span span, DiagnosticCode code, String message) {
        compilation.report(span, code, message);
    }

    /** Checks an expression and makes it a value of {@code type}; {@code what} names the place it goes to. */
    TypedExpr value(Expr written, Type type, String what) {
        return coercions.to(expressions.check(written, type), type, what);
    }

    /** The same where only a constant will do; what is not known yet is left to {@link Constants#of}. */
    TypedExpr constantExpression(Expr written, Type type, String what) {
        return value(written, type, what);
    }

    /** The number that a constant expression comes to; null if it is none, which is then reported. */
    @Nullable
    BigInteger constantNumber(Expr written, String what) {
        Operand operand = expressions.check(written, null);
        if (operand instanceof Operand.Exact exact) {
            return exact.value();
        }
        TypedExpr value = coercions.natural(operand);
        if (value.type().poisoned()) {
            return null;
        }
        if (!(value.type() instanceof Type.Int)) {
            report(at(written.span(), DiagnosticCode.E0301, what + " is an integer, not " + Words.a(value.type())));
            return null;
        }
        Constant constant = constants().of(value);
        return constant instanceof Constant.Number number ? Numbers.meaning(value.type(), number.bits()) : null;
    }
}
