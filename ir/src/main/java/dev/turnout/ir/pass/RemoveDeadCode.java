package dev.turnout.ir.pass;

import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removes instructions whose result nobody needs, block parameters that nobody reads, blocks that nobody reaches, and
 * stores to slots that nobody reads.
 *
 * <pre>
 * b0(v0: i32, v1: i32):                   b0(v0: i32, v1: i32):
 *     v2 = slot 4 align 4 "n"                 jump b1(v0)
 *     store i32 v0 to v2                  b1(v2: i32):
 *     v4 = add i32 v0, v1         =>          return v2
 *     jump b1(v0, v4)
 * b1(v5: i32, v6: i32):
 *     return v5
 * </pre>
 *
 * <p>Everything is dead until shown to be needed: what has an effect is, what a terminator uses is, and then what those need;
 * a parameter that is needed makes the arguments for it needed. So a cycle of values that only feeds itself goes too. A slot
 * is read if its address goes anywhere but into the address of a store, or of an offset that itself goes nowhere else.
 * Parameters of the entry and the reference that {@code checked} defines stay, since their places are fixed. Linear.
 */
public final class RemoveDeadCode {
    private final Function function;
    private final boolean[] needed;
    private final int[] work;
    private int depth;

    /** For a parameter: where its arguments come from. */
    private final @Nullable Inst[] definition;

    private final @Nullable Block[] parameterOf;
    private final int[] position;
    private final List<List<Target>> incoming = new ArrayList<>();
    private final List<List<Boolean>> incomingSkips = new ArrayList<>();
    private final boolean[] onlyWritten;

    private RemoveDeadCode(Function function) {
        this.function = function;
        int count = function.valueCount();
        needed = new boolean[count];
        work = new int[count];
        definition = new Inst[count];
        parameterOf = new Block[count];
        position = new int[count];
        onlyWritten = onlyWritten(function);
    }

    public static Function run(Function function) {
        return new RemoveDeadCode(function).run();
    }

    private Function run() {
        index();
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (!inst.op().effect().removable() && !isDeadStore(inst.op())) {
                    need(inst.result());
                }
            }
            block.terminator().operands().forEach(this::need);
        }
        while (depth > 0) {
            int value = work[--depth];
            Inst inst = definition[value];
            Block block = parameterOf[value];
            if (inst != null) {
                inst.op().operands().forEach(this::need);
            } else if (block != null) {
                arguments(block.label().index(), position[value]);
            }
        }
        return sweep();
    }

    private void index() {
        for (Block block : function.blocks()) {
            incoming.add(new ArrayList<>(2));
            incomingSkips.add(new ArrayList<>(2));
            for (int i = 0; i < block.parameters().size(); i++) {
                parameterOf[block.parameters().get(i).index()] = block;
                position[block.parameters().get(i).index()] = i;
            }
            for (Inst inst : block.insts()) {
                definition[inst.result().index()] = inst;
            }
        }
        for (Block block : function.blocks()) {
            List<Target> targets = block.terminator().targets();
            for (int i = 0; i < targets.size(); i++) {
                incoming.get(targets.get(i).block().index()).add(targets.get(i));
                incomingSkips
                        .get(targets.get(i).block().index())
                        .add(i == 0 && block.terminator() instanceof Terminator.Checked);
            }
        }
    }

    private void arguments(int block, int parameter) {
        for (int i = 0; i < incoming.get(block).size(); i++) {
            int argument = incomingSkips.get(block).get(i) ? parameter - 1 : parameter;
            if (argument >= 0) {
                need(incoming.get(block).get(i).arguments().get(argument));
            }
        }
    }

    private void need(Value value) {
        if (!needed[value.index()]) {
            needed[value.index()] = true;
            work[depth++] = value.index();
        }
    }

    private boolean isDeadStore(Operation op) {
        return op instanceof Operation.Store store
                && onlyWritten[store.address().index()];
    }

    /** The pointers to slots that are only ever stored to, by value number. */
    private static boolean[] onlyWritten(Function function) {
        boolean[] only = new boolean[function.valueCount()];
        boolean any = false;
        for (Inst inst : function.entry().insts()) {
            only[inst.result().index()] = inst.op() instanceof Operation.Slot;
            any |= inst.op() instanceof Operation.Slot;
        }
        // Down: offsets of such pointers are such pointers. Up: one that is used otherwise spoils its base.
        boolean changed = any;
        while (changed) {
            changed = false;
            for (Block block : function.blocks()) {
                for (Inst inst : block.insts()) {
                    if (inst.op() instanceof Operation.Offset offset
                            && only[offset.base().index()]
                            && !only[inst.result().index()]) {
                        only[inst.result().index()] = true;
                        changed = true;
                    }
                }
            }
        }
        boolean[] spoiled = new boolean[only.length];
        changed = any;
        while (changed) {
            changed = false;
            for (Block block : function.blocks()) {
                for (Inst inst : block.insts()) {
                    for (Value used : inst.op().operands()) {
                        changed |= spoil(inst, used, only, spoiled);
                    }
                }
                for (Value used : block.terminator().operands()) {
                    changed |= spoil(null, used, only, spoiled);
                }
                for (Target target : block.terminator().targets()) {
                    for (Value used : target.arguments()) {
                        changed |= spoil(null, used, only, spoiled);
                    }
                }
            }
        }
        // What is spoiled spoils all that points into the same slot, and so all offsets of it.
        for (int round = 0; round < 2; round++) {
            for (Block block : function.blocks()) {
                for (Inst inst : block.insts()) {
                    if (inst.op() instanceof Operation.Offset offset
                            && spoiled[offset.base().index()]) {
                        spoiled[inst.result().index()] = true;
                    }
                }
            }
        }
        for (int i = 0; i < only.length; i++) {
            only[i] &= !spoiled[i];
        }
        return only;
    }

    private static boolean spoil(@Nullable Inst user, Value used, boolean[] only, boolean[] spoiled) {
        if (!only[used.index()] || spoiled[used.index()]) {
            return false;
        }
        boolean harmless = user != null
                && ((user.op() instanceof Operation.Store store && store.value().index() != used.index())
                        || (user.op() instanceof Operation.Offset
                                && !spoiled[user.result().index()]));
        spoiled[used.index()] = !harmless;
        return !harmless;
    }

    private Function sweep() {
        Draft draft = new Draft(function);
        boolean changed = false;
        boolean[] reachable = draft.reachable();
        for (boolean one : reachable) {
            changed |= !one;
        }
        boolean[][] keeps = new boolean[draft.size()][];
        for (Draft.DraftBlock block : draft.order()) {
            changed |= block.insts.removeIf(inst -> !needed[inst.result().index()]);
            keeps[block.index] = keeps(block);
            for (boolean keep : keeps[block.index]) {
                changed |= !keep;
            }
        }
        if (!changed) {
            return function;
        }
        for (Draft.DraftBlock block : draft.order()) {
            boolean[] keep = keeps[block.index];
            block.parameters.removeIf(parameter -> !keep[position[parameter.index()]]);
            block.terminator = block.terminator instanceof Terminator.Checked checked
                    ? new Terminator.Checked(
                            checked.base(),
                            checked.offset(),
                            checked.bytes(),
                            checked.end(),
                            shortened(checked.ok(), keeps, 1),
                            shortened(checked.fail(), keeps, 0))
                    : block.terminator.map(value -> value, target -> shortened(target, keeps, 0));
        }
        return draft.freeze();
    }

    /** Which parameters of a block stay. */
    private boolean[] keeps(Draft.DraftBlock block) {
        boolean[] keep = new boolean[block.parameters.size()];
        for (int i = 0; i < keep.length; i++) {
            keep[i] =
                    block.index == 0 || needed[block.parameters.get(i).index()] || (i == 0 && isReference(block.index));
        }
        return keep;
    }

    private boolean isReference(int block) {
        return incomingSkips.get(block).contains(true);
    }

    /** @param skipped parameters at the front that the target has no argument for */
    private static Target shortened(Target target, boolean[][] keeps, int skipped) {
        boolean[] keep = keeps[target.block().index()];
        List<Value> arguments = new ArrayList<>(target.arguments().size());
        for (int i = 0; i < target.arguments().size(); i++) {
            if (keep[i + skipped]) {
                arguments.add(target.arguments().get(i));
            }
        }
        return arguments.size() == target.arguments().size() ? target : new Target(target.block(), arguments);
    }
}
