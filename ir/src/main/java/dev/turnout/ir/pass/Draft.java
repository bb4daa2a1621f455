package dev.turnout.ir.pass;

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
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A function while one pass rewrites it. Blocks and their lists may be changed in place; a value may be declared to be
 * another one ({@link #replace}), which takes effect when the draft is frozen. Freezing drops unreachable blocks and numbers
 * values and blocks anew, so that passes need not care for gaps.
 *
 * <p>Labels in a draft are positions in {@link #block}; the order in which blocks will stand is {@link #order}.
 */
final class Draft {
    private final Function function;
    private final List<DraftBlock> blocks = new ArrayList<>();
    private final List<DraftBlock> order = new ArrayList<>();
    private @Nullable Value[] replaced;
    private int nextValue;

    /** A block that can be changed. */
    static final class DraftBlock {
        final int index;
        final List<Value> parameters;
        List<Inst> insts;
        Terminator terminator;
        Location at;

        DraftBlock(int index, List<Value> parameters, List<Inst> insts, Terminator terminator, Location at) {
            this.index = index;
            this.parameters = new ArrayList<>(parameters);
            this.insts = new ArrayList<>(insts);
            this.terminator = terminator;
            this.at = at;
        }

        Label label() {
            return new Label(index);
        }
    }

    Draft(Function function) {
        this.function = function;
        for (Block block : function.blocks()) {
            DraftBlock draft =
                    new DraftBlock(blocks.size(), block.parameters(), block.insts(), block.terminator(), block.at());
            blocks.add(draft);
            order.add(draft);
        }
        nextValue = function.valueCount();
        replaced = new Value[nextValue + 16];
    }

    Function function() {
        return function;
    }

    /** Number of labels given out. */
    int size() {
        return blocks.size();
    }

    DraftBlock block(int index) {
        return blocks.get(index);
    }

    DraftBlock block(Label label) {
        return blocks.get(label.index());
    }

    /** All blocks in the order in which they will stand. */
    List<DraftBlock> order() {
        return order;
    }

    /** A new empty block that will stand right behind another one. */
    DraftBlock insert(DraftBlock before, Location at) {
        DraftBlock block = new DraftBlock(blocks.size(), List.of(), List.of(), new Terminator.Unreachable(), at);
        blocks.add(block);
        order.add(order.indexOf(before) + 1, block);
        return block;
    }

    Value fresh(Type type) {
        if (nextValue == replaced.length) {
            replaced = Arrays.copyOf(replaced, 2 * nextValue);
        }
        return new Value(nextValue++, type);
    }

    /** One more than the largest value number so far. */
    int valueCount() {
        return nextValue;
    }

    /** A new instruction with a new value. */
    Inst inst(Operation op, Location at) {
        return new Inst(fresh(op.type()), op, at);
    }

    /** All uses of {@code old} become uses of {@code by}, which has the same type. */
    void replace(Value old, Value by) {
        Value to = resolve(by);
        if (to.index() != old.index()) {
            replaced[old.index()] = to;
        }
    }

    /** What a value has been replaced with, in the end; itself if it has not. */
    Value resolve(Value value) {
        Value at = value;
        Value next = replaced[at.index()];
        while (next != null) {
            at = next;
            next = replaced[at.index()];
        }
        return at;
    }

    /** The operation on the values that its operands were replaced with. */
    Operation resolve(Operation op) {
        for (Value operand : op.operands()) {
            if (replaced[operand.index()] != null) {
                return op.map(this::resolve);
            }
        }
        return op;
    }

    /** Applies replacements now, for passes that look at operands while they go on. */
    void settle() {
        for (DraftBlock block : order) {
            List<Inst> insts = block.insts;
            for (int i = 0; i < insts.size(); i++) {
                Inst inst = insts.get(i);
                Operation op = resolve(inst.op());
                if (!op.equals(inst.op())) {
                    insts.set(i, new Inst(inst.result(), op, inst.at()));
                }
            }
            block.terminator = block.terminator.mapValues(this::resolve);
        }
    }

    /** Which blocks can be reached from the entry, by index. */
    boolean[] reachable() {
        boolean[] seen = new boolean[blocks.size()];
        int[] work = new int[blocks.size()];
        int depth = 0;
        seen[0] = true;
        work[depth++] = 0;
        while (depth > 0) {
            for (Target target : blocks.get(work[--depth]).terminator.targets()) {
                int to = target.block().index();
                if (!seen[to]) {
                    seen[to] = true;
                    work[depth++] = to;
                }
            }
        }
        return seen;
    }

    /** The function as it is now: reachable blocks only, values and labels numbered in the order of the text. */
    Function freeze() {
        boolean[] reachable = reachable();
        @Nullable Label[] labels = new Label[blocks.size()];
        @Nullable Value[] values = new Value[nextValue];
        int label = 0;
        int number = 0;
        for (DraftBlock block : order) {
            if (reachable[block.index]) {
                labels[block.index] = new Label(label++);
                for (Value parameter : block.parameters) {
                    values[parameter.index()] = new Value(number++, parameter.type());
                }
                for (Inst inst : block.insts) {
                    Value old = inst.result();
                    values[old.index()] = new Value(number++, old.type());
                }
            }
        }
        UnaryOperator<Value> value = old -> required(values[resolve(old).index()], old);
        UnaryOperator<Target> target = old -> new Target(
                required(labels[old.block().index()], old),
                old.arguments().stream().map(value).toList());
        List<Block> frozen = new ArrayList<>(label);
        for (DraftBlock block : order) {
            if (!reachable[block.index]) {
                continue;
            }
            List<Value> parameters = new ArrayList<>(block.parameters.size());
            for (Value parameter : block.parameters) {
                parameters.add(required(values[parameter.index()], parameter));
            }
            List<Inst> insts = new ArrayList<>(block.insts.size());
            for (Inst inst : block.insts) {
                Value result = required(values[inst.result().index()], inst.result());
                insts.add(new Inst(result, inst.op().map(value), inst.at()));
            }
            frozen.add(new Block(
                    required(labels[block.index], block.index),
                    parameters,
                    insts,
                    block.terminator.map(value, target),
                    block.at));
        }
        return function.withBlocks(frozen);
    }

    private <T> T required(@Nullable T found, Object what) {
        if (found == null) {
            throw new IllegalStateException(what + " of @" + function.name() + " is used but was removed");
        }
        return found;
    }
}
