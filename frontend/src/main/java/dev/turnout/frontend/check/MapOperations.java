package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.Symbol.MapSymbol;
import dev.turnout.frontend.typed.TestOperation;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedStmt;
import dev.turnout.stdlib.map.MapKind;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code m[k]}, {@code m[k] = v} and the methods of maps. */
final class MapOperations {
    private final Body body;

    MapOperations(Body body) {
        this.body = body;
    }

    private static boolean isArrayLike(Type.Map type) {
        return type.kind().keys() == MapKind.Keys.INDEX;
    }

    private @Nullable TypedExpr key(MapSymbol map, Expr written) {
        TypedExpr key = body.value(written, map.type().key(), "the key of `" + map.name() + "`");
        if (key.type().poisoned()) {
            return null;
        }
        boolean outside = key instanceof TypedExpr.Value
                && key.type() instanceof Type.Int
                && isArrayLike(map.type())
                && !cannotMiss(map.type(), key);
        if (outside) {
            body.report(at(
                            written.span(),
                            DiagnosticCode.E0333,
                            "key " + Ranges.max(key) + " is outside `" + map.name() + "`, which has "
                                    + map.type().maxEntries() + " entries")
                    .withLabel(map.declared(), "declared here"));
            return null;
        }
        return key;
    }

    /** Whether a lookup with this key always finds something. */
    private static boolean cannotMiss(Type.Map type, TypedExpr key) {
        if (!isArrayLike(type)) {
            return false;
        }
        if (key.type() instanceof EnumType enumeration) {
            return !enumeration.open() && enumeration.members().size() <= type.maxEntries();
        }
        return Ranges.max(key).compareTo(BigInteger.valueOf(type.maxEntries())) < 0;
    }

    /** The index of {@code tail t[i]}; null, reported, if it is wrong. */
    @Nullable
    TypedExpr slot(MapSymbol table, Expr written) {
        return key(table, written);
    }

    /** Whether a map holds programs, which nothing but {@code tail} can reach; then that is reported. */
    private boolean holdsPrograms(MapSymbol map, Span span) {
        if (map.type().kind() != MapKind.PROG_ARRAY) {
            return false;
        }
        body.report(at(span, DiagnosticCode.E0345, "`" + map.name() + "` holds programs, which only `tail` goes on in")
                .withLabel(map.declared(), "declared here")
                .withNote("programs neither read nor change it; its entries are replaced from outside")
                .withHelp("write `tail " + map.name() + "[index] else { … }`"));
        return true;
    }

    /** {@code m[k]}: the place itself where the key cannot miss, else a {@code ?*V}. */
    Operand index(MapSymbol map, Expr.Index written) {
        if (holdsPrograms(map, written.span())) {
            return new Operand.Poison(written.span());
        }
        TypedExpr key = key(map, written.index());
        if (key == null) {
            return new Operand.Poison(written.span());
        }
        if (cannotMiss(map.type(), key)) {
            return new Operand.Located(new Place.MapSlot(map, key, written.span()), Access.WRITABLE);
        }
        return new Operand.Value(new Builtin.MapLookup(
                map, key, new Type.Maybe(new Type.Ref(map.type().value(), false)), written.span()));
    }

    /** {@code m[k] = v}. Null, reported, if it is wrong. */
    @Nullable
    TypedStmt store(MapSymbol map, Expr.Index place, Expr value, Span span) {
        if (holdsPrograms(map, place.span())) {
            return null;
        }
        TypedExpr key = key(map, place.index());
        TypedExpr stored = body.value(value, map.type().value(), "a value of `" + map.name() + "`");
        if (key == null || stored.type().poisoned()) {
            return null;
        }
        return cannotMiss(map.type(), key)
                ? new TypedStmt.Assign(new Place.MapSlot(map, key, place.span()), stored, span)
                : new TypedStmt.MapStore(map, key, stored, span);
    }

    Operand method(MapSymbol map, Expr.Field callee, Expr.Call call) {
        if (holdsPrograms(map, call.span())) {
            return new Operand.Poison(call.span());
        }
        return switch (callee.name().text()) {
            case "insert" -> insert(map, call);
            case "delete" -> delete(map, call);
            case "len", "count" -> length(map, callee, call);
            case "each" -> {
                body.compilation().unsupported(call.span(), "`each` of a map");
                yield new Operand.Poison(call.span());
            }
            case "get" -> {
                body.report(at(callee.name().span(), DiagnosticCode.E0216, "a map has no method `get`")
                        .withHelp("write `" + map.name() + "[key]`, which is a `?*"
                                + map.type().value() + "` where the key may miss"));
                body.expressions().calls().checkArguments(call);
                yield new Operand.Poison(call.span());
            }
            default -> {
                String name = callee.name().text();
                Diagnostic diagnostic =
                        at(callee.name().span(), DiagnosticCode.E0216, "a map has no method `" + name + "`");
                body.report(Compilation.suggest(diagnostic, name, List.of("insert", "delete", "len", "each"))
                        .withNote("it has `insert`, `delete` and, in tests, `len`"));
                body.expressions().calls().checkArguments(call);
                yield new Operand.Poison(call.span());
            }
        };
    }

    private Operand insert(MapSymbol map, Expr.Call call) {
        int given = call.arguments().size();
        if (given != 2 && given != 3) {
            body.report(
                    call.span(),
                    DiagnosticCode.E0314,
                    "`insert` takes a key, a value and, if you like, `.noexist` or `.exist`");
            body.expressions().calls().checkArguments(call);
            return new Operand.Poison(call.span());
        }
        TypedExpr key = key(map, call.arguments().get(0));
        TypedExpr value = body.value(call.arguments().get(1), map.type().value(), "a value of `" + map.name() + "`");
        int flags = given == 3 ? flags(call.arguments().get(2)) : 0;
        return key == null || value.type().poisoned() || flags < 0
                ? new Operand.Poison(call.span())
                : new Operand.Value(new Builtin.MapInsert(map, key, value, flags, Type.Int.I64, call.span()));
    }

    private int flags(Expr written) {
        if (written instanceof Expr.Member member) {
            switch (member.name().text()) {
                case "any" -> {
                    return 0;
                }
                case "noexist" -> {
                    return 1;
                }
                case "exist" -> {
                    return 2;
                }
                default -> {}
            }
        }
        body.report(at(written.span(), DiagnosticCode.E0336, "`insert` takes `.any`, `.noexist` or `.exist` here")
                .withNote("`.noexist` only adds, `.exist` only replaces"));
        return -1;
    }

    private Operand delete(MapSymbol map, Expr.Call call) {
        if (call.arguments().size() != 1) {
            body.report(call.span(), DiagnosticCode.E0314, "`delete` takes a key");
            body.expressions().calls().checkArguments(call);
            return new Operand.Poison(call.span());
        }
        TypedExpr key = key(map, call.arguments().getFirst());
        if (key == null) {
            return new Operand.Poison(call.span());
        }
        if (isArrayLike(map.type())) {
            body.report(at(
                            call.span(),
                            DiagnosticCode.E0336,
                            "nothing can be deleted from "
                                    + Words.a(map.type().kind().word()) + " map")
                    .withNote("its entries are there from the start and stay")
                    .withHelp("store a zero instead"));
            return new Operand.Poison(call.span());
        }
        return new Operand.Value(new Builtin.MapDelete(map, key, Type.Int.I64, call.span()));
    }

    private Operand length(MapSymbol map, Expr.Field callee, Expr.Call call) {
        if (!body.isTest()) {
            body.report(at(
                            callee.name().span(),
                            DiagnosticCode.E0327,
                            "`" + callee.name().text() + "` of a map is for tests")
                    .withNote("the kernel has no way to ask how many entries a map holds"));
            return new Operand.Poison(call.span());
        }
        if (!call.arguments().isEmpty()) {
            body.report(call.span(), DiagnosticCode.E0314, "`" + callee.name().text() + "` takes no arguments");
        }
        return new Operand.Value(new TestOperation.MapLength(map, Type.Int.U32, call.span()));
    }
}
