package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.ast.Stmt;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.TypedBlock;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedStmt;
import dev.turnout.stdlib.helper.HelperFunction;

/** {@code defer f(x);} and {@code lock (b.guard) { … }}: what happens whenever control leaves a block. */
final class DeferredCalls {
    private final Body body;

    DeferredCalls(Body body) {
        this.body = body;
    }

    Statements.Flow defer(Stmt.Defer written) {
        TypedExpr call = body.expressions().natural(written.call());
        if (call.type().poisoned()) {
            return Statements.Flow.NOTHING;
        }
        if (!(written.call() instanceof Expr.Call)) {
            body.report(at(written.call().span(), DiagnosticCode.E0347, "`defer` holds a call, and this is none")
                    .withHelp("write `defer f(x);`; move more than one call into a function"));
            return Statements.Flow.NOTHING;
        }
        if (call.type() instanceof Type.Maybe || call.type() instanceof Type.Own) {
            body.report(at(
                            written.call().span(),
                            DiagnosticCode.E0347,
                            "the result of a deferred call is dropped, and " + Words.a(call.type()) + " may not be")
                    .withHelp("move the call into a function that deals with its result"));
            return Statements.Flow.NOTHING;
        }
        TypedExpr.Try leaving = TryFinder.in(call);
        if (leaving != null) {
            body.report(at(leaving.span(), DiagnosticCode.E0347, "a deferred call holds no `?`")
                    .withNote("it runs while the block is being left, and cannot leave anything itself")
                    .withHelp("unwrap the value before the `defer`, or with `orelse`"));
            return Statements.Flow.NOTHING;
        }
        return Statements.Flow.on(new TypedStmt.Defer(call, written.span()));
    }

    Statements.Flow lock(Stmt.Lock written) {
        Operand operand = body.expressions().check(written.lock(), null);
        Place guard = guard(operand);
        if (guard == null && !(operand instanceof Operand.Poison)) {
            Type type = Coercions.typeOf(operand);
            if (type == null || !type.poisoned()) {
                body.report(at(
                                written.lock().span(),
                                DiagnosticCode.E0348,
                                "`lock` takes a `spin_lock` inside a map's value"
                                        + (type == null ? "" : ", and this is " + Words.a(type)))
                        .withHelp("declare a field `guard: spin_lock` in the struct that the map holds, and write"
                                + " `lock (b.guard) { … }` where `b` refers to an entry"));
            }
        }
        body.uses()
                .helpers
                .add(new Uses.HelperCalled(
                        HelperFunction.SPIN_LOCK, "`lock`", written.lock().span()));
        TypedBlock block = body.statements().block(written.body());
        return new Statements.Flow(
                guard == null ? null : new TypedStmt.Lock(guard, block, written.span()), block.endReachable());
    }

    /** A lock that lies in a map: behind a reference, or in an entry that is always there. */
    private static @org.jspecify.annotations.Nullable Place guard(Operand operand) {
        if (!(operand instanceof Operand.Located located) || !(located.place().type() instanceof Type.SpinLock)) {
            return null;
        }
        Place base = located.place();
        while (base instanceof Place.FieldOf field) {
            base = field.base();
        }
        return base instanceof Place.Deref || base instanceof Place.MapSlot ? located.place() : null;
    }
}
