package dev.turnout.ir.analysis;

import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Value;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where each value of a function is defined, by what, and how often it is used. */
public final class Definitions {
    private final int[] block;
    private final int[] position;
    private final int[] uses;
    private final @Nullable Inst[] inst;

    private Definitions(int count) {
        block = new int[count];
        position = new int[count];
        uses = new int[count];
        inst = new Inst[count];
        Arrays.fill(block, -1);
    }

    /** Linear in the function. */
    public static Definitions of(Function function) {
        Definitions all = new Definitions(function.valueCount());
        for (Block block : function.blocks()) {
            int number = block.label().index();
            for (int i = 0; i < block.parameters().size(); i++) {
                int value = block.parameters().get(i).index();
                all.block[value] = number;
                all.position[value] = -1 - i;
            }
            for (int i = 0; i < block.insts().size(); i++) {
                Inst inst = block.insts().get(i);
                int value = inst.result().index();
                all.block[value] = number;
                all.position[value] = i;
                all.inst[value] = inst;
                all.count(inst.op().operands());
            }
            all.count(block.terminator().operands());
            for (Target target : block.terminator().targets()) {
                all.count(target.arguments());
            }
        }
        return all;
    }

    private void count(List<Value> operands) {
        for (Value value : operands) {
            uses[value.index()]++;
        }
    }

    /** The block that defines the value; -1 if nothing does. */
    public int block(Value value) {
        return block[value.index()];
    }

    /** The instruction's position in its block; {@code -1 - i} for parameter {@code i}. */
    public int position(Value value) {
        return position[value.index()];
    }

    /** What computes the value; null for a parameter. */
    public @Nullable Operation op(Value value) {
        Inst found = inst[value.index()];
        return found == null ? null : found.op();
    }

    /** The number, if the value is a constant; else null. */
    public Operation.@Nullable Const constant(Value value) {
        return op(value) instanceof Operation.Const constant ? constant : null;
    }

    /** Number of uses as an operand or argument. */
    public int uses(Value value) {
        return uses[value.index()];
    }
}
