package dev.turnout.ir.pass;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.analysis.DominatorTree;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.Effect;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives equal computations one value: what was computed on every way here is not computed again, and what was stored or
 * loaded is not loaded again as long as nothing can have written there.
 *
 * <pre>
 * b0(v0: i32, v1: i32, v2: ptr&lt;map_value&gt;):   b0(v0: i32, v1: i32, v2: ptr&lt;map_value&gt;):
 *     v3 = add i32 v0, v1                               v3 = add i32 v0, v1
 *     store i32 v3 to v2 + 4                            store i32 v3 to v2 + 4
 *     v5 = add i32 v1, v0                   =>          v5 = xor i32 v3, v3
 *     v6 = load i32 v2 + 4                              return v5
 *     v7 = xor i32 v5, v6
 *     return v7
 * </pre>
 *
 * <p>A walk over the dominator tree with a table that grows on the way down and shrinks on the way up. Pure operations are
 * their own key, operands of commutative ones in order. A load's key holds the version of its region: a store gives a new
 * version to the region that it writes and to {@code any}, a call or atomic operation to all, and a block where ways meet
 * starts with new versions. Constants, addresses of declared things and nulls go to the top of the entry, so that equal ones
 * are one value everywhere; a back end that wants them near their uses makes them there again, for they cost no operand.
 * Near linear.
 */
public final class NumberValues {
    private static final int REGIONS = Region.values().length;

    private final Draft draft;
    private final ControlFlowGraph graph;
    private final DominatorTree tree;
    private final Map<Object, Value> table = new HashMap<>();
    private final List<Object> added = new ArrayList<>();
    private final int[][] versionsAtEnd;
    private final List<Inst> top = new ArrayList<>();
    private final boolean[] constants;
    private int nextVersion = 1;
    private boolean changed;

    /** What a load reads: equal keys in one version of memory give one value. */
    private record Memory(Type type, int address, int offset, boolean big, int version) {}

    private record ContextField(Type type, int context, int offset, int bytes, int version) {}

    private NumberValues(Function function) {
        draft = new Draft(function);
        graph = ControlFlowGraph.of(function);
        tree = DominatorTree.of(graph);
        versionsAtEnd = new int[draft.size()][];
        constants = new boolean[draft.valueCount()];
    }

    public static Function run(Function function) {
        return new NumberValues(function).run();
    }

    private Function run() {
        for (int block : graph.order()) {
            hoist(draft.block(block));
        }
        walk();
        draft.block(0).insts.addAll(0, top);
        return changed ? draft.freeze() : draft.function();
    }

    /** Moves what has no operand to the top of the entry, each once. */
    private void hoist(Draft.DraftBlock block) {
        List<Inst> kept = new ArrayList<>(block.insts.size());
        boolean atTop = block.index == 0;
        for (Inst inst : block.insts) {
            boolean movable =
                    inst.op().effect() == Effect.PURE && inst.op().operands().isEmpty();
            if (!movable) {
                kept.add(inst);
                atTop = false;
                continue;
            }
            Value found = table.putIfAbsent(inst.op(), inst.result());
            changed |= found != null || !atTop;
            constants[inst.result().index()] = true;
            if (found == null) {
                top.add(inst);
            } else {
                draft.replace(inst.result(), found);
            }
        }
        block.insts = kept;
    }

    /** The tree is walked with a stack of our own: it may be deep. A negative entry says where the table ends again. */
    private void walk() {
        int[] stack = new int[2 * draft.size() + 2];
        int depth = 0;
        stack[depth++] = 0;
        while (depth > 0) {
            int block = stack[--depth];
            if (block < 0) {
                while (added.size() > -block - 1) {
                    table.remove(added.removeLast());
                }
                continue;
            }
            stack[depth++] = -added.size() - 1;
            number(draft.block(block));
            int[] children = tree.children(block);
            for (int i = children.length - 1; i >= 0; i--) {
                stack[depth++] = children[i];
            }
        }
    }

    private void number(Draft.DraftBlock block) {
        int[] versions = versionsAtStart(block.index);
        List<Inst> kept = new ArrayList<>(block.insts.size());
        for (Inst old : block.insts) {
            Operation op = ordered(draft.resolve(old.op()));
            Inst inst = op.equals(old.op()) ? old : new Inst(old.result(), op, old.at());
            Object key = key(op, versions);
            Value found = key == null ? null : table.get(key);
            if (found != null && found.type().equals(inst.result().type())) {
                draft.replace(inst.result(), found);
                changed = true;
                continue;
            }
            if (key != null) {
                add(key, inst.result());
            }
            writes(op, versions);
            kept.add(inst);
        }
        block.insts = kept;
        block.terminator = block.terminator.mapValues(draft::resolve);
        versionsAtEnd[block.index] = versions;
    }

    private void add(Object key, Value value) {
        if (table.putIfAbsent(key, value) == null) {
            added.add(key);
        }
    }

    /** Operands of commutative operations by number, constants last, as the laws of folding have it. */
    private Operation ordered(Operation op) {
        boolean turn = op instanceof Operation.Binary binary
                && binary.op().commutative()
                && !constants[binary.b().index()]
                && (constants[binary.a().index()]
                        || binary.a().index() > binary.b().index());
        return turn && op instanceof Operation.Binary binary
                ? new Operation.Binary(binary.op(), binary.b(), binary.a())
                : op;
    }

    private @Nullable Object key(Operation op, int[] versions) {
        return switch (op) {
            case Operation.Load load ->
                new Memory(
                        load.type(),
                        load.address().index(),
                        load.offset(),
                        load.order() == ByteOrder.BIG,
                        version(load.address(), versions));
            case Operation.LoadContext load ->
                new ContextField(
                        load.type(),
                        load.context().index(),
                        load.offset(),
                        load.bytes(),
                        versions[slot(Region.CONTEXT)]);
            default -> op.effect() == Effect.PURE ? op : null;
        };
    }

    private static int version(Value address, int[] versions) {
        return address.type() instanceof Type.Ptr pointer ? versions[slot(pointer.region())] : 0;
    }

    /** An index into an array of this run; it goes nowhere else. */
    @SuppressWarnings("EnumOrdinal")
    private static int slot(Region region) {
        return region.ordinal();
    }

    /** Gives new versions to what an operation may write, and remembers what a store wrote. */
    private void writes(Operation op, int[] versions) {
        switch (op) {
            case Operation.Store store -> {
                Region region = store.address().type() instanceof Type.Ptr pointer ? pointer.region() : Region.ANY;
                for (Region other : Region.values()) {
                    if (region == Region.ANY || other == Region.ANY || other == region) {
                        versions[slot(other)] = nextVersion++;
                    }
                }
                add(
                        new Memory(
                                store.value().type(),
                                store.address().index(),
                                store.offset(),
                                store.order() == ByteOrder.BIG,
                                version(store.address(), versions)),
                        store.value());
            }
            // A claim writes nothing; it only stays where it is.
            case Operation.Prove _ -> {}
            default -> {
                if (op.effect() == Effect.WRITES || op.effect() == Effect.CALLS) {
                    for (int i = 0; i < REGIONS; i++) {
                        versions[i] = nextVersion++;
                    }
                }
            }
        }
    }

    /** A block that follows one alone sees memory as that left it. */
    private int[] versionsAtStart(int block) {
        int[] from = graph.predecessors(block);
        int[] before = from.length == 1 && block != 0 ? versionsAtEnd[from[0]] : null;
        if (before != null) {
            return before.clone();
        }
        int[] fresh = new int[REGIONS];
        for (int i = 0; i < REGIONS; i++) {
            fresh[i] = nextVersion++;
        }
        return fresh;
    }
}
