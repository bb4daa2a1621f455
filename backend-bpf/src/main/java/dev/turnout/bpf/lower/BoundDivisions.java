package dev.turnout.bpf.lower;

import dev.turnout.ir.analysis.AddressInputs;
import dev.turnout.ir.analysis.Interval;
import dev.turnout.ir.analysis.IntervalAnalysis;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.UnaryOp;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says of the results of divisions how large they can be, where places in memory depend on them. Linux before 7.0 knows nothing
 * of a quotient or a remainder, whatever the divisor ("math between fp pointer and register with unbounded min value"). What
 * changes of the byte order give is unknown to it before 6.18; a comparison in 64 bits tells it (measured).
 *
 * <pre>
 * before: r = urem i64 x, 10; p = offset a, r      after: r = urem i64 x, 10; branch r &gt; 9 ? failing : on
 *                                                   on:    p = offset a, r
 * </pre>
 *
 * <p>The bounds are those of interval analysis, so that the way to {@code failing} is never taken; see {@link Draft#failing}.
 */
final class BoundDivisions {
    private final Function function;
    private final Draft draft;
    private final Held.Takers takers;
    private final boolean boundsSwaps;

    /** Made when first asked for: most functions divide nothing. */
    private @Nullable Held held;

    private @Nullable IntervalAnalysis intervals;
    private @Nullable Set<Value> places;

    private BoundDivisions(Function function, Held.Takers takers, boolean boundsSwaps) {
        this.function = function;
        this.draft = new Draft(function);
        this.takers = takers;
        this.boundsSwaps = boundsSwaps;
    }

    private Held held() {
        Held now = held == null ? Held.of(function, takers) : held;
        held = now;
        return now;
    }

    private IntervalAnalysis intervals() {
        IntervalAnalysis now = intervals == null ? IntervalAnalysis.of(function) : intervals;
        intervals = now;
        return now;
    }

    private Set<Value> places() {
        Set<Value> now = places == null ? AddressInputs.of(function) : places;
        places = now;
        return now;
    }

    static Function run(Function function, Held.Takers takers, TargetProfile target) {
        if (target == TargetProfile.VM) {
            return function;
        }
        BoundDivisions pass = new BoundDivisions(function, takers, target.has(TargetProfile.Feature.BOUNDED_SWAPS));
        for (Block block : function.blocks()) {
            pass.block(block);
        }
        return pass.draft.build();
    }

    private boolean hides(Operation op) {
        return switch (op) {
            case Operation.Binary binary ->
                switch (binary.op()) {
                    case UDIV, SDIV, UREM, SREM -> true;
                    case ADD, SUB, MUL, AND, OR, XOR, SHL, LSHR, ASHR -> false;
                };
            case Operation.Unary unary -> unary.op() == UnaryOp.BSWAP && !boundsSwaps;
            case Operation.Load load ->
                load.order() == ByteOrder.BIG && load.type() instanceof Type.Int && !boundsSwaps;
            default -> false; // All others are bounded by their operands, or not at all.
        };
    }

    private void block(Block block) {
        int at = block.label().index();
        int done = 0;
        for (int i = 0; i < block.insts().size(); i++) {
            Inst inst = block.insts().get(i);
            if (!hides(inst.op()) || !places().contains(inst.result())) {
                continue;
            }
            Interval known = intervals().at(inst.result(), block.label());
            Type.Int type = (Type.Int) inst.result().type();
            if (known.isEmpty() || known.high() == -1) {
                continue;
            }
            List<Inst> before = new ArrayList<>(block.insts().subList(done, i + 1));
            // A comparison in 32 bits would tell nothing of the 64.
            Value wide = type.equals(Type.Int.I64)
                    ? inst.result()
                    : draft.emit(before, new Operation.Convert(ConvertOp.ZEXT, inst.result(), Type.Int.I64), inst.at());
            Value limit = draft.emit(before, new Operation.Const(Type.Int.I64, known.high()), inst.at());
            Value beyond = draft.emit(before, new Operation.Compare(CompareOp.UGT, wide, limit), inst.at());
            Map<Value, Held.Release> given = held().at(block.label().index(), i + 1);
            Label rest = draft.add(
                    List.of(), block.insts().subList(i + 1, block.insts().size()), block.terminator(), block.at());
            draft.set(
                    at,
                    before,
                    new Terminator.Branch(
                            beyond, Target.to(draft.failing(given)), Target.to(rest), Terminator.Hint.UNLIKELY));
            at = rest.index();
            done = i + 1;
        }
    }
}
