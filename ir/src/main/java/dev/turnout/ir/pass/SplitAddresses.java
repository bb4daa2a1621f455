package dev.turnout.ir.pass;

import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.analysis.Interval;
import dev.turnout.ir.analysis.IntervalAnalysis;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Type;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes constants out of places in packets, so that neighbours share one address and differ in their accesses only.
 *
 * <pre>
 * v3 = mul i64 v1, v2                     v3 = mul i64 v1, v2
 * v4 = offset ptr&lt;packet&gt; v0, v3          v4 = offset ptr&lt;packet&gt; v0, v3
 * v5 = load i32 v4                        v5 = load i32 v4
 * v7 = add i64 v3, v6   // v6 = 4   =&gt;    v8 = offset ptr&lt;packet&gt; v0, v3
 * v8 = offset ptr&lt;packet&gt; v0, v7          v9 = offset ptr&lt;packet&gt; v8, v6
 * v9 = load i32 v8                        v10 = load i32 v9
 * </pre>
 *
 * <p>{@link NumberValues} then sees one address, and {@link FoldConstants} puts the constant into the access. In stack, globals
 * and map values {@link AddressLaws} does this without asking. In packets it needs ranges: what is left must by its own
 * computation be a small number. A number that is only known because the sum was compared would be known to us and not to
 * Linux's verifier, which does not think back from a sum to its parts. And what is accessed must be all that the address is
 * for: where the back end tests an address beside its accesses, it counts the bytes that they reach.
 *
 * <p>Sound, since the sum does not wrap: a small number and a small constant. Costs one analysis of ranges, in functions that
 * have such a place.
 */
public final class SplitAddresses {
    /** Largest rest of an index: what a packet can be long. */
    private static final long MOST_REST = 0xffff;

    /** Constants up to this go into accesses, with room for the access's own offset. */
    private static final long MOST_CONSTANT = 0x3fff;

    private final Function function;
    private final Definitions definitions;
    private final IntervalAnalysis ranges;
    private final BitSet otherwiseUsed;

    private SplitAddresses(Function function, Definitions definitions) {
        this.function = function;
        this.definitions = definitions;
        ranges = IntervalAnalysis.of(function);
        otherwiseUsed = otherwiseUsed(function);
    }

    public static Function run(Function function) {
        Definitions definitions = Definitions.of(function);
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (sum(inst.op(), definitions) != null) {
                    return new SplitAddresses(function, definitions).run();
                }
            }
        }
        return function;
    }

    /** The sum with a constant that is the index of a place in a packet; null for any other operation. */
    private static Operation.@Nullable Binary sum(Operation op, Definitions definitions) {
        return op instanceof Operation.Offset offset
                        && offset.type().equals(Type.ptr(Region.PACKET))
                        && definitions.op(offset.index()) instanceof Operation.Binary sum
                        && sum.op() == BinaryOp.ADD
                        && definitions.constant(sum.b()) != null
                ? sum
                : null;
    }

    private Function run() {
        Draft draft = new Draft(function);
        boolean changed = false;
        for (Draft.DraftBlock block : draft.order()) {
            List<Inst> insts = new ArrayList<>(block.insts.size());
            for (Inst inst : block.insts) {
                Operation.Binary sum = sum(inst.op(), definitions);
                if (sum != null && inst.op() instanceof Operation.Offset offset && splits(inst, sum)) {
                    Inst place = draft.inst(new Operation.Offset(offset.base(), sum.a()), inst.at());
                    insts.add(place);
                    insts.add(new Inst(inst.result(), new Operation.Offset(place.result(), sum.b()), inst.at()));
                    changed = true;
                } else {
                    insts.add(inst);
                }
            }
            block.insts = insts;
        }
        return changed ? draft.freeze() : function;
    }

    private boolean splits(Inst inst, Operation.Binary sum) {
        Operation.Const constant = definitions.constant(sum.b());
        Interval rest = ranges.everywhere(sum.a());
        return constant != null
                && constant.value() >= 0
                && constant.value() <= MOST_CONSTANT
                && !rest.isEmpty()
                && Long.compareUnsigned(rest.high(), MOST_REST) <= 0
                && !otherwiseUsed.get(inst.result().index());
    }

    /** The values that are more than addresses of loads and stores. */
    private static BitSet otherwiseUsed(Function function) {
        BitSet used = new BitSet(function.valueCount());
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                switch (inst.op()) {
                    case Operation.Load _ -> {}
                    case Operation.Store store -> used.set(store.value().index());
                    default -> inst.op().operands().forEach(value -> used.set(value.index()));
                }
            }
            block.terminator().operands().forEach(value -> used.set(value.index()));
            for (Target target : block.terminator().targets()) {
                target.arguments().forEach(value -> used.set(value.index()));
            }
        }
        return used;
    }
}
