package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.Builtin.PrintForm;
import dev.turnout.frontend.typed.Builtin.PrintPart;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code print("…", a, b)}: the format against its arguments. */
final class Prints {
    /** What the kernel's formatted print takes. */
    private static final int MOST_ARGUMENTS = 12;

    private final Body body;

    Prints(Body body) {
        this.body = body;
    }

    Operand print(Expr.Call call) {
        Span span = call.span();
        if (call.arguments().isEmpty() || !(call.arguments().getFirst() instanceof Expr.Str format)) {
            body.report(at(
                            call.arguments().isEmpty()
                                    ? span
                                    : call.arguments().getFirst().span(),
                            DiagnosticCode.E0331,
                            "the format of `print` is a string literal")
                    .withHelp("write `print(\"{}\", value)`"));
            body.expressions().calls().checkArguments(call);
            return new Operand.Value(nothing(span));
        }
        body.uses().helpers.add(new Uses.HelperCalled(HelperFunction.TRACE_VPRINTK, "`print`", span));
        List<Object> pieces = pieces(format);
        List<Expr> given = call.arguments().subList(1, call.arguments().size());
        int wanted = 0;
        for (Object piece : pieces) {
            wanted += piece instanceof PrintForm ? 1 : 0;
        }
        if (wanted != given.size()) {
            body.report(at(
                            span,
                            DiagnosticCode.E0331,
                            "the format has " + wanted + (wanted == 1 ? " place" : " places") + ", and "
                                    + Calls.count(given.size()) + (given.size() == 1 ? " is" : " are") + " given")
                    .withNote("each `{}`, `{x}`, `{ip}` or `{mac}` shows one argument"));
            body.expressions().calls().checkArguments(call);
            return new Operand.Value(nothing(span));
        }
        if (given.size() > MOST_ARGUMENTS) {
            body.report(span, DiagnosticCode.E0331, "`print` takes at most " + MOST_ARGUMENTS + " arguments to show");
            return new Operand.Value(nothing(span));
        }
        List<PrintPart> parts = new ArrayList<>();
        int next = 0;
        boolean good = true;
        for (Object piece : pieces) {
            if (piece instanceof PrintForm form) {
                TypedExpr value = argument(given.get(next++), form);
                good &= value != null;
                if (value != null) {
                    parts.add(new PrintPart.Argument(form, value));
                }
            } else {
                parts.add(new PrintPart.Literal((String) piece));
            }
        }
        return new Operand.Value(good ? new Builtin.Print(parts, Type.Void.VOID, span) : nothing(span));
    }

    private static TypedExpr nothing(Span span) {
        return new Builtin.Print(List.of(), Type.Void.VOID, span);
    }

    /** The format as texts ({@code String}) and places ({@code PrintForm}). */
    private List<Object> pieces(Expr.Str format) {
        List<Object> pieces = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        String all = format.bytes();
        for (int i = 0; i < all.length(); i++) {
            char c = all.charAt(i);
            if (c == '}' && i + 1 < all.length() && all.charAt(i + 1) == '}') {
                text.append('}');
                i++;
                continue;
            }
            if (c != '{') {
                text.append(c);
                continue;
            }
            if (i + 1 < all.length() && all.charAt(i + 1) == '{') {
                text.append('{');
                i++;
                continue;
            }
            int end = all.indexOf('}', i);
            String name = end < 0 ? "" : all.substring(i + 1, end);
            PrintForm form = end < 0 ? null : form(name);
            if (form == null) {
                body.report(at(
                                format.span(),
                                DiagnosticCode.E0331,
                                end < 0
                                        ? "a `{` of the format is not closed"
                                        : "the format has no form `{" + name + "}`")
                        .withNote("the forms are `{}`, `{x}`, `{ip}` and `{mac}`; `{{` is a brace"));
                text.append(c);
                continue;
            }
            if (!text.isEmpty()) {
                pieces.add(text.toString());
                text.setLength(0);
            }
            pieces.add(form);
            i = end;
        }
        if (!text.isEmpty()) {
            pieces.add(text.toString());
        }
        return pieces;
    }

    private static @Nullable PrintForm form(String name) {
        return switch (name) {
            case "" -> PrintForm.PLAIN;
            case "x" -> PrintForm.HEX;
            case "ip" -> PrintForm.IP;
            case "mac" -> PrintForm.MAC;
            default -> null;
        };
    }

    private @Nullable TypedExpr argument(Expr written, PrintForm form) {
        TypedExpr value = body.expressions().natural(written);
        Type type = value.type();
        if (type.poisoned()) {
            return null;
        }
        boolean fits = switch (form) {
            case PLAIN ->
                type instanceof Type.Int
                        || type instanceof Type.Bool
                        || type instanceof Type.BigEndian
                        || type instanceof EnumType
                        || isBytes(type, -1);
            case HEX -> type instanceof Type.Int || type instanceof Type.BigEndian || type instanceof EnumType;
            case IP -> type.equals(Type.BigEndian.BE32) || isBytes(type, 16);
            case MAC -> isBytes(type, 6);
        };
        if (fits) {
            return value;
        }
        String takes = switch (form) {
            case PLAIN -> "`{}` shows numbers, `bool`, enums and `[N]u8`";
            case HEX -> "`{x}` shows numbers";
            case IP -> "`{ip}` shows a `be32` or a `[16]u8`";
            case MAC -> "`{mac}` shows a `[6]u8`";
        };
        var diagnostic = at(written.span(), DiagnosticCode.E0331, takes + ", and this is " + Words.a(type));
        body.report(
                type instanceof Type.Ref
                        ? diagnostic.withHelp("write `*` before it for the value that it refers to")
                        : diagnostic);
        return null;
    }

    private static boolean isBytes(Type type, long count) {
        return type instanceof Type.Array array
                && array.element().equals(Type.Int.U8)
                && (count < 0 || array.count() == count);
    }
}
