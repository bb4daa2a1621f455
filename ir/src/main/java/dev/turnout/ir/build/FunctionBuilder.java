package dev.turnout.ir.build;

import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.DebugType;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.UnaryOp;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes one function. Mutable, for one thread; {@link #build()} freezes.
 *
 * <p>There is one current block, the entry to begin with, into which instructions go until it is terminated; then {@link
 * #switchTo} must name another. A block's place in the text is where it first became current, so that code reads in the
 * order in which it was made and not in the order in which labels were needed. Every instruction takes the location last
 * said by {@link #at}, unless it is given one.
 */
public final class FunctionBuilder {
    private final String name;
    private final Function.Kind kind;
    private final Type result;
    private final DebugType.Function signature;
    private final Location declared;

    private final List<Draft> drafts = new ArrayList<>();
    private final List<Draft> placed = new ArrayList<>();
    private final List<Inst> slots = new ArrayList<>();
    private Draft current;
    private Location here;
    private int nextValue;

    /** A block in the making. */
    private static final class Draft {
        final Label label;
        final List<Value> parameters = new ArrayList<>();
        final List<Inst> insts = new ArrayList<>();
        boolean placed;

        @Nullable
        Terminator terminator;

        Location at = Location.UNKNOWN;

        Draft(Label label) {
            this.label = label;
        }
    }

    /** See {@link Function} for what the parameters mean. */
    public FunctionBuilder(
            String name, Function.Kind kind, Type result, DebugType.Function signature, Location declared) {
        this.name = name;
        this.kind = kind;
        this.result = result;
        this.signature = signature;
        this.declared = declared;
        this.here = declared;
        this.current = draft();
        place(current);
    }

    /** A subprogram without names or locations, for tests and for what the compiler makes itself. */
    public static FunctionBuilder subprogram(String name, Type result) {
        return new FunctionBuilder(
                name,
                new Function.Kind.Subprogram(Function.Inlining.AUTO),
                result,
                new DebugType.Function(List.of(), new DebugType.Void()),
                Location.UNKNOWN);
    }

    /** Adds a parameter to the function. */
    public Value parameter(Type type) {
        Value value = define(type);
        drafts.getFirst().parameters.add(value);
        return value;
    }

    /** The type that the function returns. */
    public Type result() {
        return result;
    }

    // Blocks.

    /** A block with parameters of these types; not yet in the text. */
    public Label newBlock(Type... parameters) {
        Draft draft = draft();
        for (Type type : parameters) {
            draft.parameters.add(define(type));
        }
        return draft.label;
    }

    /** One more parameter of a block: for makers that know the type only when all who go there are made. */
    public Value addParameter(Label block, Type type) {
        Value value = define(type);
        drafts.get(block.index()).parameters.add(value);
        return value;
    }

    /** Parameter {@code index} of a block. */
    public Value parameter(Label block, int index) {
        return drafts.get(block.index()).parameters.get(index);
    }

    /** Makes {@code block} the current one. */
    public void switchTo(Label block) {
        current = drafts.get(block.index());
        place(current);
    }

    /** The block that instructions go into. */
    public Label current() {
        return current.label;
    }

    /** Whether the current block still lacks its terminator. */
    public boolean isOpen() {
        return current.terminator == null;
    }

    /** The location of what is emitted from here on. */
    public void at(Location location) {
        here = location;
    }

    /** The location of what is emitted next. */
    public Location at() {
        return here;
    }

    // Instructions.

    /** Emits into the current block; the value is of type {@link Type.Void} if there is nothing to use. */
    public Value emit(Operation op) {
        return emit(op, here);
    }

    /** Emits with a location of its own. */
    public Value emit(Operation op, Location at) {
        open();
        Value value = define(op.type());
        current.insts.add(new Inst(value, op, at));
        return value;
    }

    /** A frame slot. It is defined in the entry block, in front of everything, wherever the current block is. */
    public Value slot(int size, int align, String variable) {
        Operation op = new Operation.Slot(size, align, variable);
        Value value = define(op.type());
        slots.add(new Inst(value, op, here));
        return value;
    }

    public Value constant(Type.Int type, long value) {
        return emit(new Operation.Const(type, value));
    }

    public Value binary(BinaryOp op, Value a, Value b) {
        return emit(new Operation.Binary(op, a, b));
    }

    public Value unary(UnaryOp op, Value a) {
        return emit(new Operation.Unary(op, a));
    }

    public Value compare(CompareOp op, Value a, Value b) {
        return emit(new Operation.Compare(op, a, b));
    }

    /** {@code a} in another width: zeros above if it grows, upper bits lost if it shrinks, itself if neither. */
    public Value resize(Value a, Type.Int to) {
        return resize(a, to, ConvertOp.ZEXT);
    }

    /** {@code a} in another width, growing by {@code widening} ({@code ZEXT} or {@code SEXT}). */
    public Value resize(Value a, Type.Int to, ConvertOp widening) {
        int from = ((Type.Int) a.type()).bits();
        if (from == to.bits()) {
            return a;
        }
        return emit(new Operation.Convert(from < to.bits() ? widening : ConvertOp.TRUNC, a, to));
    }

    public Value load(Type type, Value address, int offset) {
        return emit(new Operation.Load(type, address, offset, ByteOrder.LITTLE));
    }

    public void store(Value address, int offset, Value value) {
        emit(new Operation.Store(address, offset, value, ByteOrder.LITTLE));
    }

    /** {@code base + index}; {@code base} itself for 0. */
    public Value offset(Value base, long index) {
        return index == 0 ? base : emit(new Operation.Offset(base, constant(Type.Int.I64, index)));
    }

    // Ends of blocks.

    /** Ends the current block. */
    public void terminate(Terminator terminator) {
        terminate(terminator, here);
    }

    public void terminate(Terminator terminator, Location at) {
        open();
        current.terminator = terminator;
        current.at = at;
    }

    public void jump(Label to, Value... arguments) {
        terminate(new Terminator.Jump(Target.to(to, arguments)));
    }

    public void branch(Value condition, Label then, Label otherwise) {
        branch(condition, then, otherwise, Terminator.Hint.NONE);
    }

    public void branch(Value condition, Label then, Label otherwise, Terminator.Hint hint) {
        terminate(new Terminator.Branch(condition, Target.to(then), Target.to(otherwise), hint));
    }

    public void returns(Value... values) {
        terminate(new Terminator.Return(List.of(values)));
    }

    /**
     * The operation that defines {@code value}, if it is an instruction's result: lets a maker fold as it goes. Looks
     * only at the last few instructions of the current block, so it may miss; it is never wrong.
     */
    public Optional<Operation> recent(Value value) {
        List<Inst> insts = current.insts;
        for (int i = insts.size() - 1; i >= Math.max(0, insts.size() - 8); i--) {
            if (insts.get(i).result().equals(value)) {
                return Optional.of(insts.get(i).op());
            }
        }
        return Optional.empty();
    }

    /**
     * The function, frozen: blocks that control cannot reach are gone, labels and values are numbered densely.
     *
     * @throws IllegalStateException if a block that control reaches has no terminator
     */
    public Function build() {
        List<Block> blocks = new ArrayList<>(placed.size());
        for (Draft draft : placed) {
            List<Inst> insts = draft.insts;
            if (draft == drafts.getFirst() && !slots.isEmpty()) {
                insts = new ArrayList<>(slots);
                insts.addAll(draft.insts);
            }
            // A block that nobody reaches may stay unfinished; it is dropped below.
            Terminator terminator = draft.terminator == null ? new Terminator.Unreachable() : draft.terminator;
            blocks.add(new Block(draft.label, draft.parameters, insts, terminator, draft.at));
        }
        List<Block> reached = DenseNumbering.reachable(blocks);
        for (Block block : reached) {
            if (drafts.get(block.label().index()).terminator == null) {
                throw new IllegalStateException(block.label() + " of " + name + " has no terminator");
            }
        }
        return new Function(name, kind, result, signature, DenseNumbering.compact(reached), declared);
    }

    private Draft draft() {
        Draft draft = new Draft(new Label(drafts.size()));
        drafts.add(draft);
        return draft;
    }

    private void place(Draft draft) {
        if (!draft.placed) {
            draft.placed = true;
            placed.add(draft);
        }
    }

    private Value define(Type type) {
        return new Value(nextValue++, type);
    }

    private void open() {
        if (current.terminator != null) {
            throw new IllegalStateException(current.label + " of " + name + " already ends with " + current.terminator);
        }
    }
}
