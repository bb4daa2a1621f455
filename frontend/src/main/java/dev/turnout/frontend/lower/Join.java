package dev.turnout.frontend.lower;

import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Where ways meet, each with a value. The blocks that come in are ended only when all are known: the region that a pointer
 * parameter needs depends on every one of them.
 */
final class Join {
    /** One way in: the block that it comes from, still open, and its values. */
    private record Incoming(Label from, List<Value> values) {}

    private final FunctionBuilder code;
    private final List<Incoming> incoming = new ArrayList<>();

    Join(FunctionBuilder code) {
        this.code = code;
    }

    /** The current block goes to the join with these values; it takes no more instructions. */
    void from(Value... values) {
        incoming.add(new Incoming(code.current(), List.of(values)));
    }

    void from(Operand operand) {
        switch (operand) {
            case Operand.Nothing _ -> from();
            case Operand.Scalar scalar -> from(scalar.value());
            case Operand.Pair pair -> from(pair.value(), pair.present());
            case Operand.InMemory _ -> throw new IllegalArgumentException("memory meets in one place: " + operand);
        }
    }

    /** Goes on at the join with the values of whichever way was taken; empty if nothing comes in. */
    List<Value> meet() {
        Label join = code.newBlock();
        List<Value> met = new ArrayList<>();
        int width = incoming.isEmpty() ? 0 : incoming.getFirst().values.size();
        for (int i = 0; i < width; i++) {
            met.add(code.addParameter(join, common(i)));
        }
        for (Incoming one : incoming) {
            code.switchTo(one.from);
            List<Value> arguments = new ArrayList<>();
            for (int i = 0; i < width; i++) {
                arguments.add(viewed(one.values.get(i), met.get(i).type()));
            }
            code.terminate(new Terminator.Jump(new Target(join, arguments)));
        }
        code.switchTo(join);
        return met;
    }

    /** The same as an operand of a type that does not live in memory. */
    Operand meet(dev.turnout.frontend.type.Type type) {
        boolean reached = !incoming.isEmpty();
        List<Value> met = meet();
        return switch (Shape.of(type)) {
            case NOTHING -> Operand.Nothing.NOTHING;
            case SCALAR -> new Operand.Scalar(reached ? met.getFirst() : zero(Shape.scalar(type)));
            case PAIR ->
                reached
                        ? new Operand.Pair(met.get(0), met.get(1))
                        : new Operand.Pair(zero(Shape.scalar(type)), zero(Type.Int.I1));
            case MEMORY -> throw new IllegalArgumentException(type + " lives in memory");
        };
    }

    private Value zero(Type type) {
        return switch (type) {
            case Type.Int number -> code.constant(number, 0);
            case Type.Ptr pointer -> code.emit(new Operation.Null(pointer));
            case Type.Void _ -> throw new IllegalArgumentException("void has no zero");
        };
    }

    /** Pointers into one region stay that, null counting as any; else the parameter may lead anywhere. */
    private Type common(int index) {
        Type common = null;
        for (Incoming one : incoming) {
            Value value = one.values.get(index);
            if (value.type() instanceof Type.Ptr && isNull(one, value)) {
                continue;
            }
            common = common == null || common.equals(value.type()) ? value.type() : Type.ptr(Region.ANY);
        }
        return common == null ? incoming.getFirst().values.get(index).type() : common;
    }

    private boolean isNull(Incoming one, Value value) {
        code.switchTo(one.from);
        return code.recent(value).filter(Operation.Null.class::isInstance).isPresent();
    }

    private Value viewed(Value value, Type as) {
        boolean untyped = !value.type().equals(as)
                && code.recent(value).filter(Operation.Null.class::isInstance).isPresent();
        return untyped ? code.emit(new Operation.Null((Type.Ptr) as)) : value;
    }
}
