package dev.turnout.bpf.lower;

import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.UnaryOp;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A choice by the bytes of a number as they lie in memory, instead of by the number: constants are swapped for nothing, the
 * value costs an instruction. Only single values keep their order of bytes; a range is one of numbers.
 *
 * @param value before the swap
 * @param segments with swapped bounds
 */
record MemoryOrder(Value value, List<Segment> segments) {
    /** So many neighbours are asked for one by one; more are a range. */
    private static final int PAIR = 2;

    /** The same choice, if that saves the swap; else null. */
    static @Nullable MemoryOrder of(Value value, List<Segment> segments, Definitions definitions) {
        if (!(definitions.op(value) instanceof Operation.Unary swap)
                || swap.op() != UnaryOp.BSWAP
                || definitions.uses(value) != 1
                || CompareTree.isBitTest(segments)) {
            return null;
        }
        Type.Int type = (Type.Int) value.type();
        List<Segment> swapped = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment.count() <= 0 || segment.count() > PAIR) {
                return null;
            }
            for (long number = segment.low(), left = segment.count(); left > 0; number++, left--) {
                long bytes = UnaryOp.BSWAP.apply(type, number);
                swapped.add(new Segment(bytes, bytes, segment.to()));
            }
        }
        swapped.sort(Comparator.comparing(Segment::low, Long::compareUnsigned));
        return new MemoryOrder(swap.a(), swapped);
    }
}
