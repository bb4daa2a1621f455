package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.MapOperand;
import dev.turnout.frontend.typed.RingOperation;
import dev.turnout.frontend.typed.TestOperation;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.Unwritten;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done with ring buffers: the methods of the map, and {@code submit} and {@code discard} of its records. */
final class RingMaps {
    private static final List<String> METHODS = List.of("reserve", "output", "count", "next");

    private final Body body;

    RingMaps(Body body) {
        this.body = body;
    }

    // ---- methods ----

    Operand method(MapOperand map, Expr.Field callee, Expr.Call call) {
        String name = callee.name().text();
        return switch (name) {
            case "reserve" -> reserve(map, call);
            case "output" -> output(map, call);
            case "count", "next" -> taken(map, name, call);
            default -> {
                Diagnostic diagnostic =
                        at(callee.name().span(), DiagnosticCode.E0216, "a `ringbuf` has no method `" + name + "`");
                body.report(Compilation.suggest(diagnostic, name, METHODS)
                        .withNote("it has `reserve` and `output` and, in tests, `count` and `next`"));
                body.expressions().calls().checkArguments(call);
                yield new Operand.Poison(call.span());
            }
        };
    }

    /** {@code m[k]}: there is nothing to look up. */
    void noEntries(MapOperand map, Span span) {
        body.report(MapOperations.declared(
                        at(
                                span,
                                DiagnosticCode.E0336,
                                MapOperations.name(map) + " is a ring buffer, which has no entries to look up"),
                        map)
                .withHelp("write `let e = m.reserve(T) else …;`, fill `e`, and `submit(e);`"));
    }

    private boolean isOutside(String name, Expr.Call call, boolean tests) {
        if (body.isTest() == tests) {
            return false;
        }
        body.report(
                tests
                        ? at(call.span(), DiagnosticCode.E0327, "`" + name + "` of a ring buffer is for tests")
                                .withNote("programs fill a ring buffer, and what reads it is outside")
                        : at(call.span(), DiagnosticCode.E0327, "a test does not fill a ring buffer")
                                .withHelp("run a program that does, and read with `count()` and `next(T)`"));
        body.expressions().calls().checkArguments(call);
        return true;
    }

    private Operand reserve(MapOperand map, Expr.Call call) {
        if (isOutside("reserve", call, false) || !new Intrinsics(body).arguments("reserve", call, 1)) {
            return new Operand.Poison(call.span());
        }
        Type record = record(call.arguments().getFirst());
        if (record == null) {
            return new Operand.Poison(call.span());
        }
        // A record has a header of 8 bytes, and takes at most the whole buffer.
        if (record.size() + 8 > map.type().maxEntries()) {
            body.report(MapOperations.declared(
                            at(
                                    call.span(),
                                    DiagnosticCode.E0336,
                                    "a `" + record + "` takes " + record.size() + " bytes, and never fits "
                                            + MapOperations.name(map)),
                            map)
                    .withNote("it has " + map.type().maxEntries() + " bytes, and each record a header of 8"));
            return new Operand.Poison(call.span());
        }
        uses(HelperFunction.RINGBUF_RESERVE, "`reserve`", call.span());
        return new Operand.Value(new RingOperation.Reserve(
                map, record, new Unwritten(), new Type.Maybe(new Type.Own(record)), call.span()));
    }

    /** The type that an argument names, if records may have it; null if not, which is reported. */
    private @Nullable Type record(Expr written) {
        Operand operand = body.expressions().check(written, null);
        if (operand instanceof Operand.Poison) {
            return null;
        }
        if (!(operand instanceof Operand.Named named) || !(named.entity() instanceof Entity.TypeName name)) {
            body.report(at(written.span(), DiagnosticCode.E0212, "the name of a type is needed here")
                    .withHelp("name a struct, or give another type a name with `alias`"));
            return null;
        }
        Type type = name.type();
        if (type.poisoned()
                || !MemoryRules.checkShared(body.compilation(), type, written.span(), "a record of a ring buffer")) {
            return null;
        }
        if (type.size() == 0) {
            body.report(written.span(), DiagnosticCode.E0336, "a record of a ring buffer has at least one byte");
            return null;
        }
        return type;
    }

    private Operand output(MapOperand map, Expr.Call call) {
        if (isOutside("output", call, false) || !new Intrinsics(body).arguments("output", call, 1)) {
            return new Operand.Poison(call.span());
        }
        TypedExpr data = new Intrinsics(body).bytes(call.arguments().getFirst(), "output");
        if (data == null) {
            return new Operand.Poison(call.span());
        }
        uses(HelperFunction.RINGBUF_OUTPUT, "`output`", call.span());
        return new Operand.Value(new RingOperation.Output(map, data, Type.Int.I64, call.span()));
    }

    private Operand taken(MapOperand map, String name, Expr.Call call) {
        boolean next = name.equals("next");
        if (isOutside(name, call, true) || !new Intrinsics(body).arguments(name, call, next ? 1 : 0)) {
            return new Operand.Poison(call.span());
        }
        if (!next) {
            return new Operand.Value(new TestOperation.EventCount(map, Type.Int.U32, call.span()));
        }
        Type record = record(call.arguments().getFirst());
        return record == null
                ? new Operand.Poison(call.span())
                : new Operand.Value(new TestOperation.NextEvent(
                        map, record, new Type.Maybe(new Type.Ref(record, false)), call.span()));
    }

    private void uses(HelperFunction helper, String construct, Span span) {
        body.uses().helpers.add(new Uses.HelperCalled(helper, construct, span));
    }

    // ---- submit and discard ----

    Operand release(String name, Expr.Call call) {
        if (!new Intrinsics(body).arguments(name, call, 1)) {
            return new Operand.Poison(call.span());
        }
        TypedExpr record = body.expressions().natural(call.arguments().getFirst());
        if (record.type().poisoned()) {
            return new Operand.Poison(call.span());
        }
        if (!(record.type() instanceof Type.Own)) {
            Diagnostic diagnostic = at(
                    record.span(),
                    record.type().owned() ? DiagnosticCode.E0306 : DiagnosticCode.E0346,
                    "`" + name + "` takes what `reserve` gave, and this is " + Words.a(record.type()));
            body.report(
                    record.type().owned()
                            ? diagnostic.withHelp("unwrap it first: `let e = … else return …;`")
                            : diagnostic.withNote("only an `own *T` is given back, by whoever owns it"));
            return new Operand.Poison(call.span());
        }
        boolean submits = name.equals("submit");
        uses(submits ? HelperFunction.RINGBUF_SUBMIT : HelperFunction.RINGBUF_DISCARD, "`" + name + "`", call.span());
        return new Operand.Value(new RingOperation.Release(submits, record, Type.Void.VOID, call.span()));
    }

    /** {@code str(a)}, for tests: the bytes of an array up to its first NUL. */
    Operand text(Expr.Call call) {
        TypedExpr bytes = body.expressions().natural(call.arguments().getFirst());
        if (bytes.type().poisoned()) {
            return new Operand.Poison(call.span());
        }
        if (!(bytes.type() instanceof Type.Array array) || !array.element().equals(Type.Int.U8)) {
            body.report(
                    bytes.span(), DiagnosticCode.E0301, "`str` takes a `[N]u8`, and this is " + Words.a(bytes.type()));
            return new Operand.Poison(call.span());
        }
        return new Operand.Value(new TestOperation.TextOf(bytes, Type.Text.TEXT, call.span()));
    }
}
