package dev.turnout.ir.pass;

import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the laws of {@link FoldConstants} see of operands, and how they make the operands of a simpler operation. */
final class Operands {
    private final Draft draft;
    private @Nullable Operation[] definition;
    private List<Inst> to;
    private Location at = Location.UNKNOWN;

    Operands(Draft draft, List<Inst> to) {
        this.draft = draft;
        this.to = to;
        definition = new Operation[draft.valueCount() + 16];
    }

    /** New operands are made in {@code to}, for an instruction that came from {@code at}. */
    void emit(List<Inst> to, Location at) {
        this.to = to;
        this.at = at;
    }

    void define(Value value, Operation op) {
        if (value.index() >= definition.length) {
            definition = Arrays.copyOf(definition, 2 * value.index());
        }
        definition[value.index()] = op;
    }

    /** What computes the value; null if that is a parameter or not known yet. */
    @Nullable
    Operation definition(Value value) {
        return value.index() < definition.length ? definition[value.index()] : null;
    }

    /** The number, if the value is a constant; else null. */
    @Nullable
    Long constant(Value value) {
        return definition(value) instanceof Operation.Const constant ? (Long) constant.value() : null;
    }

    boolean isConstant(Value value, long number) {
        return definition(value) instanceof Operation.Const constant && constant.value() == number;
    }

    boolean isNull(Value value) {
        return definition(value) instanceof Operation.Null;
    }

    /** A new constant in front of the instruction. */
    Value constant(Type.Int type, long number) {
        return make(new Operation.Const(type, number));
    }

    /** A new operand in front of the instruction. */
    Value make(Operation op) {
        Inst inst = draft.inst(op, at);
        to.add(inst);
        define(inst.result(), op);
        return inst.result();
    }

    static Type.Int integer(Value value) {
        if (value.type() instanceof Type.Int type) {
            return type;
        }
        throw new IllegalArgumentException(value + " is " + value.type() + ", not an integer");
    }
}
