package dev.turnout.ir.pass;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.analysis.DominatorTree;
import dev.turnout.ir.analysis.LoopForest;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.Effect;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes out bounds tests of the packet that hold because an earlier one did, and lets one test do the work of those that
 * follow it on every way and fail the same way.
 *
 * <pre>
 * b0(v0: ptr&lt;packet&gt;, v1: ptr&lt;packet_end&gt;, v2: i64):     b0(v0: ptr&lt;packet&gt;, v1: ptr&lt;packet_end&gt;, v2: i64):
 *     checked v0 + v2, 0 &lt;= v1 ? b1 : b4                     checked v0 + v2, 40 &lt;= v1 ? b1 : b4
 * b1(v3: ptr&lt;packet&gt;):                                  b1(v3: ptr&lt;packet&gt;):
 *     checked v0 + v2, 40 &lt;= v1 ? b2 : b4       =&gt;          jump b2(v3)
 * b2(v4: ptr&lt;packet&gt;):                                  b2(v4: ptr&lt;packet&gt;):
 *     v5 = load i8 v4                                        v5 = load i8 v4
 *     …                                                      …
 *     checked v0 + v2, 20 &lt;= v1 ? b3 : b4                    jump b3(v3)
 * </pre>
 *
 * <p>Two tests are comparable if they are of the same packet and their offsets differ by a constant: two constants, or two
 * sums of one number and constants. A test whose bytes lie inside those of one that holds on every way here goes; its
 * reference is the earlier reference, moved by the constant. A test that follows another through blocks that only compute
 * and read, and that fails to the same place with the same arguments, is taken in: the earlier test asks for the bytes of
 * both.
 *
 * <p>Why it is sound: a test that holds says that its offset is at most 65535, so a sum of it and less than its bytes does
 * not wrap, and that the bytes up to its end are the packet's. A packet does not change its bounds without giving new values
 * for them. Where tests are joined, whoever fails the later one now fails the earlier, and nothing that can be seen happened
 * between them.
 *
 * <p>Only constants may differ, though ranges would prove more: Linux's verifier keeps what a compare said for all pointers
 * that differ from the compared one by constants, and for no others, so a test of another varying offset has to stay. What
 * a test in front of a loop says of a varying place is not used in the loop either: there the kernel knows the place by a range.
 * Near linear: tests are found by what they have in common.
 */
public final class RemoveChecks {
    /** One test asks for no more bytes than these, so that offsets into them fit into accesses. */
    private static final long MOST = 4096;

    /** How many blocks back a test to be widened is looked for. */
    private static final int FAR = 8;

    private final Draft draft;
    private final ControlFlowGraph graph;
    private final DominatorTree tree;
    private final Definitions definitions;
    private final LoopForest loops;
    private final Map<Key, List<Held>> held = new HashMap<>();
    private boolean changed;

    /** What comparable tests have in common; {@code root} is -1 if the offset is a constant. */
    private record Key(int base, int root, int end) {}

    /** An offset: a number that varies, if any, and a constant. */
    private record Place(@Nullable Value root, long constant) {}

    /** A test that holds wherever its block {@code ok} dominates: {@code bytes} bytes from {@code reference} are there. */
    private record Held(int ok, long constant, long bytes, Value reference) {}

    private RemoveChecks(Function function) {
        draft = new Draft(function);
        graph = ControlFlowGraph.of(function);
        tree = DominatorTree.of(graph);
        definitions = Definitions.of(function);
        loops = LoopForest.of(graph, tree);
    }

    public static Function run(Function function) {
        return new RemoveChecks(function).run();
    }

    private Function run() {
        // In reverse postorder a test comes after all that dominate it. One that was widened holds for more afterwards.
        for (int number : graph.order()) {
            Draft.DraftBlock block = draft.block(number);
            if (block.terminator instanceof Terminator.Checked test) {
                block.terminator = judged(block, test);
            }
        }
        return changed ? draft.freeze() : draft.function();
    }

    private Terminator judged(Draft.DraftBlock block, Terminator.Checked test) {
        Place place = place(test.offset());
        Held known = covering(block.index, test, place);
        if (known == null) {
            known = widened(block, test, place);
        }
        if (known == null) {
            hold(test, place);
            return test;
        }
        changed = true;
        Value reference = known.reference;
        long moved = place.constant - known.constant;
        if (moved != 0) {
            Inst constant = draft.inst(new Operation.Const(Type.Int.I64, moved), block.at);
            Inst offset = draft.inst(new Operation.Offset(reference, constant.result()), block.at);
            block.insts.add(constant);
            block.insts.add(offset);
            reference = offset.result();
        }
        List<Value> arguments = new ArrayList<>();
        arguments.add(reference);
        arguments.addAll(test.ok().arguments());
        return new Terminator.Jump(new Target(test.ok().block(), arguments));
    }

    /** The number plus a constant that an offset is. */
    private Place place(Value offset) {
        long constant = 0;
        Value root = offset;
        while (true) {
            Operation.Const number = definitions.constant(root);
            if (number != null) {
                return new Place(null, constant + number.value());
            }
            if (definitions.op(root) instanceof Operation.Binary sum && sum.op() == BinaryOp.ADD) {
                Operation.Const by = definitions.constant(sum.b());
                if (by != null && constant + by.value() == (short) (constant + by.value())) {
                    constant += by.value();
                    root = sum.a();
                    continue;
                }
            }
            return new Place(root, constant);
        }
    }

    private static Key key(Terminator.Checked test, Place place) {
        Value root = place.root;
        return new Key(
                test.base().index(),
                root == null ? -1 : root.index(),
                test.end().index());
    }

    /** Notes that a test holds behind itself, if nothing else leads there. */
    private void hold(Terminator.Checked test, Place place) {
        int ok = test.ok().block().index();
        boolean inRange = place.root != null || (place.constant >= 0 && place.constant <= 0xffff);
        if (inRange && graph.predecessors(ok).length == 1) {
            Value reference = draft.block(ok).parameters.getFirst();
            held.computeIfAbsent(key(test, place), _ -> new ArrayList<>())
                    .add(new Held(ok, place.constant, test.bytes(), reference));
        }
    }

    /** A test that holds on every way to the block and covers the bytes of this one. */
    private @Nullable Held covering(int block, Terminator.Checked test, Place place) {
        for (Held one : held.getOrDefault(key(test, place), List.of())) {
            long from = place.constant - one.constant;
            boolean inside = from >= 0 && from + test.bytes() <= one.bytes;
            boolean near = place.root == null || loops.innermost(one.ok) == loops.innermost(block);
            if (inside && near && tree.dominates(one.ok, block)) {
                return one;
            }
        }
        return null;
    }

    /**
     * Looks back along the only way here for a comparable test that fails as this one does, and makes it ask for the bytes of
     * both; null if there is none.
     */
    private @Nullable Held widened(Draft.DraftBlock block, Terminator.Checked test, Place place) {
        Draft.DraftBlock at = block;
        for (int i = 0; i < FAR; i++) {
            int[] before = graph.predecessors(at.index);
            if (before.length != 1 || at.index == 0 || !isHarmless(at)) {
                return null;
            }
            Draft.DraftBlock from = draft.block(before[0]);
            if (from.terminator instanceof Terminator.Checked earlier) {
                if (!earlier.fail().equals(test.fail())) {
                    return null;
                }
                Place other = place(earlier.offset());
                long moved = place.constant - other.constant;
                long bytes = Math.max(earlier.bytes(), moved + test.bytes());
                if (key(earlier, other).equals(key(test, place)) && moved >= 0 && bytes <= MOST) {
                    return widened(from, earlier, other, bytes);
                }
            } else if (!(from.terminator instanceof Terminator.Jump)) {
                return null;
            }
            at = from;
        }
        return null;
    }

    private @Nullable Held widened(Draft.DraftBlock block, Terminator.Checked test, Place place, long bytes) {
        List<Held> all = held.getOrDefault(key(test, place), List.of());
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).ok == test.ok().block().index()) {
                Held now = new Held(all.get(i).ok, place.constant, bytes, all.get(i).reference);
                all.set(i, now);
                block.terminator = new Terminator.Checked(
                        test.base(), test.offset(), Math.toIntExact(bytes), test.end(), test.ok(), test.fail());
                return now;
            }
        }
        return null;
    }

    /** Whether a block only computes and reads: then it does not matter if it is not run at all. */
    private static boolean isHarmless(Draft.DraftBlock block) {
        for (Inst inst : block.insts) {
            Effect effect = inst.op().effect();
            if (effect != Effect.PURE && effect != Effect.READS) {
                return false;
            }
        }
        return true;
    }
}
