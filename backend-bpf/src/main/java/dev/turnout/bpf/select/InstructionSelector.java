package dev.turnout.bpf.select;

import static dev.turnout.bpf.isa.Width.W64;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.machine.MachineFunction;
import dev.turnout.bpf.machine.MachineInsn;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.ArrayList;
import java.util.List;

/**
 * Selects the instructions of one function. Blocks are taken in reverse postorder, so that a value's register and what is
 * known of its bits exist before its uses are met; a machine block with the number of each IR block is made first, further
 * ones (split edges, selects) follow.
 */
public final class InstructionSelector {
    private final ValueRegisters values;
    private final ArithmeticSelection arithmetic;
    private final MemorySelection memory;
    private final ConditionSelection conditions;
    private final WaySelection ways;

    private InstructionSelector(Function function, SelectionContext context) {
        this.values = new ValueRegisters(function, context);
        this.arithmetic = new ArithmeticSelection(values);
        this.memory = new MemorySelection(values);
        this.conditions = new ConditionSelection(values, arithmetic);
        this.ways = new WaySelection(values, conditions, new EdgeSelection(values));
    }

    /** The function in machine code over virtual registers. Every switch left in it becomes a jump table. */
    public static MachineFunction select(Function function, SelectionContext context) {
        return new InstructionSelector(function, context).run();
    }

    private MachineFunction run() {
        for (int at : values.graph.order()) {
            for (Value parameter : values.function.blocks().get(at).parameters()) {
                if (at != 0 && !values.uses.isPassedThrough(parameter)) {
                    values.register[parameter.index()] = values.out.newRegister();
                    boolean clean = parameter.type() instanceof Type.Int && values.uses.isExposed(parameter);
                    values.significant[parameter.index()] = clean ? ValueRegisters.bits(parameter) : 64;
                }
            }
        }
        markCold();
        for (int at : values.graph.order()) {
            values.block = at;
            values.current = values.out.block(at);
            values.shared.startBlock();
            Block from = values.function.blocks().get(at);
            values.here =
                    from.insts().isEmpty() ? from.at() : from.insts().getFirst().at();
            if (at == 0) {
                arguments();
            }
            List<Inst> late = new ArrayList<>();
            for (Inst inst : from.insts()) {
                values.here = inst.at();
                if (values.uses.isStep(inst)) {
                    late.add(inst);
                } else {
                    select(inst);
                }
            }
            for (Inst inst : late) {
                values.here = inst.at();
                select(inst);
            }
            values.here = from.at();
            values.shared.end();
            ways.terminate(from);
        }
        DispatchCopies.make(values.out, ways.dispatches());
        return values.out;
    }

    /** Where checks fail and where hints say so is out of the way. */
    private void markCold() {
        for (Block from : values.function.blocks()) {
            switch (from.terminator()) {
                case Terminator.Branch branch -> cold(branch.hint(), branch.then(), branch.otherwise());
                case Terminator.StaticBranch branch -> cold(branch.hint(), branch.on(), branch.off());
                case Terminator.Checked checked -> cold(Terminator.Hint.LIKELY, checked.ok(), checked.fail());
                case Terminator.MayGoto jump -> cold(Terminator.Hint.LIKELY, jump.next(), jump.exit());
                case Terminator.Jump _, Terminator.Switch _, Terminator.StaticSwitch _ -> {}
                case Terminator.TailCall _, Terminator.Return _, Terminator.Unreachable _ -> {}
            }
        }
    }

    private void cold(Terminator.Hint hint, Target then, Target otherwise) {
        Target rare = hint == Terminator.Hint.LIKELY ? otherwise : then;
        Target often = hint == Terminator.Hint.LIKELY ? then : otherwise;
        if (hint != Terminator.Hint.NONE
                && !rare.block().equals(often.block())
                && values.graph.predecessors(rare.block().index()).length == 1) {
            values.out.block(rare.block().index()).makeCold();
        }
    }

    private void arguments() {
        List<Value> parameters = values.function.parameters();
        if (parameters.size() > 5) {
            values.context.unsupported(
                    values.function.at(),
                    "`" + values.function.name() + "` has " + parameters.size() + " parameters",
                    "BPF passes five in registers: put the others into a struct and pass a reference");
        }
        for (int i = 0; i < parameters.size(); i++) {
            Value parameter = parameters.get(i);
            values.register[parameter.index()] = values.out.newRegister();
            values.significant[parameter.index()] =
                    parameter.type() instanceof Type.Int ? ValueRegisters.bits(parameter) : 64;
            if (i < 5) {
                values.emit(new MachineInsn.Move(values.register[parameter.index()], i + 1));
            }
        }
    }

    private void select(Inst inst) {
        Value result = inst.result();
        if (inst.op().effect().removable() && !values.uses.isUsed(result)) {
            return;
        }
        switch (inst.op()) {
            case Operation.Const _, Operation.Null _, Operation.Address _ -> {}
            case Operation.Slot slot ->
                values.slotOf[result.index()] = values.out.newSlot(slot.size(), slot.align(), slot.name());
            case Operation.Unary unary -> arithmetic.unary(result, unary);
            case Operation.Binary binary -> arithmetic.binary(result, binary);
            case Operation.Compare compare -> {
                if (!values.uses.onlyCondition(result)) {
                    conditions.choose(result, conditions.condition(compare), null, null);
                }
            }
            case Operation.Convert convert -> arithmetic.convert(result, convert);
            case Operation.Select select ->
                conditions.choose(result, conditions.condition(select.condition()), select.a(), select.b());
            case Operation.Offset offset -> memory.offset(result, offset);
            case Operation.Difference difference -> {
                int dst = values.out.newRegister();
                values.into(difference.a(), dst);
                values.emit(new MachineInsn.Alu(AluOp.SUB, W64, dst, values.reg(difference.b())));
                values.define(result, dst, 64);
            }
            case Operation.Load load -> memory.load(result, load);
            case Operation.LoadContext load -> {
                int dst = values.out.newRegister();
                values.emit(new MachineInsn.Load(
                        Size.ofBytes(load.bytes()), false, dst, values.place(load.context(), load.offset())));
                values.define(result, dst, load.bytes() * 8);
            }
            case Operation.Store store -> memory.store(store);
            case Operation.Atomic atomic -> memory.atomic(result, atomic);
            case Operation.Call call -> {
                values.pass(call.arguments());
                values.emit(new MachineInsn.CallLocal(
                        call.function(), Math.min(5, call.arguments().size())));
                result(result, true);
            }
            case Operation.CallPointer call -> {
                int callee = values.reg(call.callee());
                values.pass(call.arguments());
                values.emit(new MachineInsn.CallIndirect(
                        callee, Math.min(5, call.arguments().size())));
                result(result, true);
            }
            case Operation.CallHelper call -> {
                values.pass(call.arguments());
                int id = HelperFunction.ofWord(call.helper())
                        .orElseThrow(() -> new IllegalStateException("no helper " + call.helper()))
                        .id();
                values.emit(new MachineInsn.CallHelper(id, call.arguments().size()));
                result(result, false);
            }
            case Operation.CallKernel call -> {
                if (!values.context.target().has(TargetProfile.Feature.KERNEL_FUNCTIONS)) {
                    values.context.unsupported(
                            values.here,
                            "`" + values.context.target().word() + "` does not have the kernel's function `"
                                    + call.function() + "`",
                            "build for a newer target, or use a helper");
                }
                values.pass(call.arguments());
                values.emit(new MachineInsn.CallKernel(
                        call.function(), call.arguments().size()));
                result(result, false);
            }
            case Operation.CallHost call ->
                throw new IllegalStateException("`" + call.service() + "` is called in code that becomes BPF");
            case Operation.Prove _ -> {}
            case Operation.Opaque opaque -> memory.opaque(result, opaque);
        }
    }

    /**
     * Takes the result of a call out of r0.
     *
     * @param ours whether the callee clears upper bits, as our functions do and helpers need not
     */
    private void result(Value result, boolean ours) {
        if (result.type() instanceof Type.Void || !values.uses.isUsed(result)) {
            return;
        }
        int dst = values.out.newRegister();
        values.emit(new MachineInsn.Move(dst, 0));
        values.define(result, dst, ours && result.type() instanceof Type.Int ? ValueRegisters.bits(result) : 64);
    }
}
