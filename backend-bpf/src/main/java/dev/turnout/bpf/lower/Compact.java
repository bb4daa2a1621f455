package dev.turnout.bpf.lower;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Label;
import java.util.ArrayList;
import java.util.List;

/** A function without the blocks that control does not come to; the others keep their order. Linear. */
final class Compact {
    private Compact() {}

    static Function run(Function function) {
        ControlFlowGraph graph = ControlFlowGraph.of(function);
        int[] moved = new int[function.blocks().size()];
        int count = 0;
        for (int i = 0; i < moved.length; i++) {
            moved[i] = graph.isReachable(i) ? count++ : -1;
        }
        List<Block> blocks = new ArrayList<>(count);
        for (Block block : function.blocks()) {
            if (graph.isReachable(block.label().index())) {
                blocks.add(new Block(
                        new Label(moved[block.label().index()]),
                        block.parameters(),
                        block.insts(),
                        block.terminator()
                                .map(
                                        value -> value,
                                        target -> target.retargeted(
                                                new Label(moved[target.block().index()]))),
                        block.at()));
            }
        }
        return function.withBlocks(blocks);
    }
}
