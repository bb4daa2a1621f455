package dev.turnout.ir.pass;

import static dev.turnout.ir.pass.Simpler.number;
import static dev.turnout.ir.pass.Simpler.other;
import static dev.turnout.ir.pass.Simpler.same;

import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import org.jspecify.annotations.Nullable;

/** Laws of pointers: constant parts gather in the offset of the access, which costs nothing there. */
final class AddressLaws {
    private final Operands in;

    AddressLaws(Operands in) {
        this.in = in;
    }

    @Nullable
    Simpler offset(Operation.Offset op) {
        Long index = in.constant(op.index());
        if (index == null) {
            return constantPart(op);
        }
        // p + 0 = p
        if (index == 0) {
            return same(op.base());
        }
        if (in.definition(op.base()) instanceof Operation.Offset inner) {
            // (p + a) + b = p + (a + b)
            Long inside = in.constant(inner.index());
            if (inside != null) {
                return other(new Operation.Offset(inner.base(), in.constant(Type.Int.I64, inside + index)));
            }
        }
        return null;
    }

    /**
     * {@code p + (x + c) = (p + x) + c}, if c fits in the offset of an access. In packets only upwards: Linux takes no
     * access below a pointer whose variable part it has tested.
     */
    private @Nullable Simpler constantPart(Operation.Offset op) {
        int least = op.base().type() instanceof Type.Ptr pointer
                ? switch (pointer.region()) {
                    case STACK, GLOBAL, MAP_VALUE -> Short.MIN_VALUE;
                    case PACKET -> 0;
                    case CONTEXT, PACKET_END, MAP, FUNCTION, KERNEL, ANY -> Short.MAX_VALUE;
                }
                : Short.MAX_VALUE;
        if (in.definition(op.index()) instanceof Operation.Binary sum && sum.op() == BinaryOp.ADD) {
            Long c = in.constant(sum.b());
            if (c != null && c >= least && c < Short.MAX_VALUE) {
                Value place = in.make(new Operation.Offset(op.base(), sum.a()));
                return other(new Operation.Offset(place, sum.b()));
            }
        }
        return null;
    }

    @Nullable
    Simpler difference(Operation.Difference op) {
        if (op.a().index() == op.b().index()) {
            return number(Type.Int.I64, 0);
        }
        // (p + x) - p = x
        if (in.definition(op.a()) instanceof Operation.Offset offset
                && offset.base().index() == op.b().index()) {
            return same(offset.index());
        }
        // (p + x) - (p + y) = x - y
        if (in.definition(op.a()) instanceof Operation.Offset a
                && in.definition(op.b()) instanceof Operation.Offset b
                && a.base().index() == b.base().index()) {
            return other(new Operation.Binary(BinaryOp.SUB, a.index(), b.index()));
        }
        return null;
    }

    @Nullable
    Simpler load(Operation.Load op) {
        Place place = place(op.address(), op.offset());
        return place == null ? null : other(new Operation.Load(op.type(), place.base, place.offset, op.order()));
    }

    @Nullable
    Simpler store(Operation.Store op) {
        Place place = place(op.address(), op.offset());
        return place == null ? null : other(new Operation.Store(place.base, place.offset, op.value(), op.order()));
    }

    @Nullable
    Simpler atomic(Operation.Atomic op) {
        Place place = place(op.address(), op.offset());
        return place == null
                ? null
                : other(new Operation.Atomic(op.op(), op.width(), place.base, place.offset, op.values()));
    }

    private record Place(Value base, int offset) {}

    /** {@code *(p + a) at b = *p at a + b}, if the sum has 16 bits. */
    private @Nullable Place place(Value address, int offset) {
        if (in.definition(address) instanceof Operation.Offset inner) {
            Long by = in.constant(inner.index());
            if (by != null) {
                long sum = by + offset;
                return sum == (short) sum ? new Place(inner.base(), (int) sum) : null;
            }
        }
        return null;
    }
}
