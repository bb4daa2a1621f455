package dev.turnout.frontend.check;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedExpr.Conversion;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.List;

/** Where references into the kernel come from: {@code current::task()}, and {@code S.at(address)}. */
final class KernelObjects {
    private static final String TASK = "task_struct";

    private final Body body;

    KernelObjects(Body body) {
        this.body = body;
    }

    /** {@code current::task()}: the type is the {@code kernel struct task_struct} that the program declares. */
    Operand task(Expr.Call call) {
        if (!new Intrinsics(body).arguments("current::task", call, 0)) {
            return new Operand.Poison(call.span());
        }
        if (body.module().lookup(TASK) instanceof Module.Lookup.Found found) {
            Entity entity = body.compilation().declarations().entity(found.module(), found.declaration());
            if (entity instanceof Entity.TypeName(StructType struct) && struct.isKernel()) {
                body.uses()
                        .helpers
                        .add(new Uses.HelperCalled(HelperFunction.GET_CURRENT_TASK, "`current::task`", call.span()));
                return new Operand.Value(new Builtin.HelperCall(
                        HelperFunction.GET_CURRENT_TASK, List.of(), new Type.Ref(struct, false), call.span()));
            }
            if (entity instanceof Entity.Invalid) {
                return new Operand.Poison(call.span());
            }
        }
        body.report(Diagnostic.at(
                        call.span(),
                        DiagnosticCode.E0201,
                        "there is no `kernel struct " + TASK + "`, to which `current::task` refers")
                .withHelp("declare the fields that are used: `kernel struct " + TASK + " { tgid: i32 }`"));
        return new Operand.Poison(call.span());
    }

    /** {@code S.at(address)}: what lies at a number, such as the argument of a traced function. */
    Operand at(StructType struct, Expr.Field callee, Expr.Call call) {
        if (!callee.name().text().equals("at")) {
            body.report(
                    callee.name().span(),
                    DiagnosticCode.E0216,
                    "`" + struct + "` has no function `" + callee.name().text() + "`; a `kernel struct` has `at`");
            body.expressions().calls().checkArguments(call);
            return new Operand.Poison(call.span());
        }
        if (!new Intrinsics(body).arguments("at", call, 1)) {
            return new Operand.Poison(call.span());
        }
        TypedExpr address = body.value(call.arguments().getFirst(), Type.Int.U64, "the address of a `" + struct + "`");
        return address.type().poisoned()
                ? new Operand.Poison(call.span())
                : new Operand.Value(
                        new TypedExpr.Convert(Conversion.SAME_BITS, address, new Type.Ref(struct, false), call.span()));
    }
}
