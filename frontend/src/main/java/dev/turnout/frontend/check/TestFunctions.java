package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.frontend.typed.TestOperation;
import dev.turnout.frontend.typed.TestOperation.CodeCount;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.stdlib.program.PacketAccess;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The functions that only {@code test} blocks have. */
final class TestFunctions {
    private final Body body;

    TestFunctions(Body body) {
        this.body = body;
    }

    Operand call(String name, Expr.Call call) {
        Span span = call.span();
        if (!body.isTest()) {
            body.report(at(span, DiagnosticCode.E0327, "`" + name + "` is for `test` blocks only"));
            body.expressions().calls().checkArguments(call);
            return new Operand.Poison(span);
        }
        int wanted = switch (name) {
            case "output", "reload" -> 0;
            case "run", "set" -> 2;
            case "packet" -> -1;
            default -> 1;
        };
        if (wanted >= 0 && !new Intrinsics(body).arguments(name, call, wanted)) {
            return new Operand.Poison(span);
        }
        return switch (name) {
            case "expect" -> {
                TypedExpr condition = body.value(call.arguments().getFirst(), Type.Bool.BOOL, "what is expected");
                yield new Operand.Value(new TestOperation.Expect(condition, Type.Void.VOID, span));
            }
            case "run" -> run(call);
            case "user" -> user(call);
            case "packet" -> packet(call);
            case "clock" -> {
                TypedExpr time = body.value(call.arguments().getFirst(), Type.Int.U64, "the time of `clock`");
                yield new Operand.Value(new TestOperation.SetClock(time, Type.Void.VOID, span));
            }
            case "output" -> new Operand.Value(new TestOperation.Output(Type.Text.TEXT, span));
            case "str" -> new RingMaps(body).text(call);
            case "reload" -> new Operand.Value(new TestOperation.Reload(Type.Void.VOID, span));
            case "set" -> set(call);
            case "sites" -> {
                Symbol.Key key = key(call.arguments().getFirst());
                yield key == null
                        ? new Operand.Poison(span)
                        : new Operand.Value(new TestOperation.CountSites(key, Type.Int.U32, span));
            }
            case "tables", "gotox", "callx", "nops" -> {
                FunctionSymbol function = function(call.arguments().getFirst());
                yield function == null
                        ? new Operand.Poison(span)
                        : new Operand.Value(new TestOperation.CountCode(
                                CodeCount.valueOf(name.toUpperCase(Locale.ROOT)), function, Type.Int.U32, span));
            }
            default -> throw new IllegalStateException("no test function " + name);
        };
    }

    private @Nullable FunctionSymbol function(Expr written) {
        Operand operand = body.expressions().check(written, null);
        if (operand instanceof Operand.Named named && named.entity() instanceof Entity.Function function) {
            return function.symbol();
        }
        if (!(operand instanceof Operand.Poison)) {
            body.report(written.span(), DiagnosticCode.E0212, "the name of a function or program is needed here");
        }
        return null;
    }

    private Symbol.@Nullable Key key(Expr written) {
        Operand operand = body.expressions().check(written, null);
        if (operand instanceof Operand.Named named && named.entity() instanceof Entity.KeyName key) {
            return key.symbol();
        }
        if (!(operand instanceof Operand.Poison)) {
            body.report(written.span(), DiagnosticCode.E0212, "the name of a `key` is needed here");
        }
        return null;
    }

    private Operand set(Expr.Call call) {
        Symbol.Key key = key(call.arguments().get(0));
        if (key == null) {
            return new Operand.Poison(call.span());
        }
        TypedExpr value = body.value(call.arguments().get(1), key.type(), "the value of `" + key.name() + "`");
        return value.type().poisoned()
                ? new Operand.Poison(call.span())
                : new Operand.Value(new TestOperation.SetKey(key, value, Type.Void.VOID, call.span()));
    }

    private Operand run(Expr.Call call) {
        Expr named = call.arguments().get(0);
        FunctionSymbol program = function(named);
        TypedExpr input = body.expressions().natural(call.arguments().get(1));
        if (program == null || input.type().poisoned()) {
            return new Operand.Poison(call.span());
        }
        if (!(program.kind() instanceof Symbol.FunctionKind.Program kind)) {
            body.report(at(
                            named.span(),
                            DiagnosticCode.E0212,
                            "`run` runs a program, and `" + program.name() + "` is a function")
                    .withHelp("call it: `" + program.name() + "(…)`"));
            return new Operand.Poison(call.span());
        }
        boolean packets = kind.type().packetAccess() != PacketAccess.NONE;
        if (!(input.type() instanceof Type.Packet ? packets : isContext(program, kind, input.type()))) {
            String context = program.parameters().isEmpty()
                    ? "Context"
                    : program.parameters().getFirst().type() instanceof Type.Ref ref
                            ? ref.to().toString()
                            : "Context";
            body.report(at(
                            call.arguments().get(1).span(),
                            DiagnosticCode.E0301,
                            Words.a(kind.type().word()) + " program runs on " + (packets ? "a packet" : "its context")
                                    + ", not on " + Words.a(input.type()))
                    .withHelp(
                            "write `run(" + program.name() + (packets ? ", packet(…))`" : ", " + context + "{ … })`")));
            return new Operand.Poison(call.span());
        }
        return new Operand.Value(new TestOperation.Run(program, input, program.result(), call.span()));
    }

    /** Whether it is what the program takes, another view of it, or the struct that the program calls it by. */
    private static boolean isContext(FunctionSymbol program, Symbol.FunctionKind.Program kind, Type input) {
        if (input instanceof Type.Context context) {
            return context.view().fits(kind.type(), kind.section());
        }
        Type struct = input instanceof Type.Ref ref ? ref.to() : input;
        return struct instanceof StructType
                && !program.parameters().isEmpty()
                && program.parameters().getFirst().type() instanceof Type.Ref taken
                && taken.to().equals(struct);
    }

    private Operand user(Expr.Call call) {
        Expr written = call.arguments().getFirst();
        // A text ends with a zero, as C's do.
        TypedExpr value = written instanceof Expr.Str text
                ? body.value(written, new Type.Array(Type.Int.U8, text.bytes().length() + 1L), "a text")
                : body.expressions().natural(written);
        if (value.type().poisoned()) {
            return new Operand.Poison(call.span());
        }
        String why = MemoryRules.whyNotShared(value.type());
        if (why != null || value.type().size() == 0) {
            body.report(
                    at(written.span(), DiagnosticCode.E0301, "`user` puts down a value, not " + Words.a(value.type()))
                            .withHelp("write a text, a number, an array or a struct: `user(\"/etc/hosts\")`"));
            return new Operand.Poison(call.span());
        }
        return new Operand.Value(new TestOperation.UserMemory(value, Type.Int.U64, call.span()));
    }

    private Operand packet(Expr.Call call) {
        List<TypedExpr> parts = new ArrayList<>();
        boolean good = true;
        for (Expr written : call.arguments()) {
            TypedExpr part = part(written);
            Type type = part.type();
            good &= !type.poisoned();
            boolean fits = (type instanceof StructType struct && struct.isHeader())
                    || type instanceof Type.BigEndian
                    || type.equals(Type.Int.U8)
                    || (type instanceof Type.Array array && array.element().equals(Type.Int.U8));
            if (!fits && !type.poisoned()) {
                body.report(at(
                                written.span(),
                                DiagnosticCode.E0301,
                                "a packet is made of headers, `be` numbers and `[N]u8`, not of " + Words.a(type))
                        .withHelp("write the bytes: `[0x45, 0, 0]`, `\"text\"`, `[0; 20]`"));
                good = false;
            }
            parts.add(part);
        }
        return good
                ? new Operand.Value(new TestOperation.MakePacket(parts, Type.Packet.PACKET, call.span()))
                : new Operand.Poison(call.span());
    }

    /** A part of a packet: the numbers of an array literal are bytes here. */
    private TypedExpr part(Expr written) {
        Type.Array bytes = null;
        if (written instanceof Expr.ArrayLiteral literal) {
            bytes = new Type.Array(Type.Int.U8, literal.elements().size());
        } else if (written instanceof Expr.Repeat repeat) {
            BigInteger count = body.constantNumber(repeat.count(), "the length of an array");
            if (count != null && count.signum() >= 0 && count.bitLength() <= 30) {
                bytes = new Type.Array(Type.Int.U8, count.longValue());
            }
        }
        return bytes == null ? body.expressions().natural(written) : body.value(written, bytes, "a part of a packet");
    }

    /** {@code p.cut(n)}, {@code p.at(H, off)}, {@code p.len()}. */
    Operand packetMethod(Operand.Located packet, Expr.Field callee, Expr.Call call) {
        String name = callee.name().text();
        int wanted = name.equals("len") ? 0 : name.equals("cut") ? 1 : 2;
        Span span = call.span();
        if (!new Intrinsics(body).arguments(name, call, wanted)) {
            return new Operand.Poison(span);
        }
        return switch (name) {
            case "len" -> new Operand.Value(Methods.length(Coercions.load(packet.place()), span));
            case "cut" -> {
                TypedExpr length = body.value(call.arguments().getFirst(), Type.Int.U32, "the length of `cut`");
                yield length.type().poisoned()
                        ? new Operand.Poison(span)
                        : new Operand.Value(new TestOperation.CutPacket(
                                Coercions.load(packet.place()), length, Type.Packet.PACKET, span));
            }
            default -> {
                StructType header = new Methods(body).header(call.arguments().get(0));
                TypedExpr offset = body.value(call.arguments().get(1), Type.Int.U32, "the offset of `at`");
                yield header == null || offset.type().poisoned()
                        ? new Operand.Poison(span)
                        : new Operand.Value(new TestOperation.PacketAt(
                                packet.place(), header, offset, new Type.Maybe(new Type.Ref(header, false)), span));
            }
        };
    }
}
