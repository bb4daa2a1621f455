package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.BinaryOp;
import java.math.BigInteger;

/** Arithmetic of numbers that have no type yet: exact, as on paper. Division truncates; {@code %} has the dividend's sign. */
final class ExactArithmetic {
    /** Far beyond every type; keeps {@code 1 << 1000000000} from being computed. */
    private static final int MOST_BITS = 512;

    private final Body body;

    ExactArithmetic(Body body) {
        this.body = body;
    }

    Operand compute(BinaryOp op, Operand.Exact left, Operand.Exact right, Span span) {
        BigInteger a = left.value();
        BigInteger b = right.value();
        boolean division = op == BinaryOp.DIV || op == BinaryOp.REM;
        if (division && b.signum() == 0) {
            body.report(at(span, DiagnosticCode.E0322, "division by the constant zero")
                    .withNote("at run time `x / 0` is 0 and `x % 0` is `x`; written out, it is a mistake"));
            return new Operand.Poison(span);
        }
        boolean shift = op == BinaryOp.SHL || op == BinaryOp.SHR;
        if (shift && (b.signum() < 0 || b.bitLength() > 9)) {
            body.report(span, DiagnosticCode.E0322, "a shift by " + b + ": the count of a constant shift is 0 to 511");
            return new Operand.Poison(span);
        }
        BigInteger value = switch (op) {
            case MUL -> a.multiply(b);
            case DIV -> a.divide(b);
            case REM -> a.remainder(b);
            case ADD -> a.add(b);
            case SUB -> a.subtract(b);
            case SHL -> a.shiftLeft(b.intValue());
            case SHR -> a.shiftRight(b.intValue());
            case AND -> a.and(b);
            case XOR -> a.xor(b);
            case OR -> a.or(b);
            case EQ, NE, LT, LE, GT, GE, LOGICAL_AND, LOGICAL_OR, ORELSE ->
                throw new IllegalArgumentException(op + " is no arithmetic");
        };
        if (value.bitLength() > MOST_BITS) {
            body.report(span, DiagnosticCode.E0302, "this constant has more than " + MOST_BITS + " bits");
            return new Operand.Poison(span);
        }
        return new Operand.Exact(value, left.complement() || right.complement(), span);
    }
}
