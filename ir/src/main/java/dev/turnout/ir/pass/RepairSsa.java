package dev.turnout.ir.pass;

import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes SSA form anew for values whose definition was copied into several blocks. A use asks its block what the value is
 * there: what the block defines, else what the one before says, else a new parameter, for which all blocks before are asked
 * in turn (Braun and others, "Simple and Efficient Construction of Static Single Assignment Form", 2013). Parameters that
 * turn out to be one value are left for {@link SimplifyCfg}.
 */
final class RepairSsa {
    private final Draft draft;
    private final Map<Integer, List<Draft.DraftBlock>> predecessors = new HashMap<>();
    private final Map<Integer, Variable> variables = new HashMap<>();
    private final Deque<Join> open = new ArrayDeque<>();

    RepairSsa(Draft draft) {
        this.draft = draft;
        boolean[] reachable = draft.reachable();
        for (Draft.DraftBlock block : draft.order()) {
            if (!reachable[block.index]) {
                continue;
            }
            for (Target target : block.terminator.targets()) {
                List<Draft.DraftBlock> all =
                        predecessors.computeIfAbsent(target.block().index(), _ -> new ArrayList<>(2));
                if (!all.contains(block)) {
                    all.add(block);
                }
            }
        }
    }

    /**
     * Rewrites all uses of the values.
     *
     * @param values what has new definitions, and none of its own any more
     * @param definitions for each value's number: by block, what it is at that block's end
     */
    void run(List<Value> values, Map<Integer, Map<Integer, Value>> definitions) {
        boolean[] reachable = draft.reachable();
        for (Value value : values) {
            variables.put(
                    value.index(),
                    new Variable(value, new HashMap<>(definitions.getOrDefault(value.index(), Map.of()))));
        }
        for (Draft.DraftBlock block : List.copyOf(draft.order())) {
            if (reachable[block.index]) {
                rewrite(block);
            }
        }
        // Arguments are given in the order in which the parameters were made. One may ask another variable, which then
        // has
        // new parameters of its own: they wait at the end.
        while (!open.isEmpty()) {
            Join join = open.remove();
            for (Draft.DraftBlock before : predecessors.getOrDefault(join.block.index, List.of())) {
                Value given = join.variable.atEnd(before);
                before.terminator = before.terminator.map(
                        same -> same,
                        target -> target.block().index() == join.block.index ? longer(target, given) : target);
            }
        }
    }

    private static Target longer(Target target, Value given) {
        List<Value> arguments = new ArrayList<>(target.arguments());
        arguments.add(given);
        return new Target(target.block(), arguments);
    }

    /** A parameter that waits for its arguments. */
    private record Join(Draft.DraftBlock block, Variable variable) {}

    private void rewrite(Draft.DraftBlock block) {
        for (int i = 0; i < block.insts.size(); i++) {
            Inst inst = block.insts.get(i);
            if (uses(inst.op().operands())) {
                Operation op = inst.op().map(value -> at(value, block));
                block.insts.set(i, new Inst(inst.result(), op, inst.at()));
            }
        }
        boolean any = uses(block.terminator.operands());
        for (Target target : block.terminator.targets()) {
            any |= uses(target.arguments());
        }
        if (any) {
            block.terminator = block.terminator.mapValues(value -> at(value, block));
        }
    }

    private boolean uses(List<Value> used) {
        for (Value value : used) {
            if (variables.containsKey(value.index())) {
                return true;
            }
        }
        return false;
    }

    private Value at(Value value, Draft.DraftBlock block) {
        Variable variable = variables.get(value.index());
        return variable == null ? value : variable.atStart(block);
    }

    /** One value with several definitions. */
    private final class Variable {
        private final Value value;
        private final Map<Integer, Value> atEnd;
        private final Map<Integer, Value> atStart = new HashMap<>();

        Variable(Value value, Map<Integer, Value> atEnd) {
            this.value = value;
            this.atEnd = atEnd;
        }

        /** What the value is when the block begins. Blocks before are asked later, so that this does not nest. */
        Value atStart(Draft.DraftBlock block) {
            List<Draft.DraftBlock> chain = new ArrayList<>();
            Draft.DraftBlock at = block;
            @Nullable Value found = atStart.get(at.index);
            while (found == null) {
                chain.add(at);
                List<Draft.DraftBlock> before = predecessors.getOrDefault(at.index, List.of());
                if (before.size() == 1 && before.getFirst().index != at.index) {
                    at = before.getFirst();
                    found = defined(at);
                    found = found == null ? atStart.get(at.index) : found;
                } else {
                    found = draft.fresh(value.type());
                    at.parameters.add(found);
                    open.add(new Join(at, this));
                }
            }
            for (Draft.DraftBlock one : chain) {
                atStart.put(one.index, found);
            }
            return found;
        }

        private Value atEnd(Draft.DraftBlock block) {
            Value found = defined(block);
            return found == null ? atStart(block) : found;
        }

        /** What the block makes of the value; null if it leaves it alone. It may be another of the values. */
        private @Nullable Value defined(Draft.DraftBlock block) {
            Value found = atEnd.get(block.index);
            return found == null ? null : at(found, block);
        }
    }
}
