package dev.turnout.runtime.interpreter;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.runtime.helper.KernelCalls;
import dev.turnout.runtime.image.Binding;
import dev.turnout.runtime.interpreter.Step.Kind;
import dev.turnout.runtime.map.InstructionArrayMap;
import dev.turnout.stdlib.helper.HelperFunction;
import org.jspecify.annotations.Nullable;

/** Turns a bound program into steps. What no machine of ours can do has been refused before. */
final class StepDecoder {
    private final BpfProgram program;
    private final Binding binding;

    private StepDecoder(BpfProgram program, Binding binding) {
        this.program = program;
        this.binding = binding;
    }

    /** Steps by slot, null in the second slots of wide loads, of a program whose requirements are met. */
    static @Nullable Step[] decode(BpfProgram program, Binding binding) {
        StepDecoder decoder = new StepDecoder(program, binding);
        @Nullable Step[] steps = new Step[program.code().size()];
        for (int slot = 0; slot < steps.length; slot++) {
            if (program.code().begins(slot)) {
                steps[slot] = decoder.step(slot, program.code().at(slot));
            }
        }
        return steps;
    }

    private Step step(int slot, Insn insn) {
        return switch (insn) {
            case Insn.Alu alu -> alu(alu);
            case Insn.Neg neg -> new Step(Kind.NEG).dst(neg.dst()).width(neg.width());
            case Insn.Swap swap -> {
                Step step = new Step(Kind.SWAP).dst(swap.dst());
                step.swap = swap.op();
                step.bytes = swap.bits() / 8;
                yield step;
            }
            case Insn.Wide wide -> new Step(Kind.CONSTANT).dst(wide.dst()).value(wide(slot, wide));
            case Insn.Load load ->
                new Step(load.signed() ? Kind.LOAD_SIGNED : Kind.LOAD)
                        .dst(load.dst())
                        .src(load.base())
                        .size(load.size())
                        .value(load.offset());
            case Insn.Store store -> store(store);
            case Insn.Atomic atomic -> {
                Step step = new Step(Kind.ATOMIC)
                        .dst(atomic.base())
                        .src(atomic.value())
                        .size(atomic.size())
                        .value(atomic.offset());
                step.atomic = atomic.op();
                step.width = atomic.size().bytes() == 8 ? Width.W64 : Width.W32;
                yield step;
            }
            case Insn.PacketLoad load -> {
                Step step = new Step(Kind.PACKET_LOAD)
                        .src(load.index())
                        .size(load.size())
                        .value(load.imm());
                step.other = load.indexed() ? 1 : 0;
                yield step;
            }
            case Insn.Jump jump -> new Step(Kind.JUMP).target(slot + 1 + jump.distance());
            case Insn.JumpIf jump -> jumpIf(slot, jump);
            case Insn.StaticJump jump -> staticJump(slot, jump);
            case Insn.MayGoto jump -> new Step(Kind.MAY_GOTO).target(slot + 1 + jump.distance());
            case Insn.JumpIndirect jump -> new Step(Kind.JUMP_INDIRECT).dst(jump.target());
            case Insn.CallHelper call -> helper(call);
            case Insn.CallLocal call -> new Step(Kind.CALL).target(slot + 1 + call.distance());
            case Insn.CallIndirect call -> new Step(Kind.CALL_INDIRECT).dst(call.target());
            case Insn.CallKernel call -> {
                Step step = new Step(Kind.KERNEL);
                step.other = KernelCalls.number(program, call).orElseThrow(() -> unmet(call));
                yield step;
            }
            case Insn.CastSpace _ -> throw unmet(insn);
            case Insn.Exit _ -> new Step(Kind.EXIT);
        };
    }

    private static Step alu(Insn.Alu alu) {
        Step step = switch (alu.src()) {
            case Operand.Register(var reg) -> new Step(Kind.ALU_REG).src(reg);
            case Operand.Immediate(int value) -> new Step(Kind.ALU_IMM).value(value);
        };
        step.alu = alu.op();
        return step.dst(alu.dst()).width(alu.width());
    }

    private static Step store(Insn.Store store) {
        Step step = switch (store.value()) {
            case Operand.Register(var reg) -> new Step(Kind.STORE_REG).src(reg);
            case Operand.Immediate(int value) -> {
                Step constant = new Step(Kind.STORE_IMM);
                constant.other = value;
                yield constant;
            }
        };
        return step.dst(store.base()).size(store.size()).value(store.offset());
    }

    private static Step jumpIf(int slot, Insn.JumpIf jump) {
        Step step = switch (jump.src()) {
            case Operand.Register(var reg) -> new Step(Kind.JUMP_REG).src(reg);
            case Operand.Immediate(int value) -> new Step(Kind.JUMP_IMM).value(value);
        };
        step.jump = jump.op();
        return step.dst(jump.dst()).width(jump.width()).target(slot + 1 + jump.distance());
    }

    /** A site has a record for each value that jumps: one for a branch, one a member for a switch. */
    private Step staticJump(int slot, Insn.StaticJump jump) {
        Step first = null;
        for (BranchSite site : program.branchesAt(slot)) {
            Step step = new Step(Kind.STATIC_JUMP).value(site.value()).target(site.target());
            step.other = binding.keys().get(site.key());
            step.inverse = site.inverse();
            step.otherwise = first;
            first = step;
        }
        if (first == null) {
            throw unmet(jump);
        }
        return first;
    }

    private long wide(int slot, Insn.Wide wide) {
        return switch (wide.kind()) {
            case CONSTANT -> wide.value();
            case MAP_INDEX -> binding.maps().get(wide.low()).address();
            case MAP_INDEX_VALUE -> binding.maps().get(wide.low()).direct() + Integer.toUnsignedLong(wide.high());
            case FUNCTION -> InstructionArrayMap.codeAddress(slot + 1 + wide.low());
            case MAP_FD, MAP_VALUE, BTF_ID -> throw unmet(wide);
        };
    }

    private static Step helper(Insn.CallHelper call) {
        Step step = new Step(Kind.HELPER);
        step.helper = HelperFunction.ofId(call.id()).orElseThrow(() -> unmet(call));
        return step;
    }

    private static IllegalStateException unmet(Insn insn) {
        return new IllegalStateException("no machine can run " + insn);
    }
}
