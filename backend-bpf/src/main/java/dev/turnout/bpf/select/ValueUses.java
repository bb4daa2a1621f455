package dev.turnout.bpf.select;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.UnaryOp;
import dev.turnout.ir.model.Value;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How each value of a function is used, and what follows: which operations need no instruction of their own because their
 * uses take them in, and whose upper bits some use can see. Made once a function, before selection.
 */
final class ValueUses {
    private final @Nullable Operation[] definition;
    private final @Nullable Value[] same;
    private final int[] uses;
    private final int[] conditionUses;
    private final int[] addressUses;
    private final int[] swapUses;
    private final int[] equalityUses;
    private final int[] signUses;
    private final int[] zeroTests;
    private final boolean[] exposed;
    private final boolean[] parameter;
    private @Nullable ParameterWebs webs;
    private @Nullable LastUses lastUses;
    private final BitSet steps = new BitSet();

    private ValueUses(int count) {
        definition = new Operation[count];
        same = new Value[count];
        uses = new int[count];
        conditionUses = new int[count];
        addressUses = new int[count];
        swapUses = new int[count];
        equalityUses = new int[count];
        signUses = new int[count];
        zeroTests = new int[count];
        exposed = new boolean[count];
        parameter = new boolean[count];
    }

    static ValueUses of(Function function, ControlFlowGraph graph) {
        ValueUses all = new ValueUses(function.valueCount());
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                all.definition[inst.result().index()] = inst.op();
            }
            for (Value one : block.parameters()) {
                all.parameter[one.index()] = true;
            }
        }
        all.passThroughs(function);
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                all.operation(inst.op());
            }
            all.terminator(block.terminator());
        }
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                all.zeroTest(inst);
            }
        }
        all.expose(function);
        ParameterWebs first = ParameterWebs.of(function, all, (operand, _) -> all.usedOnce(operand));
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (all.isStep(first, inst, block)) {
                    all.steps.set(inst.result().index());
                }
            }
        }
        LastUses last = LastUses.of(function, graph, all, all::isStep);
        all.lastUses = last;
        all.webs = ParameterWebs.of(function, all, last::ends);
        return all;
    }

    /**
     * Whether an instruction only makes the next value of a parameter that others still read in its block: computed last,
     * it can take the parameter's register, and no move is left.
     */
    private boolean isStep(ParameterWebs first, Inst inst, Block from) {
        return from.terminator() instanceof Terminator.Jump jump
                && inst.op() instanceof Operation.Binary binary
                && jump.to().arguments().contains(inst.result())
                && usedOnce(inst.result())
                && (constant(binary.b()) != null || constant(binary.a()) != null)
                && ((first.continues(inst.result(), root(binary.a())) && !usedOnce(binary.a()))
                        || (first.continues(inst.result(), root(binary.b())) && !usedOnce(binary.b())));
    }

    /** Whether an instruction is to be selected behind all others of its block. */
    boolean isStep(Inst inst) {
        return steps.get(inst.result().index());
    }

    /** A parameter of a block that one edge leads to is the argument. */
    private void passThroughs(Function function) {
        int[] edges = new int[function.blocks().size()];
        for (Block block : function.blocks()) {
            for (Target target : block.terminator().targets()) {
                edges[target.block().index()]++;
            }
        }
        for (Block block : function.blocks()) {
            Terminator end = block.terminator();
            List<Target> targets = end.targets();
            for (int i = 0; i < targets.size(); i++) {
                Target target = targets.get(i);
                Block to = function.block(target.block());
                int skipped = end instanceof Terminator.Checked && i == 0 ? 1 : 0;
                for (int k = 0; k < target.arguments().size(); k++) {
                    Value into = to.parameters().get(k + skipped);
                    Value argument = target.arguments().get(k);
                    if (edges[to.label().index()] == 1) {
                        same[into.index()] = argument;
                    }
                }
            }
        }
    }

    /** The value that {@code value} is another name of, or itself. */
    Value root(Value value) {
        Value at = value;
        for (Value next = same[at.index()]; next != null; next = same[at.index()]) {
            at = next;
        }
        return at;
    }

    boolean isPassedThrough(Value parameter) {
        return same[parameter.index()] != null;
    }

    private void count(int[] kind, Value value) {
        kind[root(value).index()]++;
    }

    private void operation(Operation op) {
        for (Value value : op.operands()) {
            count(uses, value);
        }
        switch (op) {
            case Operation.Load load -> count(addressUses, load.address());
            case Operation.Store store -> count(addressUses, store.address());
            case Operation.Atomic atomic -> count(addressUses, atomic.address());
            case Operation.Offset offset -> {
                if (constant(offset.index()) != null) {
                    count(addressUses, offset.base());
                }
            }
            case Operation.Select select -> count(conditionUses, select.condition());
            case Operation.Unary unary -> {
                if (unary.op() == UnaryOp.BSWAP) {
                    count(swapUses, unary.a());
                }
            }
            case Operation.Convert convert -> {
                if (convert.op() == ConvertOp.SEXT) {
                    count(signUses, convert.a());
                }
            }
            case Operation.Compare compare -> {
                if ((compare.op() == CompareOp.EQ || compare.op() == CompareOp.NE) && constant(compare.b()) != null) {
                    count(equalityUses, compare.a());
                }
            }
            case Operation.Const _, Operation.Null _, Operation.Binary _, Operation.Difference _ -> {}
            case Operation.Slot _, Operation.Address _, Operation.LoadContext _, Operation.Call _ -> {}
            case Operation.CallPointer _, Operation.CallHelper _, Operation.CallKernel _, Operation.CallHost _ -> {}
            case Operation.Prove _, Operation.Opaque _ -> {}
        }
    }

    private void terminator(Terminator end) {
        for (Value value : end.operands()) {
            count(uses, value);
        }
        for (Target target : end.targets()) {
            for (Value value : target.arguments()) {
                count(uses, value);
            }
        }
        if (end instanceof Terminator.Branch branch) {
            count(conditionUses, branch.condition());
        }
        // A check at a constant place adds to the base without changing it.
        if (end instanceof Terminator.Checked checked && constant(checked.offset()) != null) {
            count(addressUses, checked.base());
        }
    }

    private void zeroTest(Inst inst) {
        if (inst.op() instanceof Operation.Compare compare
                && (compare.op() == CompareOp.EQ || compare.op() == CompareOp.NE)
                && onlyCondition(inst.result())
                && isZero(compare.b())) {
            count(zeroTests, compare.a());
        }
    }

    private boolean isZero(Value value) {
        Operation.Const constant = constant(value);
        return constant != null && constant.value() == 0;
    }

    // Upper bits.

    /** Marks the values whose upper bits some use sees, through parameters and what else passes values on unchanged. */
    private void expose(Function function) {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int b = function.blocks().size() - 1; b >= 0; b--) {
                Block block = function.blocks().get(b);
                changed |= exposeIn(function, block);
            }
        }
    }

    private boolean exposeIn(Function function, Block block) {
        boolean changed = false;
        Terminator end = block.terminator();
        switch (end) {
            case Terminator.Switch choice -> changed |= mark(choice.value());
            case Terminator.Return back -> {
                for (Value value : back.values()) {
                    changed |= mark(value);
                }
            }
            case Terminator.TailCall call -> changed |= mark(call.index());
            case Terminator.Jump _, Terminator.Branch _, Terminator.StaticBranch _, Terminator.StaticSwitch _ -> {}
            case Terminator.Checked _, Terminator.MayGoto _, Terminator.Unreachable _ -> {}
        }
        List<Target> targets = end.targets();
        for (int i = 0; i < targets.size(); i++) {
            Target target = targets.get(i);
            int skipped = end instanceof Terminator.Checked && i == 0 ? 1 : 0;
            List<Value> into = function.block(target.block()).parameters();
            for (int k = 0; k < target.arguments().size(); k++) {
                if (exposed[into.get(k + skipped).index()]) {
                    changed |= mark(target.arguments().get(k));
                }
            }
        }
        for (int i = block.insts().size() - 1; i >= 0; i--) {
            changed |= exposeOperands(block.insts().get(i));
        }
        return changed;
    }

    private boolean exposeOperands(Inst inst) {
        return switch (inst.op()) {
            case Operation.Convert convert -> convert.op() == ConvertOp.ZEXT && mark(convert.a());
            case Operation.Binary binary -> {
                boolean narrow = ((Type.Int) binary.a().type()).bits() < 32;
                yield switch (binary.op()) {
                    case LSHR -> narrow && mark(binary.a());
                    case UDIV, UREM -> narrow && markAll(binary.operands());
                    case ADD, SUB, MUL, SDIV, SREM, AND, OR, XOR, SHL, ASHR -> false;
                };
            }
            case Operation.Compare compare ->
                compare.a().type() instanceof Type.Int type
                        && type.bits() < 32
                        && !compare.op().signed()
                        && markAll(compare.operands());
            case Operation.Select select -> exposed[inst.result().index()] && markAll(List.of(select.a(), select.b()));
            case Operation.Opaque opaque -> exposed[inst.result().index()] && mark(opaque.a());
            case Operation.Call call -> markAll(call.arguments());
            case Operation.CallPointer call -> markAll(call.arguments());
            case Operation.CallHelper call -> markAll(call.arguments());
            case Operation.CallKernel call -> markAll(call.arguments());
            case Operation.Const _, Operation.Null _, Operation.Unary _, Operation.Offset _ -> false;
            case Operation.Difference _, Operation.Slot _, Operation.Address _, Operation.Load _ -> false;
            case Operation.LoadContext _, Operation.Store _, Operation.Atomic _ -> false;
            case Operation.CallHost _, Operation.Prove _ -> false;
        };
    }

    private boolean markAll(List<Value> values) {
        boolean changed = false;
        for (Value value : values) {
            changed |= mark(value);
        }
        return changed;
    }

    private boolean mark(Value value) {
        int index = value.index();
        if (exposed[index]) {
            return false;
        }
        exposed[index] = true;
        Value passed = same[index];
        if (passed != null) {
            mark(passed);
        }
        return true;
    }

    // Answers.

    /** What defines a value, through names; null for a parameter. */
    @Nullable
    Operation definition(Value value) {
        return definition[root(value).index()];
    }

    /** The number, if the value is a constant. */
    Operation.@Nullable Const constant(Value value) {
        return definition(value) instanceof Operation.Const constant ? constant : null;
    }

    boolean isUsed(Value value) {
        return uses[value.index()] > 0;
    }

    boolean usedOnce(Value value) {
        return uses[root(value).index()] == 1;
    }

    /** Whether some use sees the bits above the value's width. */
    boolean isExposed(Value value) {
        return exposed[value.index()];
    }

    /** Whether every use is a condition, so that a comparison can be made where it is asked. */
    boolean onlyCondition(Value value) {
        return uses[value.index()] == conditionUses[value.index()];
    }

    /** Whether every use adds a constant and reads or writes there. */
    boolean onlyAddress(Value value) {
        return uses[value.index()] == addressUses[value.index()];
    }

    /** Whether a number read in network order is only ever swapped back. */
    boolean onlySwapped(Value value) {
        return uses[value.index()] > 0 && uses[value.index()] == swapUses[value.index()];
    }

    /** Whether the only thing ever asked is whether it equals a constant. */
    boolean onlyCompared(Value value) {
        return uses[value.index()] > 0 && uses[value.index()] == equalityUses[value.index()];
    }

    /** Whether every use extends its sign. */
    boolean onlySignExtended(Value value) {
        return uses[value.index()] > 0 && uses[value.index()] == signUses[value.index()];
    }

    boolean isParameter(Value value) {
        return parameter[value.index()];
    }

    /**
     * How likely it costs no move to compute {@code result} in the register of {@code operand}: first, whether nothing reads
     * the operand later; then, whether it was made of the parameter that the result becomes the next value of; then, whether
     * it came into being where this function wanted it, not where a caller or another block put it.
     */
    int affinity(Value result, Value operand) {
        Value root = root(operand);
        ParameterWebs found = webs;
        LastUses last = lastUses;
        return (last != null && last.ends(root, result) ? 4 : 0)
                + (found != null && found.continues(result, root) ? 2 : 0)
                + (parameter[root.index()] ? 0 : 1);
    }

    /** Whether to compute a commutative operation in the register of {@code b} and not of {@code a}. */
    boolean prefersSecond(Value result, Value a, Value b) {
        int first = affinity(result, a);
        int second = affinity(result, b);
        // Of two that were made of one parameter the later one is the one that may destroy it.
        return second > first || (first >= IN_PLACE && second >= IN_PLACE && root(b).index() > root(a).index());
    }

    /** The least {@link #affinity} of what is overwritten anyway and on its way to the same place. */
    private static final int IN_PLACE = 6;

    /** Whether nothing reads {@code value} behind the terminator of a block. */
    boolean endsWith(int block, Value value) {
        LastUses last = lastUses;
        return last != null && last.endsWith(block, value);
    }

    /** Whether a load's number is wanted in the order in which it lies in memory. */
    boolean wantsMemoryOrder(Value result, Operation.Load load) {
        return load.order() == ByteOrder.BIG && (onlySwapped(result) || onlyCompared(result));
    }

    /**
     * Whether an {@code and} is only asked whether it is zero, so that JSET can take it in. Of narrow numbers only with a
     * constant: what lies above the width must not be seen.
     */
    boolean onlyTestedForZero(Value value, Operation.Binary and) {
        int index = root(value).index();
        return and.op() == BinaryOp.AND
                && uses[index] > 0
                && uses[index] == zeroTests[index]
                && (((Type.Int) and.a().type()).bits() >= 32 || constant(and.b()) != null);
    }
}
