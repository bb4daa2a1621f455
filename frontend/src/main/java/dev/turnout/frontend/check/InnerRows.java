package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.frontend.ast.Decl;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Symbol.InnerRow;
import dev.turnout.frontend.typed.Symbol.MapSymbol;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a map of maps, which name maps of the type that it holds. */
final class InnerRows {
    private final Compilation compilation;
    private final Module module;
    private final Type.Map outer;
    private final Type.Map inner;
    private final int flags;

    /** @param flags of the maps inside, as the outer one states them */
    InnerRows(Compilation compilation, Module module, Type.Map outer, Type.Map inner, int flags) {
        this.compilation = compilation;
        this.module = module;
        this.outer = outer;
        this.inner = inner;
        this.flags = flags;
    }

    /** The entries, in order of index; wrong ones are reported and left out. */
    List<InnerRow> read(@Nullable List<Decl.Row> written) {
        if (written != null && !written.isEmpty() && !isNumbered()) {
            // Objects have a slot for each row, and loaders take the slot's number for the key.
            compilation.report(at(
                            written.getFirst().span(),
                            DiagnosticCode.E0336,
                            "a `hash_of_maps` with keys of type `" + outer.key() + "` cannot be filled here")
                    .withNote("an object numbers the maps of an initialiser, so the key is a `u32`"));
            return List.of();
        }
        return new MapRows<MapSymbol>(compilation, module, outer, DiagnosticCode.E0336)
                .read(written, this::map).stream()
                        .map(row -> new InnerRow(row.index(), row.held(), row.span()))
                        .toList();
    }

    private boolean isNumbered() {
        return outer.kind().keys() == MapKind.Keys.INDEX || outer.key().equals(Type.Int.U32);
    }

    private @Nullable MapSymbol map(Expr written) {
        if (!(written instanceof Expr.Ref ref)) {
            compilation.report(
                    written.span(), DiagnosticCode.E0336, "a row of a map of maps is the name of a map of this object");
            return null;
        }
        Entity entity = compilation.resolve(ref.path(), module, new Scope());
        if (entity instanceof Entity.Invalid) {
            return null;
        }
        if (!(entity instanceof Entity.MapName named)) {
            compilation.report(at(
                            ref.span(),
                            DiagnosticCode.E0336,
                            "`" + ref.path() + "` is " + entity.kind() + ", and a map of maps holds maps")
                    .withHelp("name a `map`"));
            return null;
        }
        MapSymbol map = named.symbol();
        if (fits(map)) {
            return map;
        }
        compilation.report(at(ref.span(), DiagnosticCode.E0336, "`" + map.name() + "` is no map that can be in here")
                .withLabel(map.declared(), "a `" + map.type() + "`" + said(map.flags()))
                .withNote("the maps inside are of type `" + inner + "`" + said(flags)));
        return null;
    }

    private static String said(int flags) {
        return flags == 0 ? "" : ", with flags 0x" + Integer.toHexString(flags);
    }

    /** As Linux compares them: kind, types and flags; of an array its length too, since code is made with that, unless a flag says not to. */
    private boolean fits(MapSymbol map) {
        Type.Map type = map.type();
        boolean counted = type.kind() == MapKind.ARRAY || type.kind() == MapKind.PERCPU_ARRAY;
        return type.kind() == inner.kind()
                && type.key().equals(inner.key())
                && type.value().equals(inner.value())
                && map.flags() == flags
                && (!counted || type.maxEntries() == inner.maxEntries())
                && !MapFlag.INNER_MAP.in(map.flags());
    }
}
