package dev.turnout.bpf.select;

import static dev.turnout.bpf.isa.Width.W32;
import static dev.turnout.bpf.isa.Width.W64;
import static dev.turnout.bpf.machine.MachineInsn.NONE;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.lower.PlainRanges;
import dev.turnout.bpf.machine.MachineBlock;
import dev.turnout.bpf.machine.MachineEnd;
import dev.turnout.bpf.machine.MachineInsn;
import dev.turnout.bpf.machine.Place;
import dev.turnout.bpf.object.Reference;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ends of blocks: branches, tables, checks of the packet, patch sites. */
final class WaySelection {
    /** The largest offset into a packet that Linux's verifier follows. */
    private static final int PACKET_REACH = 0xffff;

    private final ValueRegisters values;
    private final ConditionSelection conditions;
    private final EdgeSelection edges;

    private final List<DispatchCopies.Dispatch> dispatches = new ArrayList<>();

    /** Made when first asked for. */
    private @Nullable PlainRanges ranges;

    WaySelection(ValueRegisters values, ConditionSelection conditions, EdgeSelection edges) {
        this.values = values;
        this.conditions = conditions;
        this.edges = edges;
    }

    void terminate(Block from) {
        switch (from.terminator()) {
            case Terminator.Jump jump -> {
                edges.copies(jump.to(), 0);
                values.current.end(new MachineEnd.Jump(jump.to().block().index()), values.here);
            }
            case Terminator.Branch branch -> {
                Condition condition = conditions.condition(branch.condition());
                MachineBlock last = values.current;
                int then = edges.edge(branch.then(), 0);
                int otherwise = edges.edge(branch.otherwise(), 0);
                last.end(condition.branch(then, otherwise), values.here);
            }
            case Terminator.Switch choice -> table(choice);
            case Terminator.StaticBranch branch -> {
                int on = edges.edge(branch.on(), 0);
                int off = edges.edge(branch.off(), 0);
                boolean initially = values.context.initial(branch.key()) != 0;
                boolean onInLine =
                        branch.hint() == Terminator.Hint.NONE ? initially : branch.hint() == Terminator.Hint.LIKELY;
                // What is in line is fallen into; the other way is the jump.
                values.current.end(
                        onInLine
                                ? new MachineEnd.StaticBranch(branch.key(), 1, true, initially, off, on)
                                : new MachineEnd.StaticBranch(branch.key(), 1, false, !initially, on, off),
                        values.here);
            }
            case Terminator.StaticSwitch choice -> {
                List<MachineEnd.StaticSwitch.Arm> arms = new ArrayList<>();
                long now = values.context.initial(choice.key());
                int initial = NONE;
                for (Terminator.Case one : choice.cases()) {
                    int target = edges.edge(one.to(), 0);
                    for (long value = one.low(); value <= one.high(); value++) {
                        arms.add(new MachineEnd.StaticSwitch.Arm(value, target));
                        initial = value == now ? target : initial;
                    }
                }
                int otherwise = initial == NONE ? edges.edge(choice.otherwise(), 0) : initial;
                values.current.end(new MachineEnd.StaticSwitch(choice.key(), arms, otherwise), values.here);
            }
            case Terminator.Checked checked -> checked(checked);
            case Terminator.TailCall call -> {
                values.pass(List.of(call.context(), call.map(), call.index()));
                values.emit(new MachineInsn.CallHelper(HelperFunction.TAIL_CALL.id(), 3));
                edges.copies(call.miss(), 0);
                values.current.end(new MachineEnd.Jump(call.miss().block().index()), values.here);
            }
            case Terminator.MayGoto jump -> {
                MachineBlock last = values.current;
                int next = edges.edge(jump.next(), 0);
                int exit = edges.edge(jump.exit(), 0);
                last.end(new MachineEnd.MayGoto(next, exit), values.here);
            }
            case Terminator.Return back -> {
                if (!back.values().isEmpty()) {
                    values.into(back.values().getFirst(), 0);
                }
                values.current.end(new MachineEnd.Exit(), values.here);
            }
            case Terminator.Unreachable _ -> {
                values.emit(new MachineInsn.Constant(0, 0));
                values.current.end(new MachineEnd.Exit(), values.here);
            }
        }
    }

    /** A table: {@code if i > n - 1 goto else; i <<= 3; p = table; p += i; p = *p; gotox p}. */
    void table(Terminator.Switch choice) {
        List<Integer> blocks = new ArrayList<>();
        blocks.add(values.current.number());
        boolean whole = values.current.number() == values.block;
        long low = choice.cases().getFirst().low();
        int entries = Math.toIntExact(choice.cases().getLast().high() - low + 1);
        int index = values.out.newRegister();
        values.into(choice.value(), index);
        int known = values.known(choice.value());
        if (low != 0) {
            Width width = ValueRegisters.width(choice.value());
            if (ValueRegisters.fits(-low)) {
                values.emit(new MachineInsn.AluImmediate(AluOp.ADD, width, index, (int) -low));
            } else {
                values.emit(new MachineInsn.Alu(AluOp.SUB, width, index, values.shared(low)));
            }
            known = width.bits();
        }
        int otherwise = edges.edge(choice.otherwise(), 0);
        if (known < 31 && 1 << known <= 2 * entries) {
            // Entries for all that the index can be cost less than a test.
            entries = Math.max(entries, 1 << known);
        }
        boolean bounded = known < 31 && 1 << known <= entries;
        if (!bounded) {
            if (choice.exhaustive()) {
                // Nothing else occurs, but the machine's verifier must see it: a full table of a power of two.
                entries = Integer.highestOneBit(Math.max(1, entries * 2 - 1));
                values.emit(new MachineInsn.AluImmediate(AluOp.AND, W32, index, entries - 1));
            } else {
                MachineBlock inside = values.out.newBlock(values.current.depth());
                values.current.end(
                        new MachineEnd.Branch(JumpOp.JGT, W64, index, NONE, entries - 1, otherwise, inside.number()),
                        values.here);
                values.current = inside;
                blocks.add(inside.number());
            }
        }
        int[] targets = new int[entries];
        java.util.Arrays.fill(targets, otherwise);
        for (Terminator.Case one : choice.cases()) {
            int target = edges.edge(one.to(), 0);
            for (long value = one.low(); Long.compareUnsigned(value, one.high()) <= 0; value++) {
                targets[(int) (value - low)] = target;
                if (value == -1) {
                    break;
                }
            }
        }
        String name = values.context.nextTable(values.function.name());
        values.emit(new MachineInsn.AluImmediate(AluOp.LSH, W64, index, 3));
        int base = values.shared(new Reference.ToJumpTable(name, 0));
        values.emit(new MachineInsn.Alu(AluOp.ADD, W64, index, base));
        int address = values.out.newRegister();
        values.emit(new MachineInsn.Load(Size.DW, false, address, Place.at(index, 0)));
        List<Integer> all = new ArrayList<>(entries);
        for (int target : targets) {
            all.add(target);
        }
        values.current.end(new MachineEnd.Table(address, name, all), values.here);
        if (whole && choice.copies() == Terminator.Copies.EACH && values.context.target() == TargetProfile.VM) {
            // Linux would walk each copy's ways with each other's states: there the dispatch stays one.
            dispatches.add(new DispatchCopies.Dispatch(blocks));
        }
    }

    /** Dispatches that are to be copied to what jumps to them. */
    List<DispatchCopies.Dispatch> dispatches() {
        return dispatches;
    }

    void checked(Terminator.Checked checked) {
        int fail = edges.edge(checked.fail(), 0);
        Place base = values.place(checked.base());
        Operation.Const constant = values.uses.constant(checked.offset());
        Place start;
        if (constant != null) {
            if (Long.compareUnsigned(constant.value(), PACKET_REACH - checked.bytes()) > 0) {
                values.current.end(new MachineEnd.Jump(fail), values.here);
                return;
            }
            start = new Place(base.base(), base.slot(), base.offset() + (int) constant.value());
        } else {
            if (values.known(checked.offset()) > 15 && !near(checked)) {
                MachineBlock near = values.out.newBlock(values.current.depth());
                values.current.end(
                        new MachineEnd.Branch(
                                JumpOp.JGT,
                                W64,
                                values.reg(checked.offset()),
                                NONE,
                                PACKET_REACH - checked.bytes(),
                                fail,
                                near.number()),
                        values.here);
                values.current = near;
            }
            int moved = values.out.newRegister();
            boolean indexFirst =
                    !values.isMade(checked.offset()) && values.uses.endsWith(values.block, checked.offset());
            if (indexFirst) {
                values.into(checked.offset(), moved);
                values.emit(new MachineInsn.Alu(AluOp.ADD, W64, moved, base.base()));
            } else {
                values.emit(new MachineInsn.Move(moved, base.base()));
                values.emit(new MachineInsn.Alu(AluOp.ADD, W64, moved, values.reg(checked.offset())));
            }
            start = Place.at(moved, base.offset());
        }
        int last = start.base();
        if (constant == null && start.offset() + checked.bytes() != 0 && onlyRead(checked.ok())) {
            // One pointer behind the bytes, read backwards from, instead of two.
            values.emit(new MachineInsn.AluImmediate(AluOp.ADD, W64, last, start.offset() + checked.bytes()));
            start = Place.at(last, -checked.bytes());
        } else if (start.offset() + checked.bytes() != 0) {
            last = values.out.newRegister();
            values.emit(new MachineInsn.Move(last, start.base()));
            values.emit(new MachineInsn.AluImmediate(AluOp.ADD, W64, last, start.offset() + checked.bytes()));
        }
        int end = values.reg(checked.end());
        MachineBlock testing = values.current;
        int ok = proven(checked.ok(), start);
        testing.end(new MachineEnd.Branch(JumpOp.JGT, W64, last, end, 0, fail, ok), values.here);
    }

    /**
     * Whether the offset is so small by what the code itself says that every verifier of the target sees it, too. Linux
     * bounds the results of divisions only since 7.0 and of changed byte orders since 6.18, so nothing is made of these.
     */
    private boolean near(Terminator.Checked checked) {
        PlainRanges known = ranges;
        if (known == null) {
            known = PlainRanges.of(values.function);
            ranges = known;
        }
        return Long.compareUnsigned(known.high(checked.offset(), values.block), PACKET_REACH - checked.bytes()) <= 0;
    }

    /** Whether what a check proves is used as a place of accesses only, on no other way. */
    private boolean onlyRead(Target ok) {
        Value reference = values.function.block(ok.block()).parameters().getFirst();
        return values.graph.predecessors(ok.block().index()).length == 1 && values.uses.onlyAddress(reference);
    }

    /** The block where the check held, in which the first parameter is the place. */
    int proven(Target ok, Place start) {
        int to = ok.block().index();
        Value reference = values.function.block(ok.block()).parameters().getFirst();
        if (values.graph.predecessors(to).length == 1) {
            if (ValueRegisters.fitsOffset(start.offset()) && values.uses.onlyAddress(reference)) {
                values.folded[reference.index()] = start;
                values.register[reference.index()] = NONE;
            } else if (start.offset() == 0) {
                values.register[reference.index()] = start.base();
            } else {
                values.current = values.out.block(to);
                values.materialise(start, values.register[reference.index()]);
            }
            return to;
        }
        MachineBlock between = edges.split(to);
        values.current = between;
        int kept = values.out.newRegister();
        values.materialise(start, kept);
        edges.copies(ok, 1);
        values.emit(new MachineInsn.Move(values.register[reference.index()], kept));
        between.end(new MachineEnd.Jump(to), values.here);
        return between.number();
    }
}
