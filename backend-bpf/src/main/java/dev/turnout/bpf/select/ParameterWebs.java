package dev.turnout.bpf.select;

import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Value;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Which parameter a value is on its way to. Parameters that are passed on to each other form a web, which ends up in one
 * register if all goes well: a variable of the source. A value that becomes the next one of a web, made of the last one, is
 * best computed in place. So two things are known here of a value: its <i>goal</i>, the web that it or the only result made
 * of it becomes, and its <i>origin</i>, the web that it was made of, if that is its goal too.
 */
final class ParameterWebs {
    private static final int NONE = -1;

    private final ValueUses uses;
    private final int[] web;
    private final int[] goal;
    private final int[] origin;
    private final boolean[] passed;
    private final BiPredicate<Value, Value> ends;

    private ParameterWebs(ValueUses uses, int count, BiPredicate<Value, Value> ends) {
        this.uses = uses;
        this.ends = ends;
        this.passed = new boolean[count];
        this.web = new int[count];
        this.goal = new int[count];
        this.origin = new int[count];
        Arrays.setAll(web, i -> i);
        Arrays.fill(goal, NONE);
        Arrays.fill(origin, NONE);
    }

    /**
     * The webs of a function.
     *
     * @param ends whether an operand, told first, is read by the operation that gives a result for the last time
     */
    static ParameterWebs of(Function function, ValueUses uses, BiPredicate<Value, Value> ends) {
        ParameterWebs webs = new ParameterWebs(uses, function.valueCount(), ends);
        webs.edges(function, true);
        webs.edges(function, false);
        for (int b = function.blocks().size() - 1; b >= 0; b--) {
            List<Inst> insts = function.blocks().get(b).insts();
            for (int i = insts.size() - 1; i >= 0; i--) {
                webs.handBack(insts.get(i));
            }
        }
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                webs.handOn(inst);
            }
        }
        return webs;
    }

    /** First joins parameters that are passed to parameters, then notes what else is passed to which. */
    private void edges(Function function, boolean joining) {
        for (Block block : function.blocks()) {
            Terminator end = block.terminator();
            List<Target> targets = end.targets();
            for (int i = 0; i < targets.size(); i++) {
                Target target = targets.get(i);
                List<Value> into = function.block(target.block()).parameters();
                int skipped = end instanceof Terminator.Checked && i == 0 ? 1 : 0;
                for (int k = 0; k < target.arguments().size(); k++) {
                    Value parameter = into.get(k + skipped);
                    Value argument = uses.root(target.arguments().get(k));
                    if (uses.isPassedThrough(parameter)) {
                        continue;
                    }
                    if (joining && uses.isParameter(argument)) {
                        web[find(argument.index())] = find(parameter.index());
                    } else if (!joining) {
                        goal[argument.index()] = find(parameter.index());
                        passed[argument.index()] = true;
                    }
                }
            }
        }
    }

    private int find(int value) {
        int at = value;
        while (web[at] != at) {
            web[at] = web[web[at]];
            at = web[at];
        }
        return at;
    }

    /** Operands that nothing reads later have the goal of the result. */
    private void handBack(Inst inst) {
        int wanted = goal[inst.result().index()];
        if (wanted == NONE || !(inst.op() instanceof Operation.Binary || inst.op() instanceof Operation.Unary)) {
            return;
        }
        for (Value operand : inst.op().operands()) {
            Value root = uses.root(operand);
            if (goal[root.index()] == NONE && !uses.isParameter(root) && ends.test(root, inst.result())) {
                goal[root.index()] = wanted;
            }
        }
    }

    private void handOn(Inst inst) {
        switch (inst.op()) {
            case Operation.Unary unary -> inherit(inst.result(), unary.a());
            case Operation.Binary binary -> {
                inherit(inst.result(), binary.a());
                if (binary.op().commutative()) {
                    inherit(inst.result(), binary.b());
                }
            }
            default -> {
                // Nothing else is computed in the place of an operand.
            }
        }
    }

    private void inherit(Value result, Value operand) {
        if (continues(result, uses.root(operand)) && ends.test(operand, result)) {
            origin[result.index()] = goal[result.index()];
        }
    }

    /**
     * Whether {@code operand} is, or was made of, a parameter of the web that {@code result} is on its way to; or becomes
     * that parameter itself on another way.
     */
    boolean continues(Value result, Value operand) {
        int wanted = goal[result.index()];
        return wanted != NONE
                && (origin[operand.index()] == wanted
                        || (passed[operand.index()] && goal[operand.index()] == wanted)
                        || (uses.isParameter(operand) && find(operand.index()) == wanted));
    }
}
