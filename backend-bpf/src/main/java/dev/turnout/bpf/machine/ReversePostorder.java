package dev.turnout.bpf.machine;

/** The reachable blocks of a machine function, each before its successors as far as cycles allow, the entry first. */
public final class ReversePostorder {
    private ReversePostorder() {}

    /** Depth first with a stack of its own: a function may have more blocks than the thread's stack has room for. */
    public static int[] of(MachineFunction function) {
        int count = function.blocks().size();
        int[][] successors = new int[count][];
        int[] left = new int[count];
        boolean[] seen = new boolean[count];
        int[] stack = new int[count];
        int[] postorder = new int[count];
        int depth = 0;
        int done = 0;
        stack[depth++] = 0;
        seen[0] = true;
        successors[0] = function.block(0).end().successors();
        left[0] = successors[0].length;
        while (depth > 0) {
            int at = stack[depth - 1];
            if (left[at] == 0) {
                postorder[done++] = at;
                depth--;
                continue;
            }
            int to = successors[at][--left[at]];
            if (!seen[to]) {
                seen[to] = true;
                successors[to] = function.block(to).end().successors();
                left[to] = successors[to].length;
                stack[depth++] = to;
            }
        }
        int[] order = new int[done];
        for (int i = 0; i < done; i++) {
            order[i] = postorder[done - 1 - i];
        }
        return order;
    }
}
