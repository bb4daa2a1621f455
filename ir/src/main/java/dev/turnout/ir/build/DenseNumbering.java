package dev.turnout.ir.build;

import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Drops blocks that control cannot reach and numbers labels and values densely in the order of the text, which is the
 * order of the blocks given: so equal programs print equally, whatever made them.
 */
public final class DenseNumbering {
    private final Map<Label, Label> labels = new HashMap<>();
    private final Map<Integer, Value> values = new HashMap<>();

    private DenseNumbering() {}

    /** The function, compacted. */
    public static Function of(Function function) {
        return function.withBlocks(of(function.blocks()));
    }

    /**
     * The blocks, compacted.
     *
     * @param blocks the entry first; labels may be any numbers, each used once; values likewise
     * @throws IllegalArgumentException if a block that is reached is not among them, or a value in use has no definition
     */
    public static List<Block> of(List<Block> blocks) {
        return compact(reachable(blocks));
    }

    static List<Block> reachable(List<Block> blocks) {
        Map<Label, Block> byLabel = HashMap.newHashMap(blocks.size());
        for (Block block : blocks) {
            if (byLabel.put(block.label(), block) != null) {
                throw new IllegalArgumentException("two blocks are called " + block.label());
            }
        }
        Map<Label, Block> reached = HashMap.newHashMap(blocks.size());
        Deque<Block> work = new ArrayDeque<>();
        reached.put(blocks.getFirst().label(), blocks.getFirst());
        work.add(blocks.getFirst());
        while (!work.isEmpty()) {
            for (Target target : work.remove().terminator().targets()) {
                Block next = byLabel.get(target.block());
                if (next == null) {
                    throw new IllegalArgumentException("no block " + target.block());
                }
                if (reached.put(next.label(), next) == null) {
                    work.add(next);
                }
            }
        }
        List<Block> kept = new ArrayList<>(reached.size());
        for (Block block : blocks) {
            if (reached.containsKey(block.label())) {
                kept.add(block);
            }
        }
        return kept;
    }

    static List<Block> compact(List<Block> blocks) {
        return new DenseNumbering().renumber(blocks);
    }

    private List<Block> renumber(List<Block> blocks) {
        for (Block block : blocks) {
            labels.put(block.label(), new Label(labels.size()));
            block.parameters().forEach(this::define);
            for (Inst inst : block.insts()) {
                define(inst.result());
            }
        }
        List<Block> renamed = new ArrayList<>(blocks.size());
        for (Block block : blocks) {
            renamed.add(rename(block));
        }
        return renamed;
    }

    private void define(Value value) {
        if (values.put(value.index(), new Value(values.size(), value.type())) != null) {
            throw new IllegalArgumentException(value + " is defined twice");
        }
    }

    private Block rename(Block block) {
        List<Value> parameters = new ArrayList<>(block.parameters().size());
        for (Value parameter : block.parameters()) {
            parameters.add(renamed(parameter));
        }
        List<Inst> insts = new ArrayList<>(block.insts().size());
        for (Inst inst : block.insts()) {
            insts.add(new Inst(renamed(inst.result()), inst.op().map(this::renamed), inst.at()));
        }
        Terminator terminator = block.terminator()
                .map(this::renamed, target -> target.map(this::renamed).retargeted(renamed(target.block())));
        return new Block(renamed(block.label()), parameters, insts, terminator, block.at());
    }

    private Label renamed(Label label) {
        Label to = labels.get(label);
        if (to == null) {
            throw new IllegalArgumentException("no block " + label);
        }
        return to;
    }

    private Value renamed(Value value) {
        Value to = values.get(value.index());
        if (to == null) {
            throw new IllegalArgumentException(value + " has no definition that control can reach");
        }
        return to;
    }
}
