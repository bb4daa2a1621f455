package dev.turnout.bpf.select;

import dev.turnout.ir.analysis.Interval;
import dev.turnout.ir.analysis.IntervalAnalysis;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.UnaryOp;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Bounds of numbers that a verifier finds out, too: interval analysis of a function in which those results are hidden that
 * some kernels know nothing about. Linux bounds what divisions give since 7.0, and what changes of the byte order give since
 * 6.18 (measured). Loops that were made to converge start with hidden numbers in the function already.
 */
final class PlainRanges {
    private final IntervalAnalysis intervals;

    private PlainRanges(IntervalAnalysis intervals) {
        this.intervals = intervals;
    }

    static PlainRanges of(Function function) {
        int next = function.valueCount();
        List<Block> blocks = new ArrayList<>(function.blocks().size());
        boolean changed = false;
        for (Block block : function.blocks()) {
            List<Inst> insts = new ArrayList<>(block.insts().size());
            for (Inst inst : block.insts()) {
                if (unknown(inst.op())) {
                    Value known = new Value(next++, inst.result().type());
                    insts.add(new Inst(known, inst.op(), inst.at()));
                    insts.add(new Inst(inst.result(), new Operation.Opaque(known), inst.at()));
                    changed = true;
                } else {
                    insts.add(inst);
                }
            }
            blocks.add(new Block(block.label(), block.parameters(), insts, block.terminator(), block.at()));
        }
        return new PlainRanges(IntervalAnalysis.of(changed ? function.withBlocks(blocks) : function));
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

    /** The largest that a number can be in a block, unsigned; all ones if control does not come there. */
    long high(Value value, int block) {
        Interval found = intervals.at(value, new Label(block));
        return found.isEmpty() ? -1 : found.high();
    }
}
