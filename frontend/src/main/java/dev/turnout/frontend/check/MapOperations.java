package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.MapOperand;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.Symbol.MapSymbol;
import dev.turnout.frontend.typed.TestOperation;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedStmt;
import dev.turnout.stdlib.map.MapKind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code m[k]}, {@code m[k] = v} and the methods of maps, as far as their kind has them. */
final class MapOperations {
    private final Body body;

    MapOperations(Body body) {
        this.body = body;
    }

    /** How messages name a map. */
    static String name(MapOperand map) {
        return map instanceof MapSymbol named ? "`" + named.name() + "`" : "this map";
    }

    static Diagnostic declared(Diagnostic diagnostic, MapOperand map) {
        return map instanceof MapSymbol named ? diagnostic.withLabel(named.declared(), "declared here") : diagnostic;
    }

    private @Nullable TypedExpr key(MapOperand map, Expr written) {
        TypedExpr key = body.value(written, map.type().key(), "the key of " + name(map));
        if (key.type().poisoned()) {
            return null;
        }
        boolean outside = key instanceof TypedExpr.Value
                && key.type() instanceof Type.Int
                && map.type().kind().keys() == MapKind.Keys.INDEX
                && !isInside(map.type(), key);
        if (outside) {
            body.report(declared(
                    at(
                            written.span(),
                            DiagnosticCode.E0333,
                            "key " + Ranges.max(key) + " is outside " + name(map) + ", which has "
                                    + map.type().maxEntries() + " entries"),
                    map));
            return null;
        }
        return key;
    }

    /** Whether an index is below the number of entries, by its type or value. */
    private static boolean isInside(Type.Map type, TypedExpr key) {
        if (key.type() instanceof EnumType enumeration) {
            return !enumeration.open() && enumeration.members().size() <= type.maxEntries();
        }
        return Ranges.max(key).compareTo(BigInteger.valueOf(type.maxEntries())) < 0;
    }

    /** Whether every index has a value, from the start on. */
    private static boolean isArray(Type.Map type) {
        return type.kind() == MapKind.ARRAY || type.kind() == MapKind.PERCPU_ARRAY;
    }

    /** Whether a lookup with this key always finds something. */
    private static boolean cannotMiss(Type.Map type, TypedExpr key) {
        return isArray(type) && isInside(type, key);
    }

    /** The index of {@code tail t[i]} and {@code redirect(t, i, v)}; null, reported, if it is wrong. */
    @Nullable
    TypedExpr slot(MapSymbol table, Expr written) {
        return key(table, written);
    }

    /** Whether a map holds programs, which nothing but {@code tail} can reach; then that is reported. */
    private boolean holdsPrograms(MapOperand map, Span span) {
        if (map.type().kind() != MapKind.PROG_ARRAY || !(map instanceof MapSymbol named)) {
            return false;
        }
        body.report(
                at(span, DiagnosticCode.E0345, "`" + named.name() + "` holds programs, which only `tail` goes on in")
                        .withLabel(named.declared(), "declared here")
                        .withNote("programs neither read nor change it; its entries are replaced from outside")
                        .withHelp("write `tail " + named.name() + "[index] else { … }`"));
        return true;
    }

    /** Whether entries are found by key here; reports if not. */
    private boolean isKeyed(MapOperand map, Span span) {
        if (holdsPrograms(map, span)) {
            return false;
        }
        MapKind kind = map.type().kind();
        Diagnostic diagnostic = declared(
                at(
                        span,
                        DiagnosticCode.E0336,
                        name(map) + " is " + Words.a(kind.word()) + ", whose entries have no keys"),
                map);
        return switch (kind.shape()) {
            case KEY_AND_VALUE, KEY_AND_MAP -> true;
            case VALUE -> {
                body.report(diagnostic.withNote("it has " + Compilation.quoted(methods(map.type()))));
                yield false;
            }
            case NOTHING -> {
                if (kind == MapKind.RINGBUF) {
                    new RingMaps(body).noEntries(map, span);
                    yield false;
                }
                body.report(diagnostic);
                yield false;
            }
            case KEY -> numbersAreSet(map, span);
        };
    }

    /** Whether entries of a map of devices, CPUs or descriptors can be reached here: those of the first two in tests; reports if not. */
    private boolean numbersAreSet(MapOperand map, Span span) {
        MapKind kind = map.type().kind();
        boolean redirects = kind.valueKind() == MapKind.Values.OTHER;
        if (body.isTest() && redirects) {
            return true;
        }
        String name = map instanceof MapSymbol named ? named.name() : "m";
        body.report(declared(
                        at(
                                span,
                                DiagnosticCode.E0336,
                                "programs neither read nor change the entries of " + Words.a(kind.word()) + " map"),
                        map)
                .withNote(
                        redirects
                                ? "they are set from outside, or in a test; a program sends packets through them"
                                : "they are set from outside")
                .withHelp(
                        redirects ? "write `redirect(" + name + ", index, XDP_PASS)`" : "write events with `output`"));
        return false;
    }

    /** {@code m[k]}: the place itself where the key cannot miss, else a {@code ?*V}. */
    Operand index(MapOperand map, Expr.Index written) {
        if (!isKeyed(map, written.span())) {
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

    /** Whether entries can be set here; reports if not. */
    private boolean isChanged(MapOperand map, Span span) {
        if (!isKeyed(map, span)) {
            return false;
        }
        if (map.type().value() instanceof Type.Map) {
            body.report(declared(
                            at(span, DiagnosticCode.E0336, "the maps in " + name(map) + " are put there from outside"),
                            map)
                    .withNote("a program finds them and changes what they hold")
                    .withHelp("put maps of this object there at load: `map outer: … = { 0 => a, 1 => b };`"));
            return false;
        }
        return true;
    }

    /** {@code m[k] = v}. Null, reported, if it is wrong. */
    @Nullable
    TypedStmt store(MapOperand map, Expr.Index place, Expr value, Span span) {
        if (!isChanged(map, place.span())) {
            body.expressions().check(value, Type.Poison.POISON);
            return null;
        }
        TypedExpr key = key(map, place.index());
        TypedExpr stored = body.value(value, map.type().value(), "a value of " + name(map));
        if (key == null || stored.type().poisoned()) {
            return null;
        }
        // A plain copy would overwrite the lock; the helper leaves it alone.
        return cannotMiss(map.type(), key) && !map.type().value().holdsLock()
                ? new TypedStmt.Assign(new Place.MapSlot(map, key, place.span()), stored, span)
                : new TypedStmt.MapStore(map, key, stored, span);
    }

    /** The methods that maps of a type have. */
    private static List<String> methods(Type.Map type) {
        List<String> methods = new ArrayList<>();
        switch (type.kind().shape()) {
            case KEY_AND_VALUE, KEY -> {
                methods.add("insert");
                if (!isArray(type)) {
                    methods.add("delete");
                }
            }
            case VALUE ->
                methods.addAll(
                        type.kind() == MapKind.BLOOM_FILTER ? List.of("add", "has") : List.of("push", "pop", "peek"));
            case KEY_AND_MAP, NOTHING -> {}
        }
        return methods;
    }

    Operand method(MapOperand map, Expr.Field callee, Expr.Call call) {
        if (map.type().kind() == MapKind.RINGBUF) {
            return new RingMaps(body).method(map, callee, call);
        }
        if (holdsPrograms(map, call.span())) {
            return new Operand.Poison(call.span());
        }
        Type.Map type = map.type();
        String name = callee.name().text();
        boolean known = methods(type).contains(name);
        return switch (name) {
            case "insert" -> known || isArray(type) ? insert(map, call) : unknown(map, callee, call);
            case "delete" -> known || isArray(type) ? delete(map, call) : unknown(map, callee, call);
            case "push", "add" -> known ? push(map, name, call) : unknown(map, callee, call);
            case "pop", "peek" -> known ? pop(map, name, call) : unknown(map, callee, call);
            case "has" -> known ? has(map, call) : unknown(map, callee, call);
            case "len", "count" -> length(map, callee, call);
            case "each" -> new MapWalks(body).each(map, callee, call);
            case "get" -> {
                body.report(at(callee.name().span(), DiagnosticCode.E0216, "a map has no method `get`")
                        .withHelp("write `" + callee.target().span().text() + "[key]`, which is a `?*"
                                + map.type().value() + "` where the key may miss"));
                body.expressions().calls().checkArguments(call);
                yield new Operand.Poison(call.span());
            }
            default -> unknown(map, callee, call);
        };
    }

    private Operand unknown(MapOperand map, Expr.Field callee, Expr.Call call) {
        String name = callee.name().text();
        List<String> methods = methods(map.type());
        Diagnostic diagnostic = at(
                callee.name().span(),
                DiagnosticCode.E0216,
                Words.a(map.type().kind().word()) + " map has no method `" + name + "`");
        List<String> near = new ArrayList<>(methods);
        near.addAll(List.of("len", "each"));
        body.report(Compilation.suggest(diagnostic, name, near)
                .withNote(
                        methods.isEmpty()
                                ? "in tests it has `len`"
                                : "it has " + Compilation.quoted(methods) + ", and in tests `len`"));
        body.expressions().calls().checkArguments(call);
        return new Operand.Poison(call.span());
    }

    private Operand insert(MapOperand map, Expr.Call call) {
        if (!isChanged(map, call.span())) {
            body.expressions().calls().checkArguments(call);
            return new Operand.Poison(call.span());
        }
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
        TypedExpr value = body.value(call.arguments().get(1), map.type().value(), "a value of " + name(map));
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

    private Operand delete(MapOperand map, Expr.Call call) {
        if (!isChanged(map, call.span())) {
            body.expressions().calls().checkArguments(call);
            return new Operand.Poison(call.span());
        }
        if (call.arguments().size() != 1) {
            body.report(call.span(), DiagnosticCode.E0314, "`delete` takes a key");
            body.expressions().calls().checkArguments(call);
            return new Operand.Poison(call.span());
        }
        TypedExpr key = key(map, call.arguments().getFirst());
        if (key == null) {
            return new Operand.Poison(call.span());
        }
        if (isArray(map.type())) {
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

    /** {@code q.push(v)}, {@code q.push(v, .exist)} and {@code b.add(v)}. */
    private Operand push(MapOperand map, String name, Expr.Call call) {
        int given = call.arguments().size();
        boolean evicts = given == 2
                && name.equals("push")
                && call.arguments().get(1) instanceof Expr.Member member
                && member.name().text().equals("exist");
        if (given != 1 && !evicts) {
            Diagnostic diagnostic = at(call.span(), DiagnosticCode.E0314, "`" + name + "` takes a value");
            body.report(
                    name.equals("push")
                            ? diagnostic.withNote("and, if you like, `.exist`: a full map then drops its oldest value")
                            : diagnostic);
            body.expressions().calls().checkArguments(call);
            return new Operand.Poison(call.span());
        }
        TypedExpr value = body.value(call.arguments().getFirst(), map.type().value(), "a value of " + name(map));
        return value.type().poisoned()
                ? new Operand.Poison(call.span())
                : new Operand.Value(new Builtin.MapPush(map, value, evicts ? 2 : 0, Type.Int.I64, call.span()));
    }

    private Operand pop(MapOperand map, String name, Expr.Call call) {
        return new Intrinsics(body).arguments(name, call, 0)
                ? new Operand.Value(new Builtin.MapPop(
                        map, name.equals("pop"), new Type.Maybe(map.type().value()), call.span()))
                : new Operand.Poison(call.span());
    }

    private Operand has(MapOperand map, Expr.Call call) {
        if (!new Intrinsics(body).arguments("has", call, 1)) {
            return new Operand.Poison(call.span());
        }
        TypedExpr value = body.value(call.arguments().getFirst(), map.type().value(), "a value of " + name(map));
        return value.type().poisoned()
                ? new Operand.Poison(call.span())
                : new Operand.Value(new Builtin.MapHas(map, value, Type.Bool.BOOL, call.span()));
    }

    private Operand length(MapOperand map, Expr.Field callee, Expr.Call call) {
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
