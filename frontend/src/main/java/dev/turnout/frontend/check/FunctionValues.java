package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.frontend.typed.TypedExpr;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions as values: their names, elements of tables, and calls of what they hold. */
final class FunctionValues {
    private FunctionValues() {}

    /** Whether a type is that of functions, null or not. */
    static boolean isFunction(Type type) {
        return type instanceof Type.Function
                || (type instanceof Type.Maybe maybe && maybe.of() instanceof Type.Function);
    }

    /** The nullable of a type; of one that is nullable already, itself. */
    static Type.Maybe nullable(Type type) {
        return type instanceof Type.Maybe maybe ? maybe : new Type.Maybe(type);
    }

    /**
     * Why a function cannot be a value, as a sentence; null if it can. A result that refers to what a parameter refers to may lead
     * to a frame of a caller: no machine returns such an address, so these functions exist inside their callers only.
     */
    static @Nullable String whyNot(FunctionSymbol function) {
        if (function.kind() instanceof Symbol.FunctionKind.Program) {
            return "a program is entered from outside only";
        }
        Type result = function.result() instanceof Type.Maybe maybe ? maybe.of() : function.result();
        if (!(result instanceof Type.Ref)) {
            return null;
        }
        for (Symbol.Local parameter : function.parameters()) {
            Type type = parameter.type() instanceof Type.Maybe maybe ? maybe.of() : parameter.type();
            if (type instanceof Type.Cursor || (type instanceof Type.Ref ref && !(ref.to() instanceof Type.Context))) {
                return "its result may refer to what `" + parameter.name()
                        + "` refers to, so it is always made part of its callers";
            }
        }
        return null;
    }

    /** The name of a function as a value. */
    static TypedExpr of(Body body, FunctionSymbol function, Span span) {
        String reason = whyNot(function);
        if (reason != null) {
            body.report(at(span, DiagnosticCode.E0342, "`" + function.name() + "` cannot be a value")
                    .withNote(reason));
            return Coercions.poison(span);
        }
        Type type = function.type();
        if (type.poisoned()) {
            return Coercions.poison(span);
        }
        body.uses().values.add(new Uses.Call(function, span));
        return new TypedExpr.FunctionValue(function, type, span);
    }

    /** {@code s[i]} of a slice: its length is known at run time only, so the index is always tested. */
    static Operand element(Body body, TypedExpr slice, Type.Slice type, Expr.Index written) {
        TypedExpr index = body.expressions().natural(written.index());
        if (slice.type().poisoned() || index.type().poisoned()) {
            return new Operand.Poison(written.span());
        }
        if (!(index.type() instanceof Type.Int)) {
            body.report(
                    written.index().span(),
                    DiagnosticCode.E0333,
                    "the index of a slice is an integer, not " + Words.a(index.type()));
            return new Operand.Poison(written.span());
        }
        return new Operand.Value(new TypedExpr.SliceElement(slice, index, nullable(type.element()), written.span()));
    }

    /** A call of what an expression gives. */
    static Operand call(Body body, Operand given, Expr.Call call) {
        TypedExpr callee = body.coercions().natural(given);
        Calls calls = body.expressions().calls();
        if (callee.type() instanceof Type.Maybe maybe && maybe.of() instanceof Type.Function) {
            Diagnostic diagnostic = at(call.callee().span(), DiagnosticCode.E0306, "this may be null, and it is called")
                    .labelled("this is " + Words.a(maybe))
                    .withHelp(
                            "unwrap it first: `let f = " + call.callee().span().text() + " else …;`, then `f(…)`");
            body.report(missingRow(callee) ? diagnostic.withNote("a row of this table is missing") : diagnostic);
            calls.checkArguments(call);
            return new Operand.Poison(call.span());
        }
        if (!(callee.type() instanceof Type.Function type)) {
            if (!callee.type().poisoned()) {
                body.report(call.callee().span(), DiagnosticCode.E0315, Words.a(callee.type()) + " cannot be called");
            }
            calls.checkArguments(call);
            return new Operand.Poison(call.span());
        }
        Place.TableRows rows = rowsOf(callee);
        if (rows == null) {
            body.uses().throughValues.add(new Uses.ThroughValue(type, call.span()));
        } else {
            // The table goes nowhere: only its rows can be what is called here.
            body.uses().tables.remove(rows);
            body.uses().throughTables.add(new Uses.ThroughTable(rows.table(), call.span()));
        }
        int wanted = type.parameters().size();
        if (call.arguments().size() != wanted) {
            body.report(
                    call.span(),
                    DiagnosticCode.E0314,
                    "`" + type + "` takes " + Calls.count(wanted) + ", and "
                            + call.arguments().size() + (call.arguments().size() == 1 ? " is" : " are") + " given");
            calls.checkArguments(call);
            return new Operand.Poison(call.span());
        }
        List<TypedExpr> arguments = new ArrayList<>();
        for (int i = 0; i < wanted; i++) {
            arguments.add(body.value(
                    call.arguments().get(i), type.parameters().get(i), "argument " + (i + 1) + " of `" + type + "`"));
        }
        for (TypedExpr argument : arguments) {
            if (argument.type().poisoned()) {
                return new Operand.Poison(call.span());
            }
        }
        return new Operand.Value(new TypedExpr.IndirectCall(callee, arguments, type.result(), call.span()));
    }

    /** The table whose row is called: {@code table[i](…)}; null for other values. */
    private static Place.@Nullable TableRows rowsOf(TypedExpr callee) {
        return callee instanceof TypedExpr.Load load
                        && load.place() instanceof Place.Element element
                        && element.base() instanceof Place.TableRows rows
                ? rows
                : null;
    }

    private static boolean missingRow(TypedExpr callee) {
        Place.TableRows rows = rowsOf(callee);
        return rows != null && rows.table().rows().contains(null);
    }
}
