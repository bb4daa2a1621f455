package dev.turnout.bpf.lower;

import dev.turnout.ir.analysis.Interval;
import dev.turnout.ir.analysis.IntervalAnalysis;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.UnaryOp;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Bounds of numbers that Linux's verifier finds out, too: interval analysis of a function in which is hidden what some kernels
 * know nothing about. Linux bounds what divisions give since 7.0, and what changes of the byte order give since 6.18 (measured).
 * A bound in a register is lost where a loop converges, for the register is compared, gets another range in each round, and
 * is then forgotten; so only comparisons with constants count. Loops that were made to converge start with hidden numbers.
 */
public final class PlainRanges {
    private final IntervalAnalysis intervals;

    private PlainRanges(IntervalAnalysis intervals) {
        this.intervals = intervals;
    }

    public static PlainRanges of(Function function) {
        Set<Value> constants = new HashSet<>();
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (inst.op() instanceof Operation.Const) {
                    constants.add(inst.result());
                }
            }
        }
        Draft draft = new Draft(function);
        for (Block block : function.blocks()) {
            List<Inst> insts = new ArrayList<>(block.insts().size());
            for (Inst inst : block.insts()) {
                if (unknown(inst.op())) {
                    Value known = draft.emit(insts, inst.op(), inst.at());
                    insts.add(new Inst(inst.result(), new Operation.Opaque(known), inst.at()));
                } else if (inst.op() instanceof Operation.Compare compare
                        && compare.a().type() instanceof Type.Int
                        && (equality(compare.op())
                                || (!constants.contains(compare.a()) && !constants.contains(compare.b())))) {
                    Value a = draft.emit(insts, new Operation.Opaque(compare.a()), inst.at());
                    Value b = draft.emit(insts, new Operation.Opaque(compare.b()), inst.at());
                    insts.add(new Inst(inst.result(), new Operation.Compare(compare.op(), a, b), inst.at()));
                } else {
                    insts.add(inst);
                }
            }
            if (insts.size() > block.insts().size()) {
                draft.set(block.label().index(), insts, block.terminator());
            }
        }
        return new PlainRanges(IntervalAnalysis.of(draft.build()));
    }

    /** What is unequal to the end of its range is in a smaller one; but Linux 6.12 forgets it where loops converge (measured). */
    private static boolean equality(CompareOp op) {
        return op == CompareOp.EQ || op == CompareOp.NE;
    }

    private static boolean unknown(Operation op) {
        return switch (op) {
            case Operation.Binary binary ->
                binary.op() == BinaryOp.UDIV
                        || binary.op() == BinaryOp.SDIV
                        || binary.op() == BinaryOp.UREM
                        || binary.op() == BinaryOp.SREM;
            case Operation.Unary unary -> unary.op() == UnaryOp.BSWAP;
            case Operation.Load load -> load.type() instanceof Type.Int && load.order() == ByteOrder.BIG;
            default -> false; // All others are bounded by their operands, or not at all.
        };
    }

    /** What a number can be in a block. */
    Interval at(Value value, Label block) {
        return intervals.at(value, block);
    }

    /** The largest that a number can be in a block, unsigned; all ones if control does not come there. */
    public long high(Value value, int block) {
        Interval found = at(value, new Label(block));
        return found.isEmpty() ? -1 : found.high();
    }
}
