package dev.turnout.ir.verify;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.analysis.DominatorTree;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of {@link IrChecker} that looks into one function: numbering, SSA, control flow. */
final class FunctionChecker {
    private final Function function;
    private final IrChecker.ModuleNames names;
    private final List<Violation> violations = new ArrayList<>();
    private final @Nullable Value[] definition;
    private final int[] definedIn;
    private final int[] definedAt;
    private int block;
    private int index;

    private FunctionChecker(Function function, IrChecker.ModuleNames names) {
        this.function = function;
        this.names = names;
        int count = function.valueCount();
        definition = new Value[count];
        definedIn = new int[count];
        definedAt = new int[count];
        Arrays.fill(definedIn, -1);
    }

    static List<Violation> check(Function function, IrChecker.ModuleNames names) {
        FunctionChecker checker = new FunctionChecker(function, names);
        checker.run();
        return checker.violations;
    }

    private void report(String message) {
        violations.add(new Violation(function.name(), block, index, message));
    }

    private void run() {
        if (function.blocks().isEmpty()) {
            block = -1;
            index = -1;
            report("a function needs a block");
            return;
        }
        definitions();
        boolean whole = targets();
        // A graph with targets that do not exist has no dominators; those are reported, and the rest is still looked
        // at.
        ControlFlowGraph graph = whole ? ControlFlowGraph.of(function) : null;
        DominatorTree tree = graph == null ? null : DominatorTree.of(graph);
        for (Block one : function.blocks()) {
            block = one.label().index();
            OperandChecker operands = new OperandChecker(function, names, this::report);
            for (index = 0; index < one.insts().size(); index++) {
                Inst inst = one.insts().get(index);
                uses(inst.op().operands(), graph, tree);
                operands.operation(inst.op(), block);
            }
            uses(one.terminator().operands(), graph, tree);
            for (Target target : one.terminator().targets()) {
                uses(target.arguments(), graph, tree);
            }
            operands.terminator(one.terminator());
        }
    }

    private void definitions() {
        int next = 0;
        for (Block one : function.blocks()) {
            block = one.label().index();
            index = -1;
            for (Value parameter : one.parameters()) {
                define(parameter, next++);
                if (parameter.type() instanceof Type.Void) {
                    report("parameter " + parameter + " is void");
                }
            }
            for (index = 0; index < one.insts().size(); index++) {
                define(one.insts().get(index).result(), next++);
            }
        }
    }

    private void define(Value value, int expected) {
        int number = value.index();
        if (definition[number] != null) {
            report(value + " is defined a second time");
            return;
        }
        if (number != expected) {
            report(value + " should have number " + expected + ": values are numbered in the order of the text");
        }
        definition[number] = value;
        definedIn[number] = block;
        definedAt[number] = index;
    }

    private void uses(List<Value> values, @Nullable ControlFlowGraph graph, @Nullable DominatorTree tree) {
        for (Value value : values) {
            Value defined = value.index() < definition.length ? definition[value.index()] : null;
            if (defined == null) {
                report("no value is called " + value);
            } else if (!defined.equals(value)) {
                report(value + " is used as " + value.type() + ", but is " + defined.type());
            } else if (value.type() instanceof Type.Void) {
                report(value + " is void and cannot be used");
            } else if (graph != null && tree != null && graph.isReachable(block) && !available(value, tree)) {
                report("the definition of " + value + " in b" + definedIn[value.index()]
                        + " does not dominate this use");
            }
        }
    }

    private boolean available(Value value, DominatorTree tree) {
        int from = definedIn[value.index()];
        return from == block ? definedAt[value.index()] < index : tree.dominates(from, block);
    }

    /** Checks the shape of targets; says whether all of them are blocks. */
    private boolean targets() {
        boolean whole = true;
        for (Block one : function.blocks()) {
            block = one.label().index();
            index = one.insts().size();
            Terminator terminator = one.terminator();
            for (Target target : terminator.targets()) {
                if (target.block().index() < 0
                        || target.block().index() >= function.blocks().size()) {
                    report("no block is called " + target.block());
                    whole = false;
                    continue;
                }
                if (target.block().index() == 0) {
                    report("the entry must not be a target");
                }
                List<Value> parameters = function.block(target.block()).parameters();
                boolean defines = terminator instanceof Terminator.Checked checked && isOk(checked, target);
                if (defines && parameters.isEmpty()) {
                    report(target.block() + " needs a parameter for the reference that `checked` defines");
                    continue;
                }
                if (defines
                        && terminator instanceof Terminator.Checked checked
                        && !parameters.getFirst().type().equals(checked.base().type())) {
                    report("`checked` defines a " + checked.base().type() + ", but " + parameters.getFirst() + " is "
                            + parameters.getFirst().type());
                }
                arguments(target, defines ? parameters.subList(1, parameters.size()) : parameters);
            }
        }
        return whole;
    }

    /** By identity: `ok` and `fail` may be equal as records and still differ in what is asked of them. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isOk(Terminator.Checked checked, Target target) {
        return checked.ok() == target;
    }

    private void arguments(Target target, List<Value> parameters) {
        List<Value> arguments = target.arguments();
        if (arguments.size() != parameters.size()) {
            report(target.block() + " takes " + parameters.size() + " arguments, not " + arguments.size());
            return;
        }
        for (int i = 0; i < arguments.size(); i++) {
            if (!fits(arguments.get(i).type(), parameters.get(i).type())) {
                report(arguments.get(i) + " is " + arguments.get(i).type() + ", but " + parameters.get(i) + " of "
                        + target.block() + " is " + parameters.get(i).type());
            }
        }
    }

    /** Whether a value of one type may be given where another is asked for. */
    static boolean fits(Type given, Type asked) {
        return given.equals(asked)
                || (given instanceof Type.Ptr && asked instanceof Type.Ptr pointer && pointer.region() == Region.ANY);
    }

    /** Whether the operation may stand in this block: slots are the entry's. */
    static boolean belongs(Operation op, int block) {
        return block == 0 || !(op instanceof Operation.Slot);
    }
}
