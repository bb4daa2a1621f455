package dev.turnout.verifier.transfer;

import dev.turnout.bpf.isa.Width;
import dev.turnout.verifier.domain.AbstractAlgebra;
import dev.turnout.verifier.domain.Frame;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;

/**
 * Loads from and stores to frames of the stack.
 *
 * <p>A frame keeps what was stored whole, wherever it lies. Linux keeps one register for each eight bytes, stored at their
 * start: what is stored elsewhere in them is known only if it is zero, and ends what was kept. To predict Linux means to
 * forget like it: with {@code slots} the cells of a slot are its register, at its start, and bytes of zero.
 */
final class StackMemory {
    private static final AbstractAlgebra ON = AbstractAlgebra.INSTANCE;
    private static final int SLOT = 8;
    /** Bytes that a load at an unknown offset is looked through for, to see that they are all zero. */
    private static final int MOST_ZEROS = 256;

    private final boolean slots;

    StackMemory(boolean slots) {
        this.slots = slots;
    }

    /** What the bytes hold, without sign; unreadable if it is just some number, or not to be read. */
    Value load(State state, int depth, Num at, int bytes) {
        if (at.sMin() < -Frame.BYTES || at.sMax() > -bytes) {
            return Value.Unreadable.VALUE;
        }
        Frame frame = state.frame(depth);
        if (!at.isConstant()) {
            int all = (int) (at.sMax() - at.sMin()) + bytes;
            int first = (int) at.sMin();
            boolean zeros = all <= MOST_ZEROS && (slots ? frame.isZeroBytes(first, all) : frame.isZero(first, all));
            return zeros ? Value.constant(0) : Value.Unreadable.VALUE;
        }
        int offset = (int) at.constant();
        int cell = frame.covering(offset, bytes);
        if (cell < 0) {
            Long constant = frame.constant(offset, bytes);
            return constant == null || (slots && constant != 0) ? Value.Unreadable.VALUE : Value.constant(constant);
        }
        Value value = frame.value(cell);
        if (frame.offset(cell) == offset && frame.width(cell) == bytes) {
            return value;
        }
        return value instanceof Value.Scalar whole
                ? part(state, whole, offset - frame.offset(cell), bytes)
                : Value.Unreadable.VALUE;
    }

    /** Bytes of a number, from the lowest on. */
    private Value part(State state, Value.Scalar whole, int from, int bytes) {
        Num num = state.num(whole);
        if (slots && from != 0 && !num.equals(Num.constant(0))) {
            return Value.Unreadable.VALUE;
        }
        Num shifted = ON.shiftRightLogical(Width.W64, num, Num.constant(8L * from));
        Num part = ON.zeroExtend(shifted, 8 * bytes);
        return part.equals(num) ? new Value.Scalar(num, whole.form()) : state.fresh(part);
    }

    /** @param optimistic whether cells survive a store that might hit them; for guesses */
    void store(State state, int depth, Num at, int width, Value value, boolean optimistic) {
        Frame frame = state.frame(depth);
        boolean inside = at.sMin() >= -Frame.BYTES && at.sMax() <= -width;
        if (at.isConstant()) {
            if (inside) {
                state.put(depth, stored(state, frame, (int) at.constant(), width, value));
            }
        } else if (!optimistic) {
            state.put(
                    depth,
                    inside
                            ? storedSomewhere(state, frame, at, width, value)
                            : frame.overwrite(-Frame.BYTES, Frame.BYTES, false));
        }
    }

    private Frame stored(State state, Frame frame, int offset, int width, Value value) {
        boolean number = value instanceof Value.Scalar;
        // A jump target does not survive in memory: Linux does not track it there.
        boolean address = !number
                && width == SLOT
                && !(value instanceof Value.Unreadable)
                && !(value instanceof Value.CodeAddress);
        if (!slots) {
            return number || address ? frame.store(offset, width, value) : frame.overwrite(offset, width, true);
        }
        int slot = Math.floorDiv(offset, SLOT) * SLOT;
        if (offset == slot && (number || address)) {
            return frame.scrub(slot, SLOT, true).store(offset, width, value);
        }
        Frame left = frame.beginsAt(slot) ? frame.scrub(slot, SLOT, false) : frame;
        left = left.overwrite(offset, width, true);
        if (isZero(state, value)) {
            for (int i = 0; i < width; i++) {
                left = left.store(offset + i, 1, Value.constant(0));
            }
        }
        return left;
    }

    private Frame storedSomewhere(State state, Frame frame, Num at, int width, Value value) {
        int first = (int) at.sMin();
        int end = (int) at.sMax() + width;
        if (!slots) {
            return frame.overwrite(first, end - first, false);
        }
        boolean zero = isZero(state, value);
        Frame left = frame;
        for (int slot = Math.floorDiv(first, SLOT) * SLOT; slot < end; slot += SLOT) {
            boolean register = left.beginsAt(slot);
            if (register && !(zero && left.isZero(slot, 1))) {
                left = left.scrub(slot, SLOT, false);
            }
        }
        return zero ? left.touchWithZeros(first, end - first) : left.overwrite(first, end - first, false);
    }

    private static boolean isZero(State state, Value value) {
        return value instanceof Value.Scalar scalar && state.num(scalar).equals(Num.constant(0));
    }
}
