package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.ast.Path;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.frontend.typed.TypedExpr;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls: of functions, of built-in functions, conversions, and {@code x.f(a)}. */
final class Calls {
    private final Body body;

    Calls(Body body) {
        this.body = body;
    }

    Operand call(Expr.Call call, @Nullable Type expected) {
        if (call.callee() instanceof Expr.Field field) {
            return new Methods(body).call(call, field, expected);
        }
        if (!(call.callee() instanceof Expr.Ref ref)) {
            return FunctionValues.call(body, body.expressions().check(call.callee(), null), call);
        }
        if (ref.path().isSimple() && body.scope().find(ref.path().last().text()) != null) {
            return FunctionValues.call(body, body.expressions().check(ref, null), call);
        }
        Entity entity = body.compilation().resolve(ref.path(), body.module(), body.scope());
        return switch (entity) {
            case Entity.Function function -> function(function.symbol(), ref.path(), call);
            case Entity.TypeName type -> new Conversions(body).convert(type.type(), call);
            case Entity.Extern helper -> Externs.call(body, helper, call);
            case Entity.KernelFunction function -> KernelFunctions.call(body, function.symbol(), call);
            case Entity.Intrinsic intrinsic -> new Intrinsics(body).call(intrinsic.name(), call, expected);
            case Entity.Invalid _ -> {
                checkArguments(call);
                yield new Operand.Poison(call.span());
            }
            case Entity.ExactNumber _,
                    Entity.Constant _,
                    Entity.Config _,
                    Entity.Global _,
                    Entity.MapName _,
                    Entity.KeyName _,
                    Entity.Table _ -> {
                Diagnostic diagnostic = at(
                        ref.span(),
                        DiagnosticCode.E0315,
                        "`" + ref.path() + "` is " + entity.kind() + " and cannot be called");
                body.report(
                        entity instanceof Entity.Table
                                ? diagnostic.withHelp("call a row of it: `" + ref.path() + "[index](…)`")
                                : diagnostic);
                checkArguments(call);
                yield new Operand.Poison(call.span());
            }
        };
    }

    /** Looks for mistakes in the arguments of a call that is wrong already. */
    void checkArguments(Expr.Call call) {
        for (Expr argument : call.arguments()) {
            if (!(argument instanceof Expr.Member)) {
                body.expressions().check(argument, null);
            }
        }
    }

    private Operand function(FunctionSymbol function, Path path, Expr.Call call) {
        if (function.kind() instanceof Symbol.FunctionKind.Program) {
            Diagnostic diagnostic = at(
                    path.span(),
                    DiagnosticCode.E0315,
                    "`" + path + "` is a program, which is entered from outside only");
            body.report(
                    body.isTest()
                            ? diagnostic.withHelp("write `run(" + path + ", packet(…))`")
                            : diagnostic.withHelp("move what both need into a `fn`"));
            checkArguments(call);
            return new Operand.Poison(call.span());
        }
        if (call.arguments().size() != function.parameters().size()) {
            reportCount(function, call.span(), call.arguments().size());
            checkArguments(call);
            return new Operand.Poison(call.span());
        }
        List<TypedExpr> arguments = new ArrayList<>();
        for (int i = 0; i < call.arguments().size(); i++) {
            arguments.add(argument(function, i, call.arguments().get(i)));
        }
        return finish(function, arguments, call.span());
    }

    private TypedExpr argument(FunctionSymbol function, int index, Expr written) {
        Symbol.Local parameter = function.parameters().get(index);
        return body.value(
                written, parameter.type(), "the argument `" + parameter.name() + "` of `" + function.name() + "`");
    }

    private void reportCount(FunctionSymbol function, Span span, int given) {
        int wanted = function.parameters().size();
        Diagnostic diagnostic = at(
                span,
                DiagnosticCode.E0314,
                "`" + function.name() + "` takes " + count(wanted) + ", and " + given + (given == 1 ? " is" : " are")
                        + " given");
        Span declared = Compilation.inText(function.declared());
        body.report(declared == null ? diagnostic : diagnostic.withLabel(declared, "declared here"));
    }

    static String count(int arguments) {
        return arguments == 0 ? "no arguments" : arguments == 1 ? "1 argument" : arguments + " arguments";
    }

    private Operand finish(FunctionSymbol function, List<TypedExpr> arguments, Span span) {
        body.uses().calls.add(new Uses.Call(function, span));
        for (TypedExpr argument : arguments) {
            if (argument.type().poisoned()) {
                return function.result() instanceof Type.Void
                        ? new Operand.Value(new TypedExpr.Call(function, arguments, Type.Void.VOID, span))
                        : new Operand.Poison(span);
            }
        }
        return function.result().poisoned()
                ? new Operand.Poison(span)
                : new Operand.Value(new TypedExpr.Call(function, arguments, function.result(), span));
    }

    /** {@code x.f(a)} where {@code f} is no built-in method: {@code f(x, a)}, or {@code f(&x, a)} if it takes that. */
    Operand onValue(FunctionSymbol function, Operand receiver, Expr.Call call) {
        if (call.arguments().size() + 1 != function.parameters().size()) {
            reportCount(function, call.span(), call.arguments().size() + 1);
            checkArguments(call);
            return new Operand.Poison(call.span());
        }
        Type wanted = function.parameters().getFirst().type();
        Type given = Coercions.typeOf(receiver);
        Operand first = receiver;
        if (wanted instanceof Type.Ref ref
                && receiver instanceof Operand.Located located
                && ref.to().equals(given)) {
            Places.markAddressed(located.place());
            first = new Operand.Value(new TypedExpr.AddressOf(
                    located.place(), new Type.Ref(ref.to(), !located.access().writable()), receiver.span()));
        } else if (wanted instanceof Type.Ref ref
                && given instanceof Type.Own own
                && ref.to().equals(own.to())) {
            // Lent for the call.
            Place lent = body.expressions()
                    .places()
                    .deref(body.coercions().natural(receiver), receiver.span())
                    .place();
            first = new Operand.Value(
                    new TypedExpr.AddressOf(lent, new Type.Ref(ref.to(), ref.constant()), receiver.span()));
        } else if (given instanceof Type.Ref ref && ref.to().equals(wanted)) {
            first = body.expressions().places().deref(body.coercions().natural(receiver), receiver.span());
        }
        List<TypedExpr> arguments = new ArrayList<>();
        arguments.add(body.coercions().to(first, wanted, "the receiver of `" + function.name() + "`"));
        for (int i = 0; i < call.arguments().size(); i++) {
            arguments.add(argument(function, i + 1, call.arguments().get(i)));
        }
        return finish(function, arguments, call.span());
    }
}
