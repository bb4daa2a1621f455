package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.MapOperand;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code m.each(f, &state)}: a call of {@code f} for every entry of a map. */
final class MapWalks {
    private final Body body;

    MapWalks(Body body) {
        this.body = body;
    }

    Operand each(MapOperand map, Expr.Field callee, Expr.Call call) {
        if (body.isTest()) {
            body.report(at(call.span(), DiagnosticCode.E0336, "a test does not walk through a map")
                    .withHelp("look entries up, `m[key]`, or run a program that walks"));
            body.expressions().calls().checkArguments(call);
            return new Operand.Poison(call.span());
        }
        if (!HelperFunction.FOR_EACH_MAP_ELEM.maps().contains(map.type().kind())) {
            body.report(MapOperations.declared(
                            at(
                                    callee.name().span(),
                                    DiagnosticCode.E0336,
                                    Words.a(map.type().kind().word()) + " map cannot be walked through"),
                            map)
                    .withNote("Linux walks through arrays and hash maps, of every CPU or of all, and LRU ones"));
            body.expressions().calls().checkArguments(call);
            return new Operand.Poison(call.span());
        }
        if (call.arguments().size() != 2) {
            body.report(at(call.span(), DiagnosticCode.E0314, "`each` takes a function and a reference to its state")
                    .withHelp("write `var n: u64 = 0; m.each(f, &n);`"));
            body.expressions().calls().checkArguments(call);
            return new Operand.Poison(call.span());
        }
        FunctionSymbol function = function(call.arguments().get(0));
        TypedExpr state = state(call.arguments().get(1));
        if (function == null || state == null) {
            return new Operand.Poison(call.span());
        }
        Type.Ref of = (Type.Ref) state.type();
        if (!fits(function, map, of)) {
            Expr named = call.arguments().get(0);
            Diagnostic diagnostic = at(
                            named.span(),
                            DiagnosticCode.E0301,
                            "`each` of " + MapOperations.name(map) + " calls a `fn(*const "
                                    + map.type().key() + ", *"
                                    + map.type().value() + ", *" + of.to() + ") -> bool`, and this is "
                                    + Words.a(function.type()))
                    .withLabel(function.declared(), "declared here");
            body.report(diagnostic.withNote("it is given a key, its value and the state; `false` ends the walk"));
            return new Operand.Poison(call.span());
        }
        body.uses().calls.add(new Uses.Call(function, call.arguments().get(0).span()));
        body.uses().helpers.add(new Uses.HelperCalled(HelperFunction.FOR_EACH_MAP_ELEM, "`each`", call.span()));
        return new Operand.Value(new Builtin.MapEach(map, function, state, Type.Int.I64, call.span()));
    }

    private @Nullable FunctionSymbol function(Expr written) {
        Operand operand = body.expressions().check(written, null);
        if (operand instanceof Operand.Named named
                && named.entity() instanceof Entity.Function function
                && FunctionValues.whyNot(function.symbol()) == null) {
            return function.symbol();
        }
        if (!(operand instanceof Operand.Poison)) {
            body.report(at(written.span(), DiagnosticCode.E0212, "the name of a function is needed here")
                    .withNote("the machine calls it for every entry, so it is known while compiling"));
        }
        return null;
    }

    /** A reference to a local: the kernel hands nothing else to the function. */
    private @Nullable TypedExpr state(Expr written) {
        TypedExpr state = body.expressions().natural(written);
        if (state.type().poisoned()) {
            return null;
        }
        if (state instanceof TypedExpr.AddressOf address && isLocal(address.place())) {
            return state;
        }
        body.report(at(written.span(), DiagnosticCode.E0336, "the state of `each` is a local variable of this function")
                .withNote("the kernel hands memory of the caller's frame to the function, and nothing else")
                .withHelp("declare `var state: …;` and pass `&state`"));
        return null;
    }

    private static boolean isLocal(Place place) {
        return switch (place) {
            case Place.Variable _ -> true;
            case Place.FieldOf field -> isLocal(field.base());
            case Place.Element element -> isLocal(element.base());
            case Place.GlobalVariable _,
                    Place.Configuration _,
                    Place.ConstantData _,
                    Place.TableRows _,
                    Place.Deref _,
                    Place.MapSlot _,
                    Place.ContextSlot _,
                    Place.Temporary _ -> false;
        };
    }

    private static boolean fits(FunctionSymbol function, MapOperand map, Type.Ref state) {
        List<Type> given = function.type().parameters();
        return given.size() == 3
                && given.get(0).equals(new Type.Ref(map.type().key(), true))
                && refersTo(given.get(1), map.type().value(), false)
                && refersTo(given.get(2), state.to(), state.constant())
                && function.result() instanceof Type.Bool;
    }

    private static boolean refersTo(Type parameter, Type what, boolean constant) {
        return parameter instanceof Type.Ref ref && ref.to().equals(what) && (ref.constant() || !constant);
    }
}
