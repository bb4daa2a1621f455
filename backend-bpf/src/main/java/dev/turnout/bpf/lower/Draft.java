package dev.turnout.bpf.lower;

import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A function whose blocks are being replaced and added to; one owner, frozen by {@link #build}. */
final class Draft {
    private final Function function;
    private final List<Block> blocks;
    private int nextValue;
    private boolean changed;

    /** A zero that no verifier knows, at the top of the function; null before it is needed. */
    private @Nullable Value unknownZero;

    private final Map<Map<Value, Held.Release>, Label> failing = new HashMap<>();

    Draft(Function function) {
        this.function = function;
        this.blocks = new ArrayList<>(function.blocks());
        this.nextValue = function.valueCount();
    }

    Value fresh(Type type) {
        return new Value(nextValue++, type);
    }

    /** Blocks so far, those added included. */
    int size() {
        return blocks.size();
    }

    Block block(int index) {
        return blocks.get(index);
    }

    void set(int index, List<Inst> insts, Terminator terminator) {
        Block old = blocks.get(index);
        blocks.set(index, new Block(old.label(), old.parameters(), insts, terminator, old.at()));
        changed = true;
    }

    void set(int index, List<Inst> insts, Terminator terminator, Location at) {
        Block old = blocks.get(index);
        blocks.set(index, new Block(old.label(), old.parameters(), insts, terminator, at));
        changed = true;
    }

    void replace(int index, List<Value> parameters, List<Inst> insts, Terminator terminator) {
        Block old = blocks.get(index);
        blocks.set(index, new Block(old.label(), parameters, insts, terminator, old.at()));
        changed = true;
    }

    void setTerminator(int index, Terminator terminator) {
        set(index, blocks.get(index).insts(), terminator);
    }

    Label add(List<Value> parameters, List<Inst> insts, Terminator terminator, Location at) {
        Label label = new Label(blocks.size());
        blocks.add(new Block(label, parameters, insts, terminator, at));
        changed = true;
        return label;
    }

    /** Appends an instruction to a list that becomes a block's. */
    Value emit(List<Inst> insts, Operation op, Location at) {
        Value value = fresh(op.type());
        insts.add(new Inst(value, op, at));
        return value;
    }

    /** A number mixed with a zero that no verifier knows: the same number, of which nothing is known. */
    Operation hidden(List<Inst> insts, Value known, Location at) {
        Type.Int type = (Type.Int) known.type();
        Value zero = unknownZero();
        if (!type.equals(Type.Int.I64)) {
            zero = emit(insts, new Operation.Convert(ConvertOp.TRUNC, zero, type), at);
        }
        return new Operation.Binary(BinaryOp.XOR, known, zero);
    }

    /** Made once; the entry block is written to where it is. */
    Value unknownZero() {
        Value there = unknownZero;
        if (there == null) {
            Block entry = blocks.getFirst();
            List<Inst> insts = new ArrayList<>();
            Value nothing = emit(insts, new Operation.Const(Type.Int.I64, 0), entry.at());
            there = emit(insts, new Operation.Opaque(nothing), entry.at());
            insts.addAll(entry.insts());
            set(0, insts, entry.terminator());
            unknownZero = there;
        }
        return there;
    }

    /**
     * The block where control goes if the machine does not let it go on: a budget is spent, or a place is not where it was
     * proven to be. Bounded loops and proven places never come here. A program leaves with its {@code fails} value, and so
     * does a function that has one; another gives what stands for nothing, null or 0, and its caller goes on.
     *
     * @param held what is given back before
     */
    Label failing(Map<Value, Held.Release> held) {
        Label known = failing.get(held);
        if (known == null) {
            List<Inst> insts = new ArrayList<>();
            List<Value> values = new ArrayList<>(held.keySet());
            for (Value value : values.reversed()) {
                release(insts, value, held.get(value));
            }
            List<Value> result = new ArrayList<>();
            if (function.result() instanceof Type.Int type) {
                result.add(emit(insts, new Operation.Const(type, function.kind().fails()), function.at()));
            } else if (function.result() instanceof Type.Ptr type) {
                result.add(emit(insts, new Operation.Null(type), function.at()));
            }
            known = add(List.of(), insts, new Terminator.Return(result), function.at());
            failing.put(held, known);
        }
        return known;
    }

    private void release(List<Inst> insts, Value value, Held.@Nullable Release how) {
        if (how == Held.Release.DISCARD) {
            Value none = emit(insts, new Operation.Const(Type.Int.I64, 0), function.at());
            emit(insts, new Operation.CallHelper(how.helper(), List.of(value, none), Type.Void.VOID), function.at());
        } else if (how == Held.Release.UNLOCK) {
            emit(insts, new Operation.CallHelper(how.helper(), List.of(value), Type.Void.VOID), function.at());
        }
    }

    Function build() {
        return changed ? function.withBlocks(blocks) : function;
    }
}
