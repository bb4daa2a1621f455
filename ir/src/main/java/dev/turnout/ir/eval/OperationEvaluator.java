package dev.turnout.ir.eval;

import dev.turnout.ir.model.AtomicOp;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;

/** What each operation computes, on the values of a frame. */
final class OperationEvaluator {
    private final Environment environment;
    private final Evaluator evaluator;

    OperationEvaluator(Environment environment, Evaluator evaluator) {
        this.environment = environment;
        this.evaluator = evaluator;
    }

    /** The result; 0 if there is none. */
    long apply(Operation op, Evaluator.Frame in) {
        return switch (op) {
            case Operation.Const one -> one.value();
            case Operation.Null _ -> 0;
            case Operation.Unary one -> one.op().apply(integer(one.a()), in.value(one.a()));
            case Operation.Binary one -> one.op().apply(integer(one.a()), in.value(one.a()), in.value(one.b()));
            case Operation.Compare one -> one.op().test(integer(one.a()), in.value(one.a()), in.value(one.b())) ? 1 : 0;
            case Operation.Convert one -> one.op().apply(integer(one.a()), one.type(), in.value(one.a()));
            case Operation.Select one -> in.value(in.value(one.condition()) != 0 ? one.a() : one.b());
            case Operation.Offset one -> in.value(one.base()) + in.value(one.index());
            case Operation.Difference one -> in.value(one.a()) - in.value(one.b());
            case Operation.Slot one -> in.slot(one.size(), one.align(), one.name());
            case Operation.Address one -> environment.addressOf(one.region(), one.name());
            case Operation.Load one -> {
                int bytes = one.type().byteSize();
                long raw = environment.load(in.value(one.address()) + one.offset(), bytes);
                yield cut(one.type(), ordered(raw, bytes, one.order()));
            }
            case Operation.LoadContext one ->
                cut(one.type(), environment.loadContext(in.value(one.context()), one.offset(), one.bytes()));
            case Operation.Store one -> {
                int bytes = one.value().type().byteSize();
                long raw = ordered(in.value(one.value()), bytes, one.order());
                environment.store(in.value(one.address()) + one.offset(), bytes, raw);
                yield 0;
            }
            case Operation.Atomic one -> atomic(one, in);
            case Operation.Call one -> cut(one.type(), evaluator.run(one.function(), in.values(one.arguments())));
            case Operation.CallPointer one -> {
                String callee = environment.functionAt(in.value(one.callee()));
                yield cut(one.type(), evaluator.run(callee, in.values(one.arguments())));
            }
            case Operation.CallHelper one ->
                cut(one.type(), environment.callHelper(one.helper(), in.values(one.arguments()), evaluator));
            case Operation.CallKernel one ->
                cut(one.type(), environment.callKernel(one.function(), in.values(one.arguments())));
            case Operation.CallHost one ->
                cut(one.type(), environment.callHost(one.service(), in.values(one.arguments()), evaluator));
            case Operation.Prove one -> {
                long index = in.value(one.index());
                if (Long.compareUnsigned(index, one.below()) >= 0) {
                    throw new EvaluationFailure("the claim does not hold: " + Long.toUnsignedString(index)
                            + " is not below " + Long.toUnsignedString(one.below()));
                }
                yield 0;
            }
            case Operation.Opaque one -> in.value(one.a());
        };
    }

    /** RFC 9669, section 5.3: what is fetched is the old value; a 32-bit exchange writes 32 bits. */
    private long atomic(Operation.Atomic one, Evaluator.Frame in) {
        long address = in.value(one.address()) + one.offset();
        int bytes = one.width().bytes();
        if ((address & (bytes - 1)) != 0) {
            throw new EvaluationFailure("an atomic operation needs an aligned address");
        }
        long operand = one.values().isEmpty() ? 0 : in.value(one.values().getFirst());
        long old = switch (one.op()) {
            case STORE -> 0;
            case ADD, AND, OR, XOR, FETCH_ADD, FETCH_AND, FETCH_OR, FETCH_XOR, XCHG, CMPXCHG, LOAD ->
                environment.load(address, bytes);
        };
        long now = switch (one.op()) {
            case ADD, FETCH_ADD -> old + operand;
            case AND, FETCH_AND -> old & operand;
            case OR, FETCH_OR -> old | operand;
            case XOR, FETCH_XOR -> old ^ operand;
            case XCHG, STORE -> operand;
            case CMPXCHG -> old == operand ? in.value(one.values().get(1)) : old;
            case LOAD -> old;
        };
        if (one.op() != AtomicOp.LOAD) {
            environment.store(address, bytes, now);
        }
        return one.op().hasResult() ? old : 0;
    }

    private static long ordered(long value, int bytes, ByteOrder order) {
        return switch (order) {
            case LITTLE -> value;
            case BIG -> Long.reverseBytes(value) >>> (64 - 8 * bytes);
        };
    }

    private static long cut(Type type, long value) {
        return switch (type) {
            case Type.Int integer -> integer.truncate(value);
            case Type.Ptr _ -> value;
            case Type.Void _ -> 0;
        };
    }

    /** Pointers are compared as 64 bits. */
    private static Type.Int integer(Value value) {
        return value.type() instanceof Type.Int type ? type : Type.Int.I64;
    }
}
