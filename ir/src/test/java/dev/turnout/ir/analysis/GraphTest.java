package dev.turnout.ir.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.text.IrParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GraphTest {
    /** A graph by its edges: {@code "1 2|3|3|"} is a diamond. A block without successors returns. */
    private static ControlFlowGraph graph(String edges) {
        StringBuilder text = new StringBuilder("function @f -> void {\n");
        String[] rows = edges.split("\\|", -1);
        for (int i = 0; i < rows.length; i++) {
            String[] to = rows[i].isBlank() ? new String[0] : rows[i].trim().split(" ");
            text.append("b").append(i).append(i == 0 ? "(c: i8):\n" : ":\n");
            StringBuilder cases = new StringBuilder();
            for (int j = 0; j + 1 < to.length; j++) {
                cases.append(j == 0 ? "" : ", ").append(j).append(" => b").append(to[j]);
            }
            text.append(to.length == 0 ? "return\n" : "switch c [" + cases + "] else b" + to[to.length - 1] + "\n");
        }
        return ControlFlowGraph.of(IrParser.read(text + "}\n").functions().getFirst());
    }

    @Test
    void orderVisitsSourcesOfForwardEdgesFirst() {
        assertThat(graph("2 1|3|3|").order()).containsExactly(0, 2, 1, 3);
        assertThat(graph("1|2|1 3||0").order()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void edgesAreCounted() {
        assertThat(graph("1 1 2|2|").predecessors(1)).containsExactly(0, 0);
    }

    @Test
    void theJoinOfADiamondIsDominatedByItsHead() {
        DominatorTree tree = DominatorTree.of(graph("1 2|3|3|"));
        assertThat(List.of(tree.parent(1), tree.parent(2), tree.parent(3))).containsExactly(0, 0, 0);
        assertThat(tree.dominates(1, 3)).isFalse();
        assertThat(tree.dominates(0, 3)).isTrue();
    }

    @Test
    void nestedLoopsAreFoundWithTheirDepth() {
        ControlFlowGraph graph = graph("1|2 5|3|3 4|1|");
        LoopForest loops = LoopForest.of(graph, DominatorTree.of(graph));
        assertThat(loops.loops()).extracting(LoopForest.Loop::header).containsExactly(1, 3);
        assertThat(loops.loops().getFirst().blocks()).containsExactly(1, 2, 3, 4);
        assertThat(loops.depth(3)).isEqualTo(2);
        assertThat(loops.depth(5)).isZero();
        assertThat(loops.irreducible()).isFalse();
    }

    @Test
    void aCycleWithTwoEntriesIsNoLoop() {
        ControlFlowGraph graph = graph("1 2|2|1 3|");
        LoopForest loops = LoopForest.of(graph, DominatorTree.of(graph));
        assertThat(loops.loops()).isEmpty();
        assertThat(loops.irreducible()).isTrue();
    }

    @Test
    void dominanceIsThatOfTheDefinitionOnRandomGraphs() {
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            int count = 2 + random.nextInt(12);
            StringBuilder edges = new StringBuilder();
            for (int i = 0; i < count; i++) {
                edges.append(i == 0 ? "" : "|");
                for (int j = random.nextInt(4); j > 0; j--) {
                    edges.append(' ').append(1 + random.nextInt(count - 1));
                }
            }
            ControlFlowGraph graph = graph(edges.toString().replace("| ", "|").stripLeading());
            DominatorTree tree = DominatorTree.of(graph);
            for (int above = 0; above < count; above++) {
                List<Integer> without = reachableWithout(graph, above);
                for (int below = 0; below < count; below++) {
                    boolean expected = graph.isReachable(below) && graph.isReachable(above) && !without.contains(below);
                    assertThat(tree.dominates(above, below)).isEqualTo(expected);
                }
            }
        }
    }

    /** What the entry reaches when {@code removed} is taken out of the graph. */
    private static List<Integer> reachableWithout(ControlFlowGraph graph, int removed) {
        List<Integer> seen = new ArrayList<>();
        if (removed != 0) {
            seen.add(0);
        }
        for (int i = 0; i < seen.size(); i++) {
            for (int to : graph.successors(seen.get(i))) {
                if (to != removed && !seen.contains(to)) {
                    seen.add(to);
                }
            }
        }
        return seen;
    }
}
