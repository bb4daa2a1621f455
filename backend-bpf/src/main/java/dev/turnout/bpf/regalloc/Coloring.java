package dev.turnout.bpf.regalloc;

import static dev.turnout.bpf.machine.MachineFunction.FIRST_VIRTUAL;

import java.util.Arrays;

/**
 * One round of iterated register coalescing: removes nodes of low degree, joins the ends of moves where that is safe (after
 * Briggs: the joined node has fewer than ten neighbours of high degree; after George: every neighbour of one end already
 * interferes with the other or has low degree), gives up moves, and picks what to spill, until no node is left; then
 * colours in the reverse order. What gets no colour is spilled by the caller, who then tries again.
 */
final class Coloring {
    /** r0 to r9. */
    private static final int COLORS = 10;

    /** Registers lost over calls first, so that the others stay free for what lives over one. */
    private static final int[] PREFERENCE = {1, 2, 3, 4, 5, 0, 6, 7, 8, 9};

    private enum State {
        FIXED,
        SIMPLIFY,
        FREEZE,
        SPILL,
        STACKED,
        COALESCED
    }

    private final InterferenceGraph graph;
    private final State[] state;
    private final int[] alias;
    private final int[] color;
    private final double[] cost;
    private final boolean[] repeatable;
    private final boolean[] moveDone;
    /** Moves that may be tried, heaviest first. */
    private final int[] moveOrder;

    private final int[] moveRank;
    private final boolean[] moveReady;
    private int readyFrom;
    private final IntList simplify = new IntList();
    private final IntList freeze = new IntList();
    private final IntList spill = new IntList();
    private final IntList stack = new IntList();
    private final IntList uncolored = new IntList();

    Coloring(InterferenceGraph graph, boolean[] unspillable) {
        this.graph = graph;
        int count = graph.count;
        state = new State[count];
        alias = new int[count];
        color = new int[count];
        cost = graph.cost.clone();
        repeatable = graph.repeatable.clone();
        int moves = graph.moveDst.size();
        moveDone = new boolean[moves];
        moveReady = new boolean[moves];
        Arrays.fill(moveReady, true);
        Integer[] order = new Integer[moves];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(graph.moveWeight[b], graph.moveWeight[a]));
        moveOrder = new int[moves];
        moveRank = new int[moves];
        for (int i = 0; i < moves; i++) {
            moveOrder[i] = order[i];
            moveRank[order[i]] = i;
        }
        for (int r = 0; r < count; r++) {
            alias[r] = r;
            color[r] = r < FIRST_VIRTUAL ? r : -1;
            if (r < unspillable.length && unspillable[r]) {
                cost[r] = Double.POSITIVE_INFINITY;
            }
        }
        for (int r = 0; r < count; r++) {
            if (r < FIRST_VIRTUAL) {
                state[r] = State.FIXED;
            } else {
                classify(r);
            }
        }
    }

    private void classify(int node) {
        if (graph.degree[node] >= COLORS) {
            state[node] = State.SPILL;
            spill.add(node);
        } else if (hasMoves(node)) {
            state[node] = State.FREEZE;
            freeze.add(node);
        } else {
            state[node] = State.SIMPLIFY;
            simplify.add(node);
        }
    }

    private boolean hasMoves(int node) {
        IntList moves = graph.movesOf[node];
        for (int i = 0; i < moves.size(); i++) {
            if (!moveDone[moves.at(i)]) {
                return true;
            }
        }
        return false;
    }

    /** Nodes without a colour, by representative; empty if all have one. */
    IntList run() {
        while (true) {
            int node = take(simplify, State.SIMPLIFY);
            if (node >= 0) {
                push(node);
            } else if (!coalesceOne()) {
                node = take(freeze, State.FREEZE);
                node = node >= 0 ? node : cheapest();
                if (node < 0) {
                    break;
                }
                state[node] = State.SIMPLIFY;
                simplify.add(node);
                giveUpMoves(node);
            }
        }
        assign();
        return uncolored;
    }

    /** The lists keep nodes that have moved on; the state says which entry counts. */
    private int take(IntList list, State wanted) {
        while (!list.isEmpty()) {
            int node = list.pop();
            if (state[node] == wanted) {
                return node;
            }
        }
        return -1;
    }

    private int cheapest() {
        int best = -1;
        double least = 0;
        for (int i = spill.size() - 1; i >= 0; i--) {
            int node = spill.at(i);
            if (state[node] != State.SPILL) {
                spill.takeOut(i);
                continue;
            }
            // Computing again costs less than memory, so such a node goes first.
            double price = cost[node] * (repeatable[node] ? 0.4 : 1) / graph.degree[node];
            if (best < 0 || price < least || (price == least && node < best)) {
                best = node;
                least = price;
            }
        }
        return best;
    }

    private void push(int node) {
        state[node] = State.STACKED;
        stack.add(node);
        IntList all = graph.neighbours[node];
        for (int i = 0; i < all.size(); i++) {
            lower(all.at(i));
        }
    }

    private boolean present(int node) {
        return state[node] != State.STACKED && state[node] != State.COALESCED;
    }

    private void lower(int node) {
        if (state[node] == State.FIXED || !present(node)) {
            return;
        }
        if (graph.degree[node]-- == COLORS) {
            enableMoves(node);
            IntList all = graph.neighbours[node];
            for (int i = 0; i < all.size(); i++) {
                if (present(all.at(i))) {
                    enableMoves(all.at(i));
                }
            }
            if (hasMoves(node)) {
                state[node] = State.FREEZE;
                freeze.add(node);
            } else {
                state[node] = State.SIMPLIFY;
                simplify.add(node);
            }
        }
    }

    private void enableMoves(int node) {
        if (state[node] == State.FIXED) {
            return; // their moves are enabled from the other end, and they have too many
        }
        IntList moves = graph.movesOf[node];
        for (int i = 0; i < moves.size(); i++) {
            int move = moves.at(i);
            if (!moveDone[move] && !moveReady[move]) {
                moveReady[move] = true;
                readyFrom = Math.min(readyFrom, moveRank[move]);
            }
        }
    }

    private int find(int node) {
        int at = node;
        while (alias[at] != at) {
            at = alias[at];
        }
        return at;
    }

    /** Tries the heaviest move that is ready; whether there was one. */
    private boolean coalesceOne() {
        for (; readyFrom < moveOrder.length; readyFrom++) {
            int move = moveOrder[readyFrom];
            if (moveDone[move] || !moveReady[move]) {
                continue;
            }
            moveReady[move] = false;
            int x = find(graph.moveDst.at(move));
            int y = find(graph.moveSrc.at(move));
            int u = y < FIRST_VIRTUAL ? y : x;
            int v = y < FIRST_VIRTUAL ? x : y;
            if (u == v) {
                moveDone[move] = true;
                settle(u);
            } else if (v < FIRST_VIRTUAL || graph.edges.contains(u, v)) {
                moveDone[move] = true;
                settle(u);
                settle(v);
            } else if (u < FIRST_VIRTUAL ? george(v, u) : briggs(u, v) || george(v, u) || george(u, v)) {
                moveDone[move] = true;
                combine(u, v);
                settle(u);
            }
            return true;
        }
        return false;
    }

    /** A node that has lost its last move may be simplified. */
    private void settle(int node) {
        if (state[node] == State.FREEZE && graph.degree[node] < COLORS && !hasMoves(node)) {
            state[node] = State.SIMPLIFY;
            simplify.add(node);
        }
    }

    private boolean george(int v, int u) {
        IntList all = graph.neighbours[v];
        for (int i = 0; i < all.size(); i++) {
            int other = all.at(i);
            if (present(other)
                    && graph.degree[other] >= COLORS
                    && !(state[other] == State.FIXED && u < FIRST_VIRTUAL)
                    && !graph.edges.contains(other, u)) {
                return false;
            }
        }
        return true;
    }

    private boolean briggs(int u, int v) {
        int high = 0;
        IntList all = graph.neighbours[u];
        for (int i = 0; i < all.size(); i++) {
            int other = all.at(i);
            if (present(other)) {
                // A neighbour of both loses one edge by the join.
                int degree = graph.degree[other] - (graph.edges.contains(other, v) ? 1 : 0);
                high += degree >= COLORS ? 1 : 0;
            }
        }
        all = graph.neighbours[v];
        for (int i = 0; i < all.size(); i++) {
            int other = all.at(i);
            if (present(other) && graph.degree[other] >= COLORS && !graph.edges.contains(other, u)) {
                high++;
            }
        }
        return high < COLORS;
    }

    private void combine(int u, int v) {
        state[v] = State.COALESCED;
        alias[v] = u;
        graph.movesOf[u].addAll(graph.movesOf[v]);
        cost[u] += cost[v];
        repeatable[u] = false;
        enableMoves(v);
        IntList all = graph.neighbours[v];
        for (int i = 0; i < all.size(); i++) {
            int other = all.at(i);
            if (present(other)) {
                graph.join(other, u);
                lower(other);
            }
        }
        if (graph.degree[u] >= COLORS && state[u] == State.FREEZE) {
            state[u] = State.SPILL;
            spill.add(u);
        }
    }

    private void giveUpMoves(int node) {
        IntList moves = graph.movesOf[node];
        for (int i = 0; i < moves.size(); i++) {
            int move = moves.at(i);
            if (!moveDone[move]) {
                moveDone[move] = true;
                int x = find(graph.moveDst.at(move));
                int y = find(graph.moveSrc.at(move));
                settle(x == find(node) ? y : x);
            }
        }
    }

    private void assign() {
        while (!stack.isEmpty()) {
            int node = stack.pop();
            int taken = 0;
            IntList all = graph.neighbours[node];
            for (int i = 0; i < all.size(); i++) {
                int its = color[find(all.at(i))];
                if (its >= 0) {
                    taken |= 1 << its;
                }
            }
            int chosen = choose(node, taken);
            if (chosen < 0) {
                uncolored.add(node);
            }
            color[node] = chosen;
        }
        for (int r = FIRST_VIRTUAL; r < graph.count; r++) {
            color[r] = color[find(r)];
        }
    }

    /** The colour of the other end of a move that was given up, if it is free: the move goes all the same. */
    private int choose(int node, int taken) {
        IntList moves = graph.movesOf[node];
        int best = -1;
        double most = 0;
        for (int i = 0; i < moves.size(); i++) {
            int move = moves.at(i);
            int x = find(graph.moveDst.at(move));
            int other = x == node ? find(graph.moveSrc.at(move)) : x;
            int its = color[other];
            if (its >= 0 && its < COLORS && (taken >>> its & 1) == 0 && graph.moveWeight[move] > most) {
                best = its;
                most = graph.moveWeight[move];
            }
        }
        if (best >= 0) {
            return best;
        }
        for (int candidate : PREFERENCE) {
            if ((taken >>> candidate & 1) == 0) {
                return candidate;
            }
        }
        return -1;
    }

    /** The representative of the node that {@code register} has become part of. */
    int representative(int register) {
        return find(register);
    }

    /** By register; -1 where there is none. */
    int[] colors() {
        return color;
    }
}
