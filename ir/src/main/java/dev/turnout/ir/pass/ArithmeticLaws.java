package dev.turnout.ir.pass;

import static dev.turnout.ir.model.BinaryOp.ADD;
import static dev.turnout.ir.model.BinaryOp.AND;
import static dev.turnout.ir.model.BinaryOp.LSHR;
import static dev.turnout.ir.model.BinaryOp.SHL;
import static dev.turnout.ir.model.BinaryOp.XOR;
import static dev.turnout.ir.pass.Simpler.number;
import static dev.turnout.ir.pass.Simpler.other;
import static dev.turnout.ir.pass.Simpler.same;

import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.UnaryOp;
import dev.turnout.ir.model.Value;
import org.jspecify.annotations.Nullable;

/** Laws of arithmetic and of changes of width. All hold for wrapping arithmetic of every width. */
final class ArithmeticLaws {
    private final Operands in;

    ArithmeticLaws(Operands in) {
        this.in = in;
    }

    @Nullable
    Simpler binary(Operation.Binary op) {
        Type.Int type = Operands.integer(op.a());
        Long a = in.constant(op.a());
        Long b = in.constant(op.b());
        if (a != null && b != null) {
            return number(type, op.op().apply(type, a, b));
        }
        if (a != null && op.op().commutative()) {
            // c + x = x + c: constants stand on the right.
            Operation.Binary turned = new Operation.Binary(op.op(), op.b(), op.a());
            Simpler simpler = withConstant(turned, a);
            return simpler == null ? other(turned) : simpler;
        }
        if (b != null) {
            return withConstant(op, b);
        }
        if (op.a().index() == op.b().index()) {
            return withItself(op);
        }
        if (a != null && a == 0) {
            return switch (op.op()) {
                // 0 - x = -x
                case SUB -> other(new Operation.Unary(UnaryOp.NEG, op.b()));
                // 0 / x = 0 % x = 0 << x = 0 >> x = 0
                case UDIV, SDIV, UREM, SREM, SHL, LSHR, ASHR -> number(type, 0);
                case ADD, MUL, AND, OR, XOR -> null;
            };
        }
        return null;
    }

    private static @Nullable Simpler withItself(Operation.Binary op) {
        return switch (op.op()) {
            // x - x = x ^ x = x % x = 0, the last also for 0
            case SUB, XOR, UREM, SREM -> number(Operands.integer(op.a()), 0);
            // x & x = x | x = x
            case AND, OR -> same(op.a());
            // x / x is 0 for 0: not 1.
            case ADD, MUL, UDIV, SDIV, SHL, LSHR, ASHR -> null;
        };
    }

    /** {@code x op c}. */
    private @Nullable Simpler withConstant(Operation.Binary op, long c) {
        Type.Int type = Operands.integer(op.a());
        Value x = op.a();
        return switch (op.op()) {
            // x + 0 = x
            case ADD -> c == 0 ? same(x) : regrouped(op, c);
            // x - c = x + -c: one form for both
            case SUB -> {
                if (c == 0) {
                    yield same(x);
                }
                Value negative = in.constant(type, -c);
                Operation.Binary sum = new Operation.Binary(ADD, x, negative);
                Simpler simpler = regrouped(sum, type.truncate(-c));
                yield simpler == null ? other(sum) : simpler;
            }
            // x * 0 = 0, x * 1 = x, x * 2^k = x << k
            case MUL ->
                c == 0 ? number(type, 0) : c == 1 ? same(x) : powerOfTwo(type, c) ? shift(SHL, x, c) : regrouped(op, c);
            // x / 0 = 0, x / 1 = x, x / 2^k = x >> k
            case UDIV -> c == 0 ? number(type, 0) : c == 1 ? same(x) : powerOfTwo(type, c) ? shift(LSHR, x, c) : null;
            case SDIV -> c == 0 ? number(type, 0) : c == 1 && type.bits() > 1 ? same(x) : null;
            // x % 0 = x, x % 1 = 0, x % 2^k = x & (2^k - 1)
            case UREM ->
                c == 0
                        ? same(x)
                        : powerOfTwo(type, c) ? other(new Operation.Binary(AND, x, in.constant(type, c - 1))) : null;
            case SREM -> c == 0 ? same(x) : c == 1 && type.bits() > 1 ? number(type, 0) : null;
            // x & 0 = 0, x & 11…1 = x
            case AND -> c == 0 ? number(type, 0) : c == type.mask() ? same(x) : regrouped(op, c);
            // x | 0 = x, x | 11…1 = 11…1
            case OR -> c == 0 ? same(x) : c == type.mask() ? number(type, c) : regrouped(op, c);
            // x ^ 0 = x; (a < b) ^ 1 = a >= b
            case XOR ->
                c == 0
                        ? same(x)
                        : type.bits() == 1 && in.definition(x) instanceof Operation.Compare compare
                                ? other(new Operation.Compare(compare.op().negated(), compare.a(), compare.b()))
                                : regrouped(op, c);
            case SHL, LSHR, ASHR -> shifted(op, c & (type.bits() - 1));
        };
    }

    private static boolean powerOfTwo(Type.Int type, long c) {
        return Long.bitCount(c) == 1 && Long.compareUnsigned(c, type.mask()) <= 0;
    }

    private Simpler shift(BinaryOp op, Value x, long powerOfTwo) {
        Value count = in.constant(Operands.integer(x), Long.numberOfTrailingZeros(powerOfTwo));
        return other(new Operation.Binary(op, x, count));
    }

    /** {@code (x op c1) op c2 = x op (c1 op c2)} of add, mul, and, or, xor. */
    private @Nullable Simpler regrouped(Operation.Binary op, long c) {
        if (in.definition(op.a()) instanceof Operation.Binary inner && inner.op() == op.op()) {
            Long inside = in.constant(inner.b());
            if (inside != null) {
                Type.Int type = Operands.integer(op.a());
                Value both = in.constant(type, op.op().apply(type, inside, c));
                return other(new Operation.Binary(op.op(), inner.a(), both));
            }
        }
        return null;
    }

    private @Nullable Simpler shifted(Operation.Binary op, long count) {
        Type.Int type = Operands.integer(op.a());
        if (count == 0) {
            return same(op.a());
        }
        if (op.op() == SHL && in.definition(op.a()) instanceof Operation.Binary sum && sum.op() == ADD) {
            // (x + c) << k = (x << k) + (c << k): the constant part comes out, and an address can take it
            Long c = in.constant(sum.b());
            if (c != null) {
                Value shifted = in.make(new Operation.Binary(SHL, sum.a(), op.b()));
                return other(new Operation.Binary(ADD, shifted, in.constant(type, c << count)));
            }
        }
        if (!(in.definition(op.a()) instanceof Operation.Binary inner) || in.constant(inner.b()) == null) {
            return null;
        }
        Long constant = in.constant(inner.b());
        if (op.op() == SHL && inner.op() == BinaryOp.MUL && constant != null) {
            // (x * c) << k = x * (c << k)
            return other(new Operation.Binary(BinaryOp.MUL, inner.a(), in.constant(type, constant << count)));
        }
        long inside = (constant == null ? 0 : constant) & (type.bits() - 1);
        if (inner.op() == op.op()) {
            // (x << a) << b = x << (a + b), or 0 (or all sign) past the width
            long sum = inside + count;
            return sum < type.bits()
                    ? other(new Operation.Binary(op.op(), inner.a(), in.constant(type, sum)))
                    : op.op() == BinaryOp.ASHR
                            ? other(new Operation.Binary(op.op(), inner.a(), in.constant(type, type.bits() - 1L)))
                            : number(type, 0);
        }
        if (inside == count && op.op() != BinaryOp.ASHR && (inner.op() == SHL || inner.op() == LSHR)) {
            // (x << c) >> c and (x >> c) << c clear c bits at one end
            long kept = op.op() == LSHR ? type.mask() >>> count : type.truncate(type.mask() << count);
            return other(new Operation.Binary(AND, inner.a(), in.constant(type, kept)));
        }
        return null;
    }

    @Nullable
    Simpler unary(Operation.Unary op) {
        Type.Int type = Operands.integer(op.a());
        Long a = in.constant(op.a());
        if (a != null) {
            return number(type, op.op().apply(type, a));
        }
        if (type.bits() == 1) {
            // Of one bit, -x = x and not x = x ^ 1.
            return op.op() == UnaryOp.NEG
                    ? same(op.a())
                    : other(new Operation.Binary(XOR, op.a(), in.constant(type, 1)));
        }
        // -(-x) = ~~x = bswap(bswap x) = x
        return in.definition(op.a()) instanceof Operation.Unary inner && inner.op() == op.op() ? same(inner.a()) : null;
    }

    @Nullable
    Simpler convert(Operation.Convert op) {
        Type.Int to = op.type();
        Type.Int from = Operands.integer(op.a());
        Long a = in.constant(op.a());
        if (a != null) {
            return number(to, op.op().apply(from, to, a));
        }
        if (in.definition(op.a()) instanceof Operation.Convert inner) {
            return converted(op, inner, Operands.integer(inner.a()));
        }
        if (op.op() == ConvertOp.TRUNC
                && in.definition(op.a()) instanceof Operation.Binary inner
                && inner.op() == AND) {
            // trunc(x & c) = trunc x, if c keeps all bits that trunc keeps
            Long kept = in.constant(inner.b());
            if (kept != null && to.truncate(kept) == to.mask()) {
                return other(new Operation.Convert(ConvertOp.TRUNC, inner.a(), to));
            }
        }
        return null;
    }

    private @Nullable Simpler converted(Operation.Convert op, Operation.Convert inner, Type.Int source) {
        Type.Int to = op.type();
        return switch (op.op()) {
            case ZEXT -> {
                if (inner.op() == ConvertOp.ZEXT) {
                    // zext(zext x) = zext x
                    yield other(new Operation.Convert(ConvertOp.ZEXT, inner.a(), to));
                }
                // zext(trunc x) = x & 11…1, if it comes back to the width of x
                yield inner.op() == ConvertOp.TRUNC && source.equals(to)
                        ? other(new Operation.Binary(
                                AND, inner.a(), in.constant(to, inner.type().mask())))
                        : null;
            }
            // sext(zext x) = zext x: the sign is 0; sext(sext x) = sext x
            case SEXT -> inner.op() == ConvertOp.TRUNC ? null : other(new Operation.Convert(inner.op(), inner.a(), to));
            case TRUNC -> {
                if (inner.op() == ConvertOp.TRUNC || to.bits() < source.bits()) {
                    // trunc(trunc x) = trunc x; trunc(zext x) = trunc x, if it ends below x
                    yield other(new Operation.Convert(ConvertOp.TRUNC, inner.a(), to));
                }
                // trunc(zext x) = x or zext x
                yield to.equals(source) ? same(inner.a()) : other(new Operation.Convert(inner.op(), inner.a(), to));
            }
        };
    }
}
