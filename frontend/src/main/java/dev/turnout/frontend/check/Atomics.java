package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.ir.model.AtomicOp;
import dev.turnout.ir.model.UnaryOp;
import java.util.ArrayList;
import java.util.List;

/** {@code atomic::add(p, n)} and its like: on a reference to an integer of 4 or 8 bytes. */
final class Atomics {
    private final Body body;

    Atomics(Body body) {
        this.body = body;
    }

    Operand call(String name, Expr.Call call) {
        // There is no fetch_sub instruction; adding the negative is the same.
        boolean subtract = name.equals("fetch_sub");
        AtomicOp op = switch (name) {
            case "add" -> AtomicOp.ADD;
            case "and" -> AtomicOp.AND;
            case "or" -> AtomicOp.OR;
            case "xor" -> AtomicOp.XOR;
            case "fetch_add", "fetch_sub" -> AtomicOp.FETCH_ADD;
            case "fetch_and" -> AtomicOp.FETCH_AND;
            case "fetch_or" -> AtomicOp.FETCH_OR;
            case "fetch_xor" -> AtomicOp.FETCH_XOR;
            case "xchg" -> AtomicOp.XCHG;
            case "cmpxchg" -> AtomicOp.CMPXCHG;
            case "load" -> AtomicOp.LOAD;
            case "store" -> AtomicOp.STORE;
            default -> throw new IllegalStateException("no atomic operation " + name);
        };
        if (!new Intrinsics(body).arguments("atomic::" + name, call, op.operandCount() + 1)) {
            return new Operand.Poison(call.span());
        }
        Expr first = call.arguments().getFirst();
        TypedExpr target = body.expressions().natural(first);
        if (target.type().poisoned()) {
            return new Operand.Poison(call.span());
        }
        if (!(target.type() instanceof Type.Ref ref) || !(ref.to() instanceof Type.Int number) || number.bits() < 32) {
            var diagnostic = at(
                    first.span(),
                    DiagnosticCode.E0338,
                    "`atomic::" + name + "` needs a reference to an integer of 4 or 8 bytes, not "
                            + Words.a(target.type()));
            body.report(
                    target.type() instanceof Type.Maybe
                            ? diagnostic.withHelp("it may be null; unwrap it first")
                            : target.type() instanceof Type.Int ? diagnostic.withHelp("pass `&x`") : diagnostic);
            return new Operand.Poison(call.span());
        }
        if (ref.constant() && op != AtomicOp.LOAD) {
            body.report(
                    first.span(),
                    DiagnosticCode.E0309,
                    "this cannot be changed: it is reached through " + Words.a(ref));
            return new Operand.Poison(call.span());
        }
        List<TypedExpr> operands = new ArrayList<>();
        for (Expr written : call.arguments().subList(1, call.arguments().size())) {
            TypedExpr operand = body.value(written, number, "the operand of `atomic::" + name + "`");
            if (operand.type().poisoned()) {
                return new Operand.Poison(call.span());
            }
            operands.add(subtract ? Folding.unary(UnaryOp.NEG, operand, written.span()) : operand);
        }
        Type type = op.hasResult() ? number : Type.Void.VOID;
        return new Operand.Value(new Builtin.Atomic(op, target, operands, type, call.span()));
    }
}
