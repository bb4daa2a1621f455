package dev.turnout.frontend.check;

import dev.turnout.frontend.ast.Stmt;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.typed.OwnedAtSlots;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.frontend.typed.TypedBlock;
import dev.turnout.frontend.typed.TypedFunction;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bodies of functions, each checked once, when it is first needed: by a constant that calls it, or because it is reached. */
final class FunctionBodies {
    private record Written(Module module, Stmt.Block body) {}

    private final Compilation compilation;
    private final Map<FunctionSymbol, Written> declared = new LinkedHashMap<>();
    private final IdentityHashMap<FunctionSymbol, TypedFunction> checked = new IdentityHashMap<>();
    private final IdentityHashMap<FunctionSymbol, Uses> uses = new IdentityHashMap<>();
    private final IdentityHashMap<FunctionSymbol, FunctionSymbol> inWork = new IdentityHashMap<>();

    FunctionBodies(Compilation compilation) {
        this.compilation = compilation;
    }

    void declare(FunctionSymbol symbol, Module module, Stmt.Block body) {
        declared.put(symbol, new Written(module, body));
    }

    /** The function with its body; null while that is being checked. */
    @Nullable
    TypedFunction of(FunctionSymbol symbol) {
        TypedFunction known = checked.get(symbol);
        if (known != null || inWork.putIfAbsent(symbol, symbol) != null) {
            return known;
        }
        Written written = declared.get(symbol);
        if (written == null) {
            throw new IllegalStateException(symbol.name() + " has no body");
        }
        Body body = Body.ofFunction(compilation, written.module, symbol);
        int errors = compilation.errors();
        TypedBlock block = body.statements().functionBody(written.body);
        // After a mistake parts of the tree are missing, and nothing could be said of what is owned.
        OwnedAtSlots owned = compilation.errors() > errors
                ? new OwnedAtSlots()
                : Ownership.check(compilation, symbol.parameters(), block);
        TypedFunction function = new TypedFunction(symbol, block, owned, body.uses().scratch > 0, written.body.span());
        inWork.remove(symbol);
        checked.put(symbol, function);
        uses.put(symbol, body.uses());
        return function;
    }

    /** What the body of a checked function uses. */
    Uses uses(FunctionSymbol symbol) {
        Uses known = uses.get(symbol);
        return known == null ? new Uses() : known;
    }
}
