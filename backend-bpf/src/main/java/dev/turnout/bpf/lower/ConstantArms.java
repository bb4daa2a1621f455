package dev.turnout.bpf.lower;

import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the arms of a switch do that only choose between constants: all pass numbers to one block, or all return one. Other
 * arguments may go with them if they are the same in each arm.
 */
final class ConstantArms {
    private final Function function;
    private final Definitions definitions;
    /** The block that all arms go to; null if they return. */
    private final @Nullable Label join;
    /** What the first arm passes. */
    private final List<Value> passed;
    /** Positions of what differs from arm to arm. */
    private final List<Integer> varying = new ArrayList<>();

    private ConstantArms(Function function, Definitions definitions, @Nullable Label join, List<Value> passed) {
        this.function = function;
        this.definitions = definitions;
        this.join = join;
        this.passed = passed;
    }

    /** The arms of a switch; null if they do anything else than this. */
    static @Nullable ConstantArms of(Function function, Definitions definitions, Terminator.Switch choice) {
        Target first = choice.cases().getFirst().to();
        Label join = first.arguments().isEmpty() ? null : first.block();
        ConstantArms probe = new ConstantArms(function, definitions, join, List.of());
        List<Value> passed = probe.arguments(first);
        if (passed == null) {
            return null;
        }
        ConstantArms arms = new ConstantArms(function, definitions, join, passed);
        boolean[] varies = new boolean[passed.size()];
        for (Terminator.Case one : choice.cases()) {
            List<Value> others = arms.arguments(one.to());
            if (others == null || !arms.compare(others, varies)) {
                return null;
            }
        }
        List<Value> others = arms.arguments(choice.otherwise());
        boolean[] withElse = varies.clone();
        if (others != null && arms.compare(others, withElse)) {
            varies = withElse;
        }
        for (int i = 0; i < varies.length; i++) {
            if (varies[i]) {
                arms.varying.add(i);
            }
        }
        return arms.varying.isEmpty() ? null : arms;
    }

    /** What a target passes to the join, or returns; null if it does something else. */
    private @Nullable List<Value> arguments(Target target) {
        if (join != null) {
            return target.block().equals(join) ? target.arguments() : null;
        }
        Block block = function.block(target.block());
        for (Inst inst : block.insts()) {
            if (!(inst.op() instanceof Operation.Const)) {
                return null;
            }
        }
        boolean returnsConstant = block.terminator() instanceof Terminator.Return back
                && back.values().size() == 1
                && definitions.constant(back.values().getFirst()) != null;
        return returnsConstant ? block.terminator().operands() : null;
    }

    /** Marks what differs from the first arm; false if something does that is no constant in both. */
    private boolean compare(List<Value> others, boolean[] varies) {
        for (int i = 0; i < varies.length; i++) {
            Value mine = passed.get(i);
            Value other = others.get(i);
            Operation.Const a = definitions.constant(mine);
            Operation.Const b = definitions.constant(other);
            if (a != null && b != null) {
                varies[i] |= a.value() != b.value();
            } else if (!mine.equals(other)) {
                return false;
            }
        }
        return true;
    }

    /** Types of the numbers that differ. */
    List<Type.Int> types() {
        return varying.stream().map(i -> (Type.Int) passed.get(i).type()).toList();
    }

    /** The numbers of a target at the places that differ; null if it is no target like those of the arms. */
    @Nullable
    List<Long> numbers(Target target) {
        List<Value> arguments = arguments(target);
        if (arguments == null || !compare(arguments, new boolean[arguments.size()])) {
            return null;
        }
        List<Long> numbers = new ArrayList<>(varying.size());
        for (int i = 0; i < arguments.size(); i++) {
            Operation.Const constant = definitions.constant(arguments.get(i));
            Operation.Const mine = definitions.constant(passed.get(i));
            if (varying.contains(i)) {
                if (constant == null) {
                    return null;
                }
                numbers.add(constant.value());
            } else if (constant != null && mine != null && constant.value() != mine.value()) {
                return null;
            }
        }
        return numbers;
    }

    /** Goes where the arms go with other numbers, one for each that differs; {@code insts} gets what that needs. */
    Terminator end(List<Value> numbers, Draft draft, List<Inst> insts, Location at) {
        List<Value> arguments = new ArrayList<>(passed.size());
        for (int i = 0; i < passed.size(); i++) {
            int position = varying.indexOf(i);
            Operation.Const constant = definitions.constant(passed.get(i));
            if (position >= 0) {
                arguments.add(numbers.get(position));
            } else {
                // A constant may stand in an arm's own block, from where it reaches no other.
                arguments.add(constant == null ? passed.get(i) : draft.emit(insts, constant, at));
            }
        }
        return join == null ? new Terminator.Return(arguments) : new Terminator.Jump(new Target(join, arguments));
    }
}
