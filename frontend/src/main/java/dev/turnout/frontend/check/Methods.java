package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.ast.Path;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.MapOperand;
import dev.turnout.frontend.typed.TestOperation;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedExpr.Conversion;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.program.ContextLayout;
import dev.turnout.stdlib.program.ContextMethod;
import dev.turnout.stdlib.program.ContextView;
import dev.turnout.stdlib.program.PacketAccess;
import dev.turnout.stdlib.program.ProgramType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code x.f(a)}: the built-in method {@code f} of the type of {@code x}, else the function {@code f} in scope. */
final class Methods {
    /** The names of built-in methods, for messages. */
    static final Set<String> BUILT_IN = Set.of(
            "host", "take", "peek", "skip", "rest", "u8_at", "u16_at", "u32_at", "cursor", "load", "get", "from",
            "insert", "delete", "len", "cut", "at", "count", "arg");

    private final Body body;

    Methods(Body body) {
        this.body = body;
    }

    Operand call(Expr.Call call, Expr.Field callee, @Nullable Type expected) {
        Operand receiver = body.expressions().check(callee.target(), null);
        if (receiver instanceof Operand.Poison) {
            body.expressions().calls().checkArguments(call);
            return new Operand.Poison(call.span());
        }
        if (receiver instanceof Operand.Named named) {
            if (named.entity() instanceof Entity.TypeName name && name.type() instanceof EnumType type) {
                return ofEnum(type, callee, call);
            }
            if (named.entity() instanceof Entity.TypeName name
                    && name.type() instanceof StructType struct
                    && struct.isKernel()) {
                return new KernelObjects(body).at(struct, callee, call);
            }
            if (named.entity() instanceof Entity.MapName map) {
                return new MapOperations(body).method(map.symbol(), callee, call);
            }
            body.coercions().natural(named);
            body.expressions().calls().checkArguments(call);
            return new Operand.Poison(call.span());
        }
        if (Coercions.typeOf(receiver) instanceof Type.Ref(Type.Map map, boolean _)) {
            MapOperand inner = new MapOperand.Inner(body.coercions().natural(receiver), map);
            return new MapOperations(body).method(inner, callee, call);
        }
        Operand result = builtIn(receiver, callee, call);
        if (result != null) {
            return result;
        }
        return function(receiver, callee, call);
    }

    private Operand function(Operand receiver, Expr.Field callee, Expr.Call call) {
        String name = callee.name().text();
        TypedExpr value =
                receiver instanceof Operand.Located ? null : body.coercions().natural(receiver);
        if (value != null && value.type().poisoned()) {
            return new Operand.Poison(call.span());
        }
        Type type = value == null ? Coercions.typeOf(receiver) : value.type();
        if (body.module().lookup(name) instanceof dev.turnout.frontend.name.Module.Lookup.Missing) {
            Diagnostic diagnostic = at(
                    callee.name().span(),
                    DiagnosticCode.E0216,
                    "`" + type + "` has no method `" + name + "`, and no function of that name is in scope");
            if (type instanceof Type.Maybe) {
                diagnostic = diagnostic.withHelp("it may be null; unwrap it first, with `?` or `orelse`");
            }
            Type of = type instanceof Type.Ref ref ? ref.to() : type;
            if (of instanceof StructType struct
                    && struct.field(name).isPresent()
                    && FunctionValues.isFunction(struct.field(name).get().type())) {
                diagnostic = diagnostic.withHelp(
                        "to call what the field holds, write `(" + callee.span().text() + ")(…)`");
            }
            body.report(Compilation.suggest(diagnostic, name, methodsOf(type)));
            body.expressions().calls().checkArguments(call);
            return new Operand.Poison(call.span());
        }
        Path path = new Path(List.of(callee.name()), callee.name().span());
        Entity entity = body.compilation().resolve(path, body.module(), body.scope());
        if (entity instanceof Entity.Function function) {
            return body.expressions()
                    .calls()
                    .onValue(function.symbol(), value == null ? receiver : new Operand.Value(value), call);
        }
        if (!(entity instanceof Entity.Invalid)) {
            body.report(
                    callee.name().span(),
                    DiagnosticCode.E0315,
                    "`" + name + "` is " + entity.kind() + " and cannot be called");
        }
        body.expressions().calls().checkArguments(call);
        return new Operand.Poison(call.span());
    }

    private static List<String> methodsOf(@Nullable Type type) {
        Type of = type instanceof Type.Ref ref ? ref.to() : type;
        return switch (of) {
            case Type.Cursor _ -> List.of("take", "peek", "skip", "rest", "u8_at", "u16_at", "u32_at");
            case Type.Context context -> {
                List<String> names = new ArrayList<>(List.of("cursor", "load"));
                names.addAll(ContextMethods.names(context.view().layout()));
                if (context.view().argumentCount() > 0) {
                    names.add("arg");
                }
                yield names;
            }
            case Type.BigEndian _ -> List.of("host");
            case Type.Array _ -> List.of("get");
            case Type.Packet _ -> List.of("cut", "at", "len");
            case null, default -> List.of();
        };
    }

    private @Nullable Operand builtIn(Operand receiver, Expr.Field callee, Expr.Call call) {
        Type type = Coercions.typeOf(receiver);
        Type of = type instanceof Type.Ref ref ? ref.to() : type;
        String name = callee.name().text();
        if (of == null || !methodsOf(of).contains(name)) {
            return null;
        }
        Operand.Located place =
                body.expressions().places().reach(receiver, callee.target().span());
        if (place == null) {
            return new Operand.Poison(call.span());
        }
        return switch (of) {
            case Type.Cursor _ -> cursor(place, callee, call);
            case Type.Context context -> context(receiver, context.view(), callee, call);
            case Type.BigEndian number -> {
                if (!arguments(call, 0)) {
                    yield new Operand.Poison(call.span());
                }
                yield new Operand.Value(Folding.convert(Conversion.TO_HOST, value(place), number.host(), call.span()));
            }
            case Type.Array array -> element(place, array, call);
            case Type.Packet _ -> new TestFunctions(body).packetMethod(place, callee, call);
            default -> null;
        };
    }

    private TypedExpr value(Operand.Located place) {
        return place.place() instanceof dev.turnout.frontend.typed.Place.Temporary temporary
                ? temporary.value()
                : Coercions.load(place.place());
    }

    /** Whether a call has this many arguments; reports if not. */
    private boolean arguments(Expr.Call call, int wanted) {
        if (call.arguments().size() == wanted) {
            return true;
        }
        String name = call.callee() instanceof Expr.Field field ? field.name().text() : "this";
        body.report(
                call.span(),
                DiagnosticCode.E0314,
                "`" + name + "` takes " + Calls.count(wanted) + ", and "
                        + call.arguments().size() + (call.arguments().size() == 1 ? " is" : " are") + " given");
        body.expressions().calls().checkArguments(call);
        return false;
    }

    private Operand ofEnum(EnumType type, Expr.Field callee, Expr.Call call) {
        if (!callee.name().text().equals("from")) {
            body.report(
                    callee.name().span(),
                    DiagnosticCode.E0216,
                    "`" + type + "` has no function `" + callee.name().text() + "`; an enum has `from`");
            return new Operand.Poison(call.span());
        }
        if (!arguments(call, 1)) {
            return new Operand.Poison(call.span());
        }
        Operand operand = body.expressions().check(call.arguments().getFirst(), null);
        TypedExpr number = operand instanceof Operand.Exact
                ? body.coercions().to(operand, type.underlying(), "the argument of `from`")
                : body.coercions().natural(operand);
        if (number.type().poisoned()) {
            return new Operand.Poison(call.span());
        }
        if (!(number.type() instanceof Type.Int)) {
            body.report(
                    operand.span(),
                    DiagnosticCode.E0301,
                    "the argument of `from` is an integer, not " + Words.a(number.type()));
            return new Operand.Poison(call.span());
        }
        return new Operand.Value(new TypedExpr.EnumFrom(number, new Type.Maybe(type), call.span()));
    }

    private Operand element(Operand.Located place, Type.Array array, Expr.Call call) {
        if (!arguments(call, 1)) {
            return new Operand.Poison(call.span());
        }
        TypedExpr index = body.expressions().natural(call.arguments().getFirst());
        if (index.type().poisoned()) {
            return new Operand.Poison(call.span());
        }
        if (!(index.type() instanceof Type.Int)) {
            body.report(
                    call.arguments().getFirst().span(),
                    DiagnosticCode.E0333,
                    "the index of `get` is an integer, not " + Words.a(index.type()));
            return new Operand.Poison(call.span());
        }
        return new Operand.Value(new TypedExpr.ElementOrNull(
                place.place(), index, FunctionValues.nullable(array.element()), call.span()));
    }

    // ---- cursors ----

    private Operand cursor(Operand.Located cursor, Expr.Field callee, Expr.Call call) {
        String name = callee.name().text();
        Span span = call.span();
        return switch (name) {
            case "rest" ->
                arguments(call, 0)
                        ? new Operand.Value(new Builtin.CursorRest(cursor.place(), Type.Int.U32, span))
                        : new Operand.Poison(span);
            case "take", "peek" -> take(cursor, name.equals("take"), callee, call);
            case "skip" -> {
                if (!arguments(call, 1) || !movable(cursor, callee)) {
                    yield new Operand.Poison(span);
                }
                TypedExpr count = unsigned(call.arguments().getFirst(), "the argument of `skip`");
                yield count == null
                        ? new Operand.Poison(span)
                        : new Operand.Value(
                                new Builtin.CursorSkip(cursor.place(), count, new Type.Maybe(Type.Void.VOID), span));
            }
            default -> {
                if (!arguments(call, 1)) {
                    yield new Operand.Poison(span);
                }
                TypedExpr offset = unsigned(call.arguments().getFirst(), "the argument of `" + name + "`");
                int bits = name.equals("u8_at") ? 8 : name.equals("u16_at") ? 16 : 32;
                yield offset == null
                        ? new Operand.Poison(span)
                        : new Operand.Value(new Builtin.CursorLoad(
                                cursor.place(), bits, offset, new Type.Maybe(Type.Int.unsigned(bits)), span));
            }
        };
    }

    /** An unsigned integer of any width; null if it is something else, which is reported. */
    private @Nullable TypedExpr unsigned(Expr written, String what) {
        Operand operand = body.expressions().check(written, Type.Int.U32);
        TypedExpr value = operand instanceof Operand.Exact exact && Numbers.fits(exact.value(), Type.Int.U32)
                ? body.coercions().to(operand, Type.Int.U32, what)
                : body.coercions().natural(operand);
        if (value.type().poisoned()) {
            return null;
        }
        if (value.type() instanceof Type.Int number && !number.signed()) {
            return value;
        }
        body.report(Mismatches.describe(value, Type.Int.U32, what));
        return null;
    }

    private boolean movable(Operand.Located cursor, Expr.Field callee) {
        if (cursor.access().writable()) {
            return true;
        }
        String reason = String.valueOf(cursor.access().reason());
        body.report(at(
                        callee.target().span(),
                        DiagnosticCode.E0309,
                        "`" + callee.name().text() + "` moves the cursor, and it cannot be changed: " + reason)
                .withHelp("declare it with `var`: `var pkt = ctx.cursor();`"));
        return false;
    }

    private Operand take(Operand.Located cursor, boolean advances, Expr.Field callee, Expr.Call call) {
        if (!arguments(call, 1) || (advances && !movable(cursor, callee))) {
            return new Operand.Poison(call.span());
        }
        StructType header = header(call.arguments().getFirst());
        return header == null
                ? new Operand.Poison(call.span())
                : new Operand.Value(new Builtin.CursorTake(
                        cursor.place(), header, advances, new Type.Maybe(new Type.Ref(header, false)), call.span()));
    }

    /** The header that an argument names; null if it does not, which is reported. */
    @Nullable
    StructType header(Expr written) {
        Operand operand = body.expressions().check(written, null);
        if (operand instanceof Operand.Poison) {
            return null;
        }
        if (operand instanceof Operand.Named named
                && named.entity() instanceof Entity.TypeName name
                && name.type() instanceof StructType struct) {
            if (struct.isHeader()) {
                return struct;
            }
            body.report(at(
                            written.span(),
                            DiagnosticCode.E0212,
                            "`" + struct + "` is a `struct`, and packets are made of headers")
                    .withLabel(struct.declared(), "declared here")
                    .withNote("the layout of a `struct` is that of the machine, with padding and host order")
                    .withHelp("declare it as a `header`"));
            return null;
        }
        body.report(written.span(), DiagnosticCode.E0212, "the name of a `header` is needed here");
        return null;
    }

    // ---- contexts ----

    private Operand context(Operand receiver, ContextView view, Expr.Field callee, Expr.Call call) {
        ContextLayout layout = view.layout();
        TypedExpr context = body.coercions().natural(receiver);
        if (callee.name().text().equals("arg")) {
            return arguments(call, 1) ? argument(context, view, call) : new Operand.Poison(call.span());
        }
        if (callee.name().text().equals("cursor")) {
            if (!arguments(call, 0)) {
                return new Operand.Poison(call.span());
            }
            if (!hasPacket(layout)) {
                body.report(call.span(), DiagnosticCode.E0404, Words.a(view.word()) + " has no packet");
                return new Operand.Poison(call.span());
            }
            return new Operand.Value(new Builtin.ContextCursor(context, Type.Cursor.CURSOR, call.span()));
        }
        Optional<ContextMethod> row = ContextMethod.of(layout, callee.name().text());
        return row.isPresent() ? new ContextMethods(body).call(row.get(), context, call) : load(context, layout, call);
    }

    /** {@code ctx.arg(n)}: what the traced function or system call was called with. */
    private Operand argument(TypedExpr context, ContextView view, Expr.Call call) {
        Expr written = call.arguments().getFirst();
        BigInteger number = body.constantNumber(written, "the number of an argument");
        if (number == null) {
            return new Operand.Poison(call.span());
        }
        if (number.signum() < 0 || number.compareTo(BigInteger.valueOf(view.argumentCount())) >= 0) {
            body.report(
                    written.span(),
                    DiagnosticCode.E0333,
                    "`" + view.word() + "` has arguments 0 to " + (view.argumentCount() - 1) + ", not " + number);
            return new Operand.Poison(call.span());
        }
        ContextView.Slot slot = view.argument(number.intValue());
        if (view.arguments() != ContextView.Arguments.OF_SYSTEM_CALL) {
            return body.expressions().places().slot(context, view, slot, call.span());
        }
        body.uses().helpers.add(new Uses.HelperCalled(HelperFunction.PROBE_READ, "`arg`", call.span()));
        return new Operand.Value(new Builtin.SystemCallArgument(context, slot.offset(), Type.Int.U64, call.span()));
    }

    static boolean hasPacket(ContextLayout layout) {
        for (ProgramType type : ProgramType.values()) {
            if (type.context() == layout && type.packetAccess() != PacketAccess.NONE) {
                return true;
            }
        }
        return false;
    }

    private Operand load(TypedExpr context, ContextLayout layout, Expr.Call call) {
        if (layout != ContextLayout.SK_BUFF) {
            body.report(at(call.span(), DiagnosticCode.E0404, "`load` is for `SkBuff` contexts")
                    .withHelp("an XDP packet is read with `ctx.cursor()`"));
            return new Operand.Poison(call.span());
        }
        if (!arguments(call, 2)) {
            return new Operand.Poison(call.span());
        }
        TypedExpr offset = body.value(call.arguments().get(0), Type.Int.U32, "the offset of `load`");
        TypedExpr buffer = body.expressions().natural(call.arguments().get(1));
        if (offset.type().poisoned() || buffer.type().poisoned()) {
            return new Operand.Poison(call.span());
        }
        if (!(buffer.type() instanceof Type.Ref ref)
                || ref.constant()
                || ref.to().holdsLock()
                || MemoryRules.whyNotShared(ref.to()) != null
                || ref.to().size() == 0) {
            body.report(at(
                            call.arguments().get(1).span(),
                            DiagnosticCode.E0301,
                            "`load` fills what a reference to plain memory refers to, not " + Words.a(buffer.type()))
                    .withHelp("write `var buf: [64]u8;` and pass `&buf`"));
            return new Operand.Poison(call.span());
        }
        body.uses().helpers.add(new Uses.HelperCalled(HelperFunction.SKB_LOAD_BYTES, "`load`", call.span()));
        return new Operand.Value(
                new Builtin.ContextLoad(context, offset, buffer, new Type.Maybe(Type.Void.VOID), call.span()));
    }

    /** Used by tests: {@code p.at(H, off)} and its like build on these. */
    static TestOperation.PacketLength length(TypedExpr packet, Span span) {
        return new TestOperation.PacketLength(packet, Type.Int.U32, span);
    }
}
