package dev.turnout.ir.pass;

import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tidies the graph: a block and the only one that jumps to it become one; jumps through blocks that do nothing go where
 * those go; a jump to a block that chooses by a constant argument goes to what is chosen; a choice between equal targets is
 * no choice; a parameter that is always the same value is that value.
 *
 * <pre>
 * b0(v0: i1, v1: i32):                    b0(v0: i1, v1: i32):
 *     branch v0 ? b1 : b2                     branch v0 ? b1 : b2
 * b1:                                     b1:
 *     v2 = const i1 1                         v2 = const i1 1
 *     jump b3(v2, v1)                         v3 = neg i32 v1
 * b2:                                         return v3
 *     v3 = const i1 0                     b2:
 *     jump b3(v3, v1)             =>          v4 = const i1 0
 * b3(v4: i1, v5: i32):                        return v1
 *     branch v4 ? b4 : b5
 * b4:
 *     v6 = neg i32 v5
 *     return v6
 * b5:
 *     return v5
 * </pre>
 *
 * <p>A way past a block is opened only if nothing that the block defines is used elsewhere; else the use would lose its
 * definition. Static branches and switches are patch sites: they are neither copied nor merged nor dropped, only the targets
 * around them change. The reference that a bounds test defines stays the first parameter of its block. Repeats until nothing
 * changes: each step removes an edge, a block or a parameter.
 */
public final class SimplifyCfg {
    private static final int MOST_ROUNDS = 100;

    private final Draft draft;
    private boolean changed;
    private boolean everChanged;
    private @Nullable Long[] constants = new Long[0];
    private int[] incoming = new int[0];
    private boolean[] reachable = new boolean[0];
    private boolean[] escapes = new boolean[0];
    private boolean[] references = new boolean[0];
    private boolean[] heads = new boolean[0];

    private SimplifyCfg(Function function) {
        draft = new Draft(function);
    }

    public static Function run(Function function) {
        SimplifyCfg pass = new SimplifyCfg(function);
        int rounds = 0;
        do {
            pass.changed = false;
            pass.round();
            pass.everChanged |= pass.changed;
        } while (pass.changed && ++rounds < MOST_ROUNDS);
        return pass.everChanged ? pass.draft.freeze() : function;
    }

    private void round() {
        survey();
        removeParameters();
        draft.settle();
        // A value that took the place of a parameter is used in other blocks from now on.
        survey();
        for (Draft.DraftBlock block : draft.order()) {
            if (reachable[block.index]) {
                block.terminator = redirected(block);
            }
        }
        survey();
        for (Draft.DraftBlock block : draft.order()) {
            if (reachable[block.index]) {
                merge(block);
            }
        }
        draft.settle();
    }

    /** Finds what the round goes by: constants, edges into each block, values used outside of their block. */
    private void survey() {
        reachable = draft.reachable();
        incoming = new int[draft.size()];
        references = new boolean[draft.size()];
        constants = new Long[draft.valueCount()];
        int[] home = new int[draft.valueCount()];
        boolean[] away = new boolean[draft.valueCount()];
        for (Draft.DraftBlock block : draft.order()) {
            for (Value parameter : block.parameters) {
                home[parameter.index()] = block.index;
            }
            for (Inst inst : block.insts) {
                home[inst.result().index()] = block.index;
                if (inst.op() instanceof Operation.Const constant) {
                    constants[inst.result().index()] = constant.value();
                }
            }
        }
        for (Draft.DraftBlock block : draft.order()) {
            if (!reachable[block.index]) {
                continue;
            }
            for (Inst inst : block.insts) {
                leaves(inst.op().operands(), block.index, home, away);
            }
            leaves(block.terminator.operands(), block.index, home, away);
            for (Target target : block.terminator.targets()) {
                incoming[target.block().index()]++;
                leaves(target.arguments(), block.index, home, away);
            }
            if (block.terminator instanceof Terminator.Checked checked) {
                references[checked.ok().block().index()] = true;
            }
        }
        escapes = new boolean[draft.size()];
        for (int i = 0; i < away.length; i++) {
            escapes[home[i]] |= away[i];
        }
        heads = heads();
    }

    /** Blocks that control comes back to: targets of edges that go up in a depth-first walk. */
    private boolean[] heads() {
        boolean[] found = new boolean[draft.size()];
        boolean[] seen = new boolean[draft.size()];
        boolean[] open = new boolean[draft.size()];
        Deque<Walk> path = new ArrayDeque<>();
        seen[0] = true;
        open[0] = true;
        path.push(new Walk(0, draft.block(Label.ENTRY).terminator.targets().iterator()));
        while (!path.isEmpty()) {
            Walk walk = path.element();
            if (!walk.left.hasNext()) {
                open[walk.block] = false;
                path.pop();
                continue;
            }
            int to = walk.left.next().block().index();
            found[to] |= open[to];
            if (!seen[to]) {
                seen[to] = true;
                open[to] = true;
                path.push(new Walk(
                        to, draft.block(new Label(to)).terminator.targets().iterator()));
            }
        }
        return found;
    }

    /** A block on the path of the walk, and where it still goes. */
    private record Walk(int block, Iterator<Target> left) {}

    private static void leaves(List<Value> used, int block, int[] home, boolean[] away) {
        for (Value value : used) {
            away[value.index()] |= home[value.index()] != block;
        }
    }

    /** A parameter to which only one value is passed, itself aside, is that value. */
    private void removeParameters() {
        int count = draft.size();
        @Nullable Value[][] only = new Value[count][];
        boolean[][] several = new boolean[count][];
        for (Draft.DraftBlock block : draft.order()) {
            only[block.index] = new Value[block.parameters.size()];
            several[block.index] = new boolean[block.parameters.size()];
        }
        for (Draft.DraftBlock block : draft.order()) {
            if (!reachable[block.index]) {
                continue;
            }
            List<Target> targets = block.terminator.targets();
            for (int i = 0; i < targets.size(); i++) {
                Draft.DraftBlock to = draft.block(targets.get(i).block());
                int skipped = i == 0 && block.terminator instanceof Terminator.Checked ? 1 : 0;
                for (int j = skipped; j < to.parameters.size(); j++) {
                    Value given = targets.get(i).arguments().get(j - skipped);
                    Value before = only[to.index][j];
                    if (given.index() != to.parameters.get(j).index()) {
                        several[to.index][j] |= before != null && before.index() != given.index();
                        only[to.index][j] = given;
                    }
                }
            }
        }
        for (Draft.DraftBlock block : draft.order()) {
            if (block.index == 0 || !reachable[block.index]) {
                continue;
            }
            boolean[] keep = new boolean[block.parameters.size()];
            boolean all = true;
            for (int j = 0; j < keep.length; j++) {
                Value parameter = block.parameters.get(j);
                Value value = only[block.index][j];
                // A pointer into a known region does not stand in for one into any: types of uses would change.
                keep[j] = several[block.index][j]
                        || value == null
                        || (j == 0 && references[block.index])
                        || !value.type().equals(parameter.type())
                        || draft.resolve(value).index() == parameter.index();
                all &= keep[j];
                if (!keep[j]) {
                    draft.replace(parameter, value);
                }
            }
            if (!all) {
                drop(block, keep);
            }
        }
    }

    private void drop(Draft.DraftBlock block, boolean[] keep) {
        changed = true;
        List<Value> kept = new ArrayList<>();
        for (int j = 0; j < keep.length; j++) {
            if (keep[j]) {
                kept.add(block.parameters.get(j));
            }
        }
        block.parameters.clear();
        block.parameters.addAll(kept);
        for (Draft.DraftBlock from : draft.order()) {
            if (reachable[from.index]) {
                from.terminator = shortened(from.terminator, block.index, keep);
            }
        }
    }

    private static Terminator shortened(Terminator terminator, int block, boolean[] keep) {
        if (terminator instanceof Terminator.Checked checked) {
            return new Terminator.Checked(
                    checked.base(),
                    checked.offset(),
                    checked.bytes(),
                    checked.end(),
                    shortened(checked.ok(), block, keep, 1),
                    shortened(checked.fail(), block, keep, 0));
        }
        for (Target target : terminator.targets()) {
            if (target.block().index() == block) {
                return terminator.map(value -> value, one -> shortened(one, block, keep, 0));
            }
        }
        return terminator;
    }

    private static Target shortened(Target target, int block, boolean[] keep, int skipped) {
        if (target.block().index() != block) {
            return target;
        }
        List<Value> arguments = new ArrayList<>();
        for (int i = 0; i < target.arguments().size(); i++) {
            if (keep[i + skipped]) {
                arguments.add(target.arguments().get(i));
            }
        }
        return new Target(target.block(), arguments);
    }

    /** The terminator with targets that go where they would end up, and without choices that are none. */
    private Terminator redirected(Draft.DraftBlock block) {
        Terminator old = block.terminator;
        Terminator now = old instanceof Terminator.Checked checked
                ? new Terminator.Checked(
                        checked.base(),
                        checked.offset(),
                        checked.bytes(),
                        checked.end(),
                        checked.ok(),
                        followed(checked.fail()))
                : old.map(value -> value, this::followed);
        now = switch (now) {
            case Terminator.Branch one when one.then().equals(one.otherwise()) -> new Terminator.Jump(one.then());
            case Terminator.Switch one -> allSame(one) ? new Terminator.Jump(one.otherwise()) : fewer(one);
            case Terminator.Jump one
            when draft.block(one.to().block()).insts.isEmpty() -> {
                // A jump to a block that only leaves the function leaves by itself.
                Draft.DraftBlock to = draft.block(one.to().block());
                yield to.terminator instanceof Terminator.Return && !escapes[to.index]
                        ? to.terminator.mapValues(value -> substituted(value, to, one.to()))
                        : now;
            }
            default -> now;
        };
        changed |= !now.equals(old);
        return now;
    }

    private static boolean allSame(Terminator.Switch choice) {
        for (Terminator.Case one : choice.cases()) {
            if (!one.to().equals(choice.otherwise())) {
                return false;
            }
        }
        return true;
    }

    /** Cases that go where all others go are left out, and neighbours with one target become one range. */
    private static Terminator fewer(Terminator.Switch choice) {
        if (choice.demand() != Terminator.Demand.AUTO || choice.exhaustive()) {
            return choice;
        }
        List<Terminator.Case> cases = new ArrayList<>(choice.cases().size());
        for (Terminator.Case one : choice.cases()) {
            if (one.to().equals(choice.otherwise())) {
                continue;
            }
            Terminator.@Nullable Case last = cases.isEmpty() ? null : cases.getLast();
            if (last != null && last.high() + 1 == one.low() && last.to().equals(one.to())) {
                cases.set(cases.size() - 1, new Terminator.Case(last.low(), one.high(), one.to()));
            } else {
                cases.add(one);
            }
        }
        return cases.size() == choice.cases().size() ? choice : choice.withCases(choice.value(), cases, false);
    }

    /** Where a target leads in the end, through blocks that only pass on. */
    private Target followed(Target target) {
        Target at = target;
        Set<Integer> seen = new HashSet<>();
        while (seen.add(at.block().index())) {
            Target next = next(at);
            if (next == null) {
                return at;
            }
            at = next;
        }
        // A cycle of empty blocks: an endless loop, left as it is.
        return target;
    }

    private @Nullable Target next(Target at) {
        Draft.DraftBlock block = draft.block(at.block());
        if (!block.insts.isEmpty() || escapes[block.index]) {
            return null;
        }
        Target next = switch (block.terminator) {
            case Terminator.Jump one -> one.to();
            case Terminator.Branch one -> {
                Long condition =
                        constants[substituted(one.condition(), block, at).index()];
                yield condition == null ? null : condition != 0 ? one.then() : one.otherwise();
            }
            case Terminator.Switch one -> {
                Long value = constants[substituted(one.value(), block, at).index()];
                yield value == null ? null : chosen(one, value);
            }
            default -> null;
        };
        if (next == null || (heads[block.index] && heads[next.block().index()])) {
            // Two loops, one around the other, keep a head each: with one for both, nobody sees two loops any more.
            return null;
        }
        return next.map(value -> substituted(value, block, at));
    }

    private static Target chosen(Terminator.Switch choice, long value) {
        for (Terminator.Case one : choice.cases()) {
            if (Long.compareUnsigned(one.low(), value) <= 0 && Long.compareUnsigned(value, one.high()) <= 0) {
                return one.to();
            }
        }
        return choice.otherwise();
    }

    /** What a value of a block is on one way into it: a parameter is its argument. */
    private static Value substituted(Value value, Draft.DraftBlock block, Target way) {
        for (int i = 0; i < block.parameters.size(); i++) {
            if (block.parameters.get(i).index() == value.index()) {
                return way.arguments().get(i);
            }
        }
        return value;
    }

    /** Takes in the block that follows, as long as nothing else leads there. */
    private void merge(Draft.DraftBlock block) {
        while (block.terminator instanceof Terminator.Jump jump) {
            Draft.DraftBlock next = draft.block(jump.to().block());
            if (next.index == block.index
                    || next.index == 0
                    || incoming[next.index] != 1
                    || !typesFit(jump.to(), next)) {
                return;
            }
            for (int i = 0; i < next.parameters.size(); i++) {
                draft.replace(next.parameters.get(i), jump.to().arguments().get(i));
            }
            block.insts.addAll(next.insts);
            block.terminator = next.terminator;
            block.at = next.at;
            next.insts = new ArrayList<>();
            next.parameters.clear();
            next.terminator = new Terminator.Unreachable();
            reachable[next.index] = false;
            changed = true;
        }
    }

    private static boolean typesFit(Target target, Draft.DraftBlock block) {
        for (int i = 0; i < block.parameters.size(); i++) {
            if (!block.parameters.get(i).type().equals(target.arguments().get(i).type())) {
                return false;
            }
        }
        return true;
    }
}
