package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.stdlib.program.ContextLayout;
import dev.turnout.stdlib.program.ContextMethod;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code ctx.adjust_head(n)} and its like: a row of {@link ContextMethod}, a {@code ?void}. */
final class ContextMethods {
    private final Body body;

    ContextMethods(Body body) {
        this.body = body;
    }

    /** The names of a context's methods. */
    static List<String> names(ContextLayout layout) {
        List<String> names = new ArrayList<>();
        for (ContextMethod method : ContextMethod.values()) {
            if (method.context() == layout) {
                names.add(method.word());
            }
        }
        return names;
    }

    Operand call(ContextMethod method, TypedExpr context, Expr.Call call) {
        Span span = call.span();
        if (!new Intrinsics(body)
                .arguments(method.word(), call, method.arguments().size())) {
            return new Operand.Poison(span);
        }
        List<TypedExpr> arguments = new ArrayList<>();
        for (int i = 0; i < method.arguments().size(); i++) {
            TypedExpr argument =
                    argument(method, method.arguments().get(i), call.arguments().get(i));
            if (argument == null) {
                return new Operand.Poison(span);
            }
            arguments.add(argument);
        }
        body.uses().helpers.add(new Uses.HelperCalled(method.helper(), "`" + method.word() + "`", span));
        return new Operand.Value(
                new Builtin.ContextCall(method.helper(), context, arguments, new Type.Maybe(Type.Void.VOID), span));
    }

    private @Nullable TypedExpr argument(ContextMethod method, ContextMethod.Argument kind, Expr written) {
        Type type = switch (kind) {
            case I32 -> Type.Int.I32;
            case U16 -> Type.Int.U16;
            case U32 -> Type.Int.U32;
            case BE16 -> Type.BigEndian.BE16;
            case BYTES -> null;
        };
        if (type != null) {
            TypedExpr value = body.value(written, type, "the argument of `" + method.word() + "`");
            return value.type().poisoned() ? null : value;
        }
        TypedExpr bytes = body.expressions().natural(written);
        if (bytes.type().poisoned()) {
            return null;
        }
        if (bytes.type() instanceof Type.Ref ref
                && !ref.to().holdsLock()
                && MemoryRules.whyNotShared(ref.to()) == null
                && ref.to().size() > 0) {
            return bytes;
        }
        body.report(at(
                        written.span(),
                        DiagnosticCode.E0301,
                        "`" + method.word() + "` takes the bytes that a reference refers to, and this is "
                                + Words.a(bytes.type()))
                .withHelp("pass `&x`"));
        return null;
    }
}
