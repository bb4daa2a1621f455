package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.ast.Stmt;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.frontend.typed.TypedBlock;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedStmt;
import dev.turnout.stdlib.map.MapKind;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * {@code tail t[i] else { … }}. What a single statement shows is checked here; what only the whole program shows (which
 * programs reach it, and how) by {@link TailRules}.
 */
final class TailCalls {
    private final Body body;

    TailCalls(Body body) {
        this.body = body;
    }

    /** Control goes on behind the statement from the end of its block alone: the program that is called does not come back. */
    Statements.Flow statement(Stmt.Tail written) {
        Symbol.MapSymbol table = table(written.target());
        TypedExpr index = table == null || !(written.target() instanceof Expr.Index place)
                ? null
                : new MapOperations(body).slot(table, place.index());
        TypedBlock otherwise = body.statements().block(written.otherwise());
        TypedExpr context = context(written.span());
        if (table == null || index == null || context == null) {
            return new Statements.Flow(null, otherwise.endReachable());
        }
        body.uses()
                .tails
                .add(new Uses.Tail(table, constant(index), written.target().span()));
        return new Statements.Flow(
                new TypedStmt.Tail(table, index, context, otherwise, written.span()), otherwise.endReachable());
    }

    /** Notes the calls whose result a {@code return} gives back as it is: the operand, or what a choice in it comes to. */
    static void returned(Expr value, Uses uses) {
        switch (value) {
            case Expr.Call call -> uses.returned.add(call.span());
            case Expr.Parens inner -> returned(inner.inner(), uses);
            case Expr.If choice -> {
                returned(choice.then(), uses);
                returned(choice.otherwise(), uses);
            }
            case Expr.Switch choice -> {
                for (Expr.Arm arm : choice.arms()) {
                    if (arm.result() instanceof Expr.Result.Yields result) {
                        returned(result.value(), uses);
                    }
                }
            }
            case Expr.Int _,
                    Expr.Address _,
                    Expr.Str _,
                    Expr.Char _,
                    Expr.Bool _,
                    Expr.Null _,
                    Expr.Ref _,
                    Expr.Member _,
                    Expr.StructLiteral _,
                    Expr.ArrayLiteral _,
                    Expr.Repeat _,
                    Expr.Field _,
                    Expr.Index _,
                    Expr.Try _,
                    Expr.Unary _,
                    Expr.Binary _,
                    Expr.Invalid _ -> {}
        }
    }

    private static OptionalLong constant(TypedExpr index) {
        return index instanceof TypedExpr.Value value && value.value() instanceof Constant.Number number
                ? OptionalLong.of(number.bits())
                : OptionalLong.empty();
    }

    private Symbol.@Nullable MapSymbol table(Expr target) {
        if (target instanceof Expr.Index index && index.target() instanceof Expr.Ref ref) {
            Operand operand = body.expressions().check(ref, null);
            if (operand instanceof Operand.Poison) {
                return null;
            }
            if (operand instanceof Operand.Named named
                    && named.entity() instanceof Entity.MapName map
                    && map.symbol().type().kind() == MapKind.PROG_ARRAY) {
                return map.symbol();
            }
        }
        Span span = target instanceof Expr.Index index ? index.target().span() : target.span();
        body.report(at(span, DiagnosticCode.E0345, "`tail` takes an entry of a `prog_array`")
                .withHelp("declare `map programs: prog_array<u32>(8) = { 0 => p };` and write"
                        + " `tail programs[i] else { … }`"));
        return null;
    }

    /** The context of the function, which the other program is given; null, reported, if there is none. */
    private @Nullable TypedExpr context(Span span) {
        FunctionSymbol function = body.function();
        if (function == null) {
            body.report(at(span, DiagnosticCode.E0345, "only programs and their functions go on in another program")
                    .withHelp("write `run(program, packet(…))` in a test"));
            return null;
        }
        for (Symbol.Local parameter : function.parameters()) {
            if (parameter.type() instanceof Type.Ref(Type.Context _, boolean _)) {
                return Coercions.load(new Place.Variable(parameter, span));
            }
        }
        if (function.parameters().stream().noneMatch(one -> one.type().poisoned())) {
            Diagnostic diagnostic = at(
                            span,
                            DiagnosticCode.E0345,
                            "`" + function.name() + "` has no context that the other program could be given")
                    .withLabel(function.declared(), "declared here");
            body.report(diagnostic.withHelp("add a parameter `ctx: *XdpCtx` (or what the programs take), and pass it"));
        }
        return null;
    }
}
