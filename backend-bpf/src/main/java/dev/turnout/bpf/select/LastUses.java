package dev.turnout.bpf.select;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Value;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which operand an operation is the last to read. An operation of two addresses overwrites its first operand; if nothing
 * reads that operand later, in this round or the next, no copy of it is needed.
 *
 * <pre>
 * b1 = b0 + w        w is read here for the last time: computed in the register of w or of b0
 * c1 = c0 + b1       b1 is read again: only c0 may be overwritten
 * b2 = b1 - a1       now b1 may
 * </pre>
 *
 * <p>Values that stand in one register are one here: other names of a value, numbers whose width changes without an
 * instruction, addresses with a constant that moves into the access. Where selection gives one of them a register of its own
 * after all, an operand is believed to live longer than it does, which costs a copy and nothing else.
 *
 * <p>Liveness on bit sets, one pass over the blocks for each nesting of loops; blocks times values bits of memory.
 */
final class LastUses {
    private static final int NONE = -1;

    private final ValueUses uses;
    private final int[] carrier;
    private final int[] first;
    private final int[] second;
    private final BitSet[] liveIn;
    private final BitSet[] liveOut;

    private LastUses(ValueUses uses, int values, int blocks) {
        this.uses = uses;
        this.carrier = new int[values];
        this.first = new int[values];
        this.second = new int[values];
        this.liveIn = new BitSet[blocks];
        this.liveOut = new BitSet[blocks];
        Arrays.fill(first, NONE);
        Arrays.fill(second, NONE);
        for (int b = 0; b < blocks; b++) {
            liveIn[b] = new BitSet();
            liveOut[b] = new BitSet();
        }
    }

    /**
     * Looks at a function.
     *
     * @param late instructions that are selected behind all others of their block
     */
    static LastUses of(Function function, ControlFlowGraph graph, ValueUses uses, Predicate<Inst> late) {
        LastUses all =
                new LastUses(uses, function.valueCount(), function.blocks().size());
        all.carriers(function, graph);
        int[] order = graph.order();
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = order.length - 1; i >= 0; i--) {
                Block block = function.blocks().get(order[i]);
                BitSet out = all.out(function, block);
                all.liveOut[order[i]] = out;
                BitSet in = all.through(block, (BitSet) out.clone(), late, false);
                if (!in.equals(all.liveIn[order[i]])) {
                    all.liveIn[order[i]] = in;
                    changed = true;
                }
            }
        }
        for (int at : order) {
            all.through(function.blocks().get(at), (BitSet) all.liveOut[at].clone(), late, true);
        }
        return all;
    }

    private void carriers(Function function, ControlFlowGraph graph) {
        Arrays.setAll(carrier, i -> i);
        for (int at : graph.order()) {
            Block block = function.blocks().get(at);
            for (Inst inst : block.insts()) {
                Value in = switch (inst.op()) {
                    case Operation.Convert convert when convert.op() != ConvertOp.SEXT -> convert.a();
                    case Operation.Offset offset when uses.constant(offset.index()) != null -> offset.base();
                    default -> null;
                };
                if (in != null) {
                    carrier[inst.result().index()] = carrier(in);
                }
            }
            if (block.terminator() instanceof Terminator.Checked checked && uses.constant(checked.offset()) != null) {
                Block ok = function.block(checked.ok().block());
                if (graph.predecessors(ok.label().index()).length == 1) {
                    carrier[ok.parameters().getFirst().index()] = carrier(checked.base());
                }
            }
        }
    }

    private int carrier(Value value) {
        return carrier[uses.root(value).index()];
    }

    /** What is read behind a block: by its successors, and by the copies into their parameters. */
    private BitSet out(Function function, Block block) {
        BitSet live = new BitSet();
        for (Target target : block.terminator().targets()) {
            BitSet next = (BitSet) liveIn[target.block().index()].clone();
            for (Value parameter : function.block(target.block()).parameters()) {
                if (!uses.isPassedThrough(parameter) && carrier[parameter.index()] == parameter.index()) {
                    next.clear(parameter.index());
                }
            }
            live.or(next);
        }
        for (Target target : block.terminator().targets()) {
            for (Value argument : target.arguments()) {
                live.set(carrier(argument));
            }
        }
        return live;
    }

    /** What is read in a block or behind it; if {@code noting}, also which operand each operation reads last. */
    private BitSet through(Block block, BitSet live, Predicate<Inst> late, boolean noting) {
        for (Value value : block.terminator().operands()) {
            live.set(carrier(value));
        }
        List<Inst> insts = block.insts();
        for (int turn = 0; turn < 2; turn++) {
            for (int i = insts.size() - 1; i >= 0; i--) {
                Inst inst = insts.get(i);
                if (late.test(inst) == (turn == 0)) {
                    step(inst, live, noting);
                }
            }
        }
        return live;
    }

    private void step(Inst inst, BitSet live, boolean noting) {
        int result = inst.result().index();
        if (carrier[result] == result) {
            live.clear(result);
        }
        for (Value value : inst.op().operands()) {
            int at = carrier(value);
            if (noting && !live.get(at)) {
                if (first[result] == NONE) {
                    first[result] = at;
                } else {
                    second[result] = at;
                }
            }
        }
        for (Value value : inst.op().operands()) {
            live.set(carrier(value));
        }
    }

    /** Whether nothing reads {@code operand} after the operation that gives {@code result}. */
    boolean ends(Value operand, Value result) {
        int at = carrier(operand);
        return first[result.index()] == at || second[result.index()] == at;
    }

    /** Whether nothing reads {@code value} behind the terminator of a block. */
    boolean endsWith(int block, Value value) {
        return !liveOut[block].get(carrier(value));
    }
}
