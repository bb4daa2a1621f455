package dev.turnout.bpf.merge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TypeClassesTest {
    private static int[] divide(int[] labels, int[]... successors) {
        return TypeClasses.of(labels, successors);
    }

    @Test
    void nodes_of_one_label_and_like_successors_are_one() {
        int[] classes = divide(
                new int[] {0, 0, 1, 1, 2}, new int[] {2}, new int[] {3}, new int[] {4}, new int[] {4}, new int[] {});
        assertThat(classes[0]).isEqualTo(classes[1]);
        assertThat(classes[2]).isEqualTo(classes[3]).isNotEqualTo(classes[0]);
    }

    @Test
    void the_order_of_successors_counts() {
        int[] classes = divide(new int[] {0, 0, 1, 2}, new int[] {2, 3}, new int[] {3, 2}, new int[] {}, new int[] {});
        assertThat(classes[0]).isNotEqualTo(classes[1]);
    }

    @Test
    void lists_that_lead_to_themselves_are_one_whatever_the_length_of_the_circle() {
        // A struct that points to itself, and two that point to each other.
        int[] classes = divide(new int[] {0, 0, 0}, new int[] {0}, new int[] {2}, new int[] {1});
        assertThat(classes).containsOnly(classes[0]);
    }

    @Test
    void one_end_that_differs_tells_whole_chains_apart() {
        int length = 2_000;
        int[] labels = new int[2 * length];
        labels[length - 1] = 1;
        labels[2 * length - 1] = 2;
        int[][] edges = new int[2 * length][];
        for (int i = 0; i < labels.length; i++) {
            edges[i] = i % length == length - 1 ? new int[0] : new int[] {i + 1};
        }
        int[] classes = TypeClasses.of(labels, edges);
        for (int i = 0; i < length; i++) {
            assertThat(classes[i]).isNotEqualTo(classes[length + i]);
        }
    }

    @Test
    void drawn_graphs_are_divided_as_by_comparing_all_pairs() {
        Random random = new Random(11);
        for (int round = 0; round < 300; round++) {
            int count = 1 + random.nextInt(12);
            int[] labels = new int[count];
            int[][] edges = new int[count][];
            for (int i = 0; i < count; i++) {
                labels[i] = i == 0 ? 0 : random.nextInt(Math.min(i + 1, 2));
                edges[i] = random.ints(random.nextInt(3), 0, count).toArray();
            }
            int[] classes = TypeClasses.of(labels, edges);
            boolean[][] apart = apart(labels, edges);
            for (int i = 0; i < count; i++) {
                for (int j = 0; j < count; j++) {
                    assertThat(classes[i] != classes[j])
                            .as("round %d, %d and %d", round, i, j)
                            .isEqualTo(apart[i][j]);
                }
            }
        }
    }

    /** The slow way: two nodes are apart if their labels are, or some pair of their successors. */
    private static boolean[][] apart(int[] labels, int[][] edges) {
        int count = labels.length;
        boolean[][] apart = new boolean[count][count];
        List<int[]> found = new ArrayList<>();
        do {
            found.clear();
            for (int i = 0; i < count; i++) {
                for (int j = 0; j < count; j++) {
                    boolean differ = labels[i] != labels[j] || edges[i].length != edges[j].length;
                    for (int k = 0; !differ && k < edges[i].length; k++) {
                        differ = apart[edges[i][k]][edges[j][k]];
                    }
                    if (differ && !apart[i][j]) {
                        found.add(new int[] {i, j});
                    }
                }
            }
            found.forEach(pair -> apart[pair[0]][pair[1]] = true);
        } while (!found.isEmpty());
        return apart;
    }
}
