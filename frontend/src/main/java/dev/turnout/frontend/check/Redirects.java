package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.Symbol.MapSymbol;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.program.Verdicts;

/** {@code redirect(map, index, fallback)}: sends the packet on through an entry of a map of devices, CPUs or sockets. */
final class Redirects {
    /** The verdicts that Linux takes as a fallback are those of two bits: it keeps them in the flags of the call. */
    private static final long LAST_FALLBACK = 3;

    private final Body body;

    Redirects(Body body) {
        this.body = body;
    }

    Operand call(Expr.Call call) {
        if (!new Intrinsics(body).arguments("redirect", call, 3)) {
            return new Operand.Poison(call.span());
        }
        Operand named = body.expressions().check(call.arguments().getFirst(), null);
        Type verdicts = body.compilation().universe().type(Verdicts.XDP_ACTION);
        if (!(named instanceof Operand.Named name)
                || !(name.entity() instanceof Entity.MapName map)
                || !HelperFunction.REDIRECT_MAP
                        .maps()
                        .contains(map.symbol().type().kind())) {
            if (!(named instanceof Operand.Poison)) {
                body.report(at(
                                call.arguments().getFirst().span(),
                                DiagnosticCode.E0336,
                                "`redirect` takes a `devmap`, `devmap_hash`, `cpumap` or `xskmap`")
                        .withHelp("declare `map ports: devmap<u32>(64);`"));
            }
            return new Operand.Poison(call.span());
        }
        MapSymbol target = map.symbol();
        TypedExpr index = new MapOperations(body).slot(target, call.arguments().get(1));
        TypedExpr fallback = body.value(call.arguments().get(2), verdicts, "the fallback of `redirect`");
        if (index == null || fallback.type().poisoned()) {
            return new Operand.Poison(call.span());
        }
        if (!(fallback instanceof TypedExpr.Value value)
                || !(value.value() instanceof Constant.Number number)
                || number.bits() > LAST_FALLBACK) {
            body.report(
                    call.arguments().get(2).span(),
                    DiagnosticCode.E0336,
                    "the fallback of `redirect` is `XDP_ABORTED`, `XDP_DROP`, `XDP_PASS` or `XDP_TX`");
            return new Operand.Poison(call.span());
        }
        body.uses().helpers.add(new Uses.HelperCalled(HelperFunction.REDIRECT_MAP, "`redirect`", call.span()));
        return new Operand.Value(new Builtin.RedirectMap(target, index, fallback, verdicts, call.span()));
    }
}
