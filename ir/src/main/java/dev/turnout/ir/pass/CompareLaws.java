package dev.turnout.ir.pass;

import static dev.turnout.ir.pass.Simpler.number;
import static dev.turnout.ir.pass.Simpler.other;
import static dev.turnout.ir.pass.Simpler.same;

import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import org.jspecify.annotations.Nullable;

/** Laws of comparison and choice. */
final class CompareLaws {
    private final Operands in;

    CompareLaws(Operands in) {
        this.in = in;
    }

    @Nullable
    Simpler compare(Operation.Compare op) {
        if (op.a().index() == op.b().index()) {
            // x <= x, and not x < x
            return number(Type.Int.I1, op.op().test(Type.Int.I64, 0, 0) ? 1 : 0);
        }
        if (!(op.a().type() instanceof Type.Int type)) {
            return pointers(op);
        }
        Long a = in.constant(op.a());
        Long b = in.constant(op.b());
        if (a != null && b != null) {
            return number(Type.Int.I1, op.op().test(type, a, b) ? 1 : 0);
        }
        if (a != null) {
            // c < x = x > c: constants stand on the right.
            Operation.Compare turned = new Operation.Compare(op.op().swapped(), op.b(), op.a());
            Simpler simpler = withConstant(turned, type, a);
            return simpler == null ? other(turned) : simpler;
        }
        if (b != null) {
            return withConstant(op, type, b);
        }
        if (in.definition(op.a()) instanceof Operation.Convert left
                && in.definition(op.b()) instanceof Operation.Convert right
                && left.op() == right.op()
                && left.a().type().equals(right.a().type())) {
            return switch (left.op()) {
                // zext x < zext y = x < y, without sign since there is none
                case ZEXT -> other(new Operation.Compare(unsigned(op.op()), left.a(), right.a()));
                // sext keeps the order, with sign and without
                case SEXT -> other(new Operation.Compare(op.op(), left.a(), right.a()));
                case TRUNC -> null;
            };
        }
        return null;
    }

    /** Slots, declared things and what is at an offset from them are not null. */
    private @Nullable Simpler pointers(Operation.Compare op) {
        if (in.isNull(op.a()) && in.isNull(op.b())) {
            return number(Type.Int.I1, op.op().test(Type.Int.I64, 0, 0) ? 1 : 0);
        }
        boolean equality = op.op() == CompareOp.EQ || op.op() == CompareOp.NE;
        if (equality && in.isNull(op.a())) {
            return other(new Operation.Compare(op.op(), op.b(), op.a()));
        }
        @Nullable Operation left = in.definition(op.a());
        boolean somewhere = left instanceof Operation.Slot || left instanceof Operation.Address;
        return equality && somewhere && in.isNull(op.b()) ? number(Type.Int.I1, op.op() == CompareOp.NE ? 1 : 0) : null;
    }

    private static CompareOp unsigned(CompareOp op) {
        return switch (op) {
            case SLT -> CompareOp.ULT;
            case SLE -> CompareOp.ULE;
            case SGT -> CompareOp.UGT;
            case SGE -> CompareOp.UGE;
            case EQ, NE, ULT, ULE, UGT, UGE -> op;
        };
    }

    /** {@code x op c}. */
    private @Nullable Simpler withConstant(Operation.Compare op, Type.Int type, long c) {
        Value x = op.a();
        if (type.bits() == 1) {
            return truth(op.op(), x, c);
        }
        Simpler ends = atTheEnds(op, type, c);
        if (ends != null) {
            return ends;
        }
        boolean equality = op.op() == CompareOp.EQ || op.op() == CompareOp.NE;
        @Nullable Operation definition = in.definition(x);
        if (definition instanceof Operation.Convert convert && convert.op() == ConvertOp.ZEXT) {
            return widened(op, convert, c);
        }
        if (equality && definition instanceof Operation.Binary inner) {
            Long inside = in.constant(inner.b());
            if (inside != null && (inner.op() == BinaryOp.ADD || inner.op() == BinaryOp.XOR)) {
                // x + a == c is x == c - a; x ^ a == c is x == c ^ a
                BinaryOp back = inner.op() == BinaryOp.ADD ? BinaryOp.SUB : BinaryOp.XOR;
                Value number = in.constant(type, back.apply(type, c, inside));
                return other(new Operation.Compare(op.op(), inner.a(), number));
            }
            if (c == 0 && (inner.op() == BinaryOp.SUB || inner.op() == BinaryOp.XOR)) {
                // x - y == 0 is x == y
                return other(new Operation.Compare(op.op(), inner.a(), inner.b()));
            }
            if (inside != null && inner.op() == BinaryOp.AND && c == inside && Long.bitCount(c) == 1) {
                // (x & bit) == bit is (x & bit) != 0
                return other(new Operation.Compare(op.op().negated(), x, in.constant(type, 0)));
            }
        }
        return null;
    }

    /** {@code x == 1} is x. */
    private Simpler truth(CompareOp op, Value x, long c) {
        boolean whenFalse = op.test(Type.Int.I1, 0, c);
        boolean whenTrue = op.test(Type.Int.I1, 1, c);
        if (whenFalse == whenTrue) {
            return number(Type.Int.I1, whenTrue ? 1 : 0);
        }
        return whenTrue ? same(x) : other(new Operation.Binary(BinaryOp.XOR, x, in.constant(Type.Int.I1, 1)));
    }

    /** Comparisons with the smallest and largest number, and one beside them, ask for equality or for nothing. */
    private @Nullable Simpler atTheEnds(Operation.Compare op, Type.Int type, long c) {
        long most = type.mask();
        return switch (op.op()) {
            case ULT ->
                c == 0 ? number(Type.Int.I1, 0) : c == 1 ? equal(op, type, 0) : c == most ? unequal(op, type, c) : null;
            case UGE ->
                c == 0 ? number(Type.Int.I1, 1) : c == 1 ? unequal(op, type, 0) : c == most ? equal(op, type, c) : null;
            case UGT -> c == most ? number(Type.Int.I1, 0) : c == 0 ? unequal(op, type, 0) : null;
            case ULE -> c == most ? number(Type.Int.I1, 1) : c == 0 ? equal(op, type, 0) : null;
            case EQ, NE, SLT, SLE, SGT, SGE -> null;
        };
    }

    private Simpler equal(Operation.Compare op, Type.Int type, long c) {
        return other(new Operation.Compare(CompareOp.EQ, op.a(), in.constant(type, c)));
    }

    private Simpler unequal(Operation.Compare op, Type.Int type, long c) {
        return other(new Operation.Compare(CompareOp.NE, op.a(), in.constant(type, c)));
    }

    /** {@code zext x op c}. */
    private @Nullable Simpler widened(Operation.Compare op, Operation.Convert convert, long c) {
        Type.Int narrow = Operands.integer(convert.a());
        Type.Int wide = convert.type();
        boolean negative = op.op().signed() && wide.signed(c) < 0;
        if (!negative && Long.compareUnsigned(c, narrow.mask()) <= 0) {
            // zext x < c is x < c, if the narrow type has c
            return other(new Operation.Compare(unsigned(op.op()), convert.a(), in.constant(narrow, c)));
        }
        // All of zext x lies on one side of c: compare its largest number.
        return number(Type.Int.I1, op.op().test(wide, narrow.mask(), c) ? 1 : 0);
    }

    @Nullable
    Simpler select(Operation.Select op) {
        if (op.a().index() == op.b().index()) {
            return same(op.a());
        }
        Long condition = in.constant(op.condition());
        if (condition != null) {
            return same(condition != 0 ? op.a() : op.b());
        }
        if (in.definition(op.condition()) instanceof Operation.Binary not
                && not.op() == BinaryOp.XOR
                && in.isConstant(not.b(), 1)) {
            // !c ? a : b is c ? b : a
            return other(new Operation.Select(not.a(), op.b(), op.a()));
        }
        if (!(op.type() instanceof Type.Int type)) {
            return null;
        }
        Long a = in.constant(op.a());
        Long b = in.constant(op.b());
        if (a != null && b != null && a == 1 && b == 0) {
            // c ? 1 : 0 is c
            return type.bits() == 1
                    ? same(op.condition())
                    : other(new Operation.Convert(ConvertOp.ZEXT, op.condition(), type));
        }
        if (type.bits() > 1) {
            return a != null && a.equals(b) ? same(op.a()) : null;
        }
        if (b != null) {
            // c ? x : 0 is c & x; c ? x : 1 is !c | x
            return b == 0
                    ? other(new Operation.Binary(BinaryOp.AND, op.condition(), op.a()))
                    : other(new Operation.Binary(BinaryOp.OR, not(op.condition()), op.a()));
        }
        if (a != null) {
            // c ? 1 : x is c | x; c ? 0 : x is !c & x
            return a == 1
                    ? other(new Operation.Binary(BinaryOp.OR, op.condition(), op.b()))
                    : other(new Operation.Binary(BinaryOp.AND, not(op.condition()), op.b()));
        }
        return null;
    }

    private Value not(Value condition) {
        if (in.definition(condition) instanceof Operation.Compare compare) {
            return in.make(new Operation.Compare(compare.op().negated(), compare.a(), compare.b()));
        }
        return in.make(new Operation.Binary(BinaryOp.XOR, condition, in.constant(Type.Int.I1, 1)));
    }
}
