package dev.turnout.ir.pass;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.analysis.DominatorTree;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.UnaryOp;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns slots into values. Where ways with different contents meet, the block gets a parameter.
 *
 * <pre>
 * b0(v0: i32):                            b0(v0: i32):
 *     v1 = slot 4 align 4 "n"                 v1 = slot 4 align 4 "n"
 *     store i32 v0 to v1                      v2 = const i32 3
 *     v3 = load i32 v1                        v3 = ult i32 v0, v2
 *     v4 = const i32 3                        branch v3 ? b1 : b2(v0)
 *     v5 = ult i32 v3, v4                 b1:
 *     branch v5 ? b1 : b2         =>          jump b2(v2)
 * b1:                                     b2(v4: i32):
 *     store i32 v4 to v1                      return v4
 *     jump b2
 * b2:
 *     v7 = load i32 v1
 *     return v7
 * </pre>
 *
 * <p>A slot of several fields is split: it is a variable for each piece that is always accessed as a whole, by loads and
 * stores at constant offsets. Pieces that overlap others of another extent or type stay in memory, and so does a slot whose
 * address goes anywhere else. A byte order that varies between the accesses of a piece becomes {@code bswap}s; one that does
 * not vary is no matter. Contents that were never stored are 0: undefined is anything, and 0 is the same in every run.
 *
 * <p>Parameters are placed at the iterated dominance frontier of the stores, where the variable is live (Cytron and others,
 * "Efficiently Computing Static Single Assignment Form and the Control Dependence Graph", 1991; pruned). Linear in the
 * function but for the frontiers; variables times blocks of memory.
 */
public final class ConstructSsa {
    private final Draft draft;
    private final ControlFlowGraph graph;
    private final DominatorTree tree;
    private final List<Variable> variables;
    private final Pieces pieces;

    /** What each variable is at the end of each block. */
    private final @Nullable Value[][] atEnd;

    /** The parameter of each block that a variable became; null if none. */
    private final @Nullable Value[][] parameter;

    /** Zeros for what was never stored; they will stand at the top of the entry. */
    private final List<Inst> zeros = new ArrayList<>();

    /** A piece of a slot that becomes values. */
    record Variable(int number, Type type, boolean mixedOrder) {}

    private ConstructSsa(Function function, Pieces pieces) {
        draft = new Draft(function);
        graph = ControlFlowGraph.of(function);
        tree = DominatorTree.of(graph);
        this.pieces = pieces;
        variables = pieces.variables();
        atEnd = new Value[function.blocks().size()][];
        parameter = new Value[function.blocks().size()][variables.size()];
    }

    public static Function run(Function function) {
        Pieces pieces = Pieces.of(function);
        if (pieces.variables().isEmpty()) {
            return function;
        }
        return new ConstructSsa(function, pieces).run();
    }

    private Function run() {
        placeParameters();
        for (int block : graph.order()) {
            rename(draft.block(block));
        }
        for (int block : graph.order()) {
            passArguments(draft.block(block));
        }
        draft.block(0).insts.addAll(0, zeros);
        return draft.freeze();
    }

    private void placeParameters() {
        int blocks = draft.size();
        boolean[][] live = liveIn();
        int[][] frontier = frontier();
        int[] work = new int[blocks];
        int[] seen = new int[blocks];
        for (Variable variable : variables) {
            int number = variable.number();
            int depth = 0;
            // A block is put on the list once a variable: marks are the variable's number + 1.
            for (int block : graph.order()) {
                if (pieces.stores(block, number)) {
                    seen[block] = number + 1;
                    work[depth++] = block;
                }
            }
            while (depth > 0) {
                for (int join : frontier[work[--depth]]) {
                    if (parameter[join][number] == null && live[number][join]) {
                        Value value = draft.fresh(variable.type());
                        parameter[join][number] = value;
                        draft.block(join).parameters.add(value);
                        if (seen[join] != number + 1) {
                            seen[join] = number + 1;
                            work[depth++] = join;
                        }
                    }
                }
            }
        }
    }

    /** For each variable, the blocks at whose beginning it will still be read. */
    private boolean[][] liveIn() {
        boolean[][] live = new boolean[variables.size()][draft.size()];
        int[] work = new int[draft.size()];
        for (Variable variable : variables) {
            boolean[] row = live[variable.number()];
            int depth = 0;
            for (int block : graph.order()) {
                if (pieces.readsFirst(block, variable.number())) {
                    row[block] = true;
                    work[depth++] = block;
                }
            }
            while (depth > 0) {
                for (int from : graph.predecessors(work[--depth])) {
                    if (graph.isReachable(from) && !row[from] && !pieces.stores(from, variable.number())) {
                        row[from] = true;
                        work[depth++] = from;
                    }
                }
            }
        }
        return live;
    }

    /** For each block, the joins where its dominance ends (Cooper, Harvey, Kennedy, figure 5). */
    private int[][] frontier() {
        List<List<Integer>> found = new ArrayList<>(draft.size());
        for (int i = 0; i < draft.size(); i++) {
            found.add(new ArrayList<>(0));
        }
        for (int join : graph.order()) {
            if (graph.predecessors(join).length < 2) {
                continue;
            }
            for (int from : graph.predecessors(join)) {
                int at = graph.isReachable(from) ? from : -1;
                while (at >= 0 && at != tree.parent(join)) {
                    List<Integer> row = found.get(at);
                    if (row.isEmpty() || row.getLast() != join) {
                        row.add(join);
                    }
                    at = tree.parent(at);
                }
            }
        }
        int[][] frontier = new int[draft.size()][];
        for (int i = 0; i < frontier.length; i++) {
            frontier[i] = found.get(i).stream().mapToInt(Integer::intValue).toArray();
        }
        return frontier;
    }

    private void rename(Draft.DraftBlock block) {
        int above = tree.parent(block.index);
        @Nullable Value[] now = above < 0 ? new Value[variables.size()] : atEnd[above].clone();
        for (int i = 0; i < now.length; i++) {
            Value own = parameter[block.index][i];
            now[i] = own == null ? now[i] : own;
        }
        List<Inst> kept = new ArrayList<>(block.insts.size());
        for (Inst inst : block.insts) {
            Variable variable = pieces.variable(inst);
            switch (inst.op()) {
                case Operation.Load load
                when variable != null -> {
                    Value value = now[variable.number()];
                    if (value == null) {
                        value = undefined(variable);
                        now[variable.number()] = value;
                    }
                    draft.replace(inst.result(), ordered(value, variable, load.order(), kept, inst.at()));
                }
                case Operation.Store store
                when variable != null ->
                    now[variable.number()] =
                            ordered(draft.resolve(store.value()), variable, store.order(), kept, inst.at());
                default -> kept.add(inst);
            }
        }
        block.insts = kept;
        atEnd[block.index] = now;
    }

    /** The number as the other side sees it: a variable of mixed order is kept as little-endian memory would have it. */
    private Value ordered(Value value, Variable variable, ByteOrder order, List<Inst> to, Location at) {
        if (!variable.mixedOrder() || order == ByteOrder.LITTLE) {
            return value;
        }
        Inst swap = draft.inst(new Operation.Unary(UnaryOp.BSWAP, value), at);
        to.add(swap);
        return swap.result();
    }

    private Value undefined(Variable variable) {
        for (Inst zero : zeros) {
            if (zero.result().type().equals(variable.type())) {
                return zero.result();
            }
        }
        Operation op = switch (variable.type()) {
            case Type.Int type -> new Operation.Const(type, 0);
            case Type.Ptr type -> new Operation.Null(type);
            case Type.Void _ -> throw new IllegalStateException("a variable of type void");
        };
        Inst inst = draft.inst(op, Location.UNKNOWN);
        zeros.add(inst);
        return inst.result();
    }

    private void passArguments(Draft.DraftBlock block) {
        Terminator terminator = block.terminator;
        boolean any = false;
        for (Target target : terminator.targets()) {
            for (Value value : parameter[target.block().index()]) {
                any |= value != null;
            }
        }
        if (any) {
            block.terminator = terminator.map(value -> value, target -> extended(target, atEnd[block.index]));
        }
    }

    private Target extended(Target target, @Nullable Value[] now) {
        List<Value> arguments = new ArrayList<>(target.arguments());
        for (Variable variable : variables) {
            if (parameter[target.block().index()][variable.number()] != null) {
                Value value = now[variable.number()];
                arguments.add(value == null ? undefined(variable) : value);
            }
        }
        return new Target(target.block(), arguments);
    }
}
