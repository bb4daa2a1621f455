package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.List;
import java.util.Map;

/**
 * {@code read_user(&x, address)} and its like: copies from memory that is not the program's, by a helper that gives an error number where
 * nothing can be read, and zeros then.
 */
final class ForeignReads {
    /** What each one calls. Those of text stop behind the first NUL and give the length with it. */
    static final Map<String, HelperFunction> HELPERS = Map.of(
            "read_user", HelperFunction.PROBE_READ_USER,
            "read_user_str", HelperFunction.PROBE_READ_USER_STR,
            "read_kernel", HelperFunction.PROBE_READ_KERNEL,
            "read_kernel_str", HelperFunction.PROBE_READ_KERNEL_STR);

    private final Body body;

    ForeignReads(Body body) {
        this.body = body;
    }

    Operand call(String name, HelperFunction helper, Expr.Call call) {
        if (!new Intrinsics(body).arguments(name, call, 2)) {
            return new Operand.Poison(call.span());
        }
        TypedExpr buffer = body.expressions().natural(call.arguments().get(0));
        TypedExpr address = body.value(call.arguments().get(1), Type.Int.U64, "the address of `" + name + "`");
        if (buffer.type().poisoned() || address.type().poisoned()) {
            return new Operand.Poison(call.span());
        }
        boolean text = helper == HelperFunction.PROBE_READ_USER_STR || helper == HelperFunction.PROBE_READ_KERNEL_STR;
        if (!(buffer.type() instanceof Type.Ref ref)
                || ref.constant()
                || ref.to().size() == 0
                || MemoryRules.whyNotShared(ref.to()) != null
                || (text && !isText(ref.to()))) {
            body.report(at(
                            call.arguments().get(0).span(),
                            DiagnosticCode.E0301,
                            "`" + name + "` fills "
                                    + (text ? "an array of bytes" : "plain memory")
                                    + " that a reference leads to, not " + Words.a(buffer.type()))
                    .withHelp(
                            text ? "write `var path: [64]u8;` and pass `&path`" : "write `var x: u64;` and pass `&x`"));
            return new Operand.Poison(call.span());
        }
        Span span = call.span();
        TypedExpr size = new TypedExpr.Value(new Constant.Number(ref.to().size()), Type.Int.U32, span);
        body.uses().helpers.add(new Uses.HelperCalled(helper, "`" + name + "`", span));
        return new Operand.Value(new Builtin.HelperCall(helper, List.of(buffer, size, address), Type.Int.I64, span));
    }

    private static boolean isText(Type type) {
        return type instanceof Type.Array array && array.element().equals(Type.Int.U8);
    }
}
