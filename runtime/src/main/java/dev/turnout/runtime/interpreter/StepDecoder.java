package dev.turnout.runtime.interpreter;

import dev.turnout.bpf.asm.InsnPrinter;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.helper.HelperCalls;
import dev.turnout.runtime.image.Binding;
import dev.turnout.runtime.interpreter.Step.Kind;
import dev.turnout.runtime.map.InstructionArrayMap;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns a bound program into steps; what this machine lacks is reported here, before anything runs. */
final class StepDecoder {
    private final BpfProgram program;
    private final Binding binding;
    private final Diagnostics diagnostics;
    private boolean refused;

    private StepDecoder(BpfProgram program, Binding binding, Diagnostics diagnostics) {
        this.program = program;
        this.binding = binding;
        this.diagnostics = diagnostics;
    }

    /** Steps by slot, null in the second slots of wide loads; empty if something was reported. */
    static Optional<@Nullable Step[]> decode(BpfProgram program, Binding binding, Diagnostics diagnostics) {
        StepDecoder decoder = new StepDecoder(program, binding, diagnostics);
        @Nullable Step[] steps = new Step[program.code().size()];
        for (int slot = 0; slot < steps.length; slot++) {
            if (program.code().begins(slot)) {
                steps[slot] = decoder.step(slot, program.code().at(slot));
            }
        }
        return decoder.refused ? Optional.empty() : Optional.of(steps);
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
            case Insn.CallHelper call -> helper(slot, call);
            case Insn.CallLocal call -> new Step(Kind.CALL).target(slot + 1 + call.distance());
            case Insn.CallIndirect call -> new Step(Kind.CALL_INDIRECT).dst(call.target());
            case Insn.CallKernel _ -> lacks(slot, insn, "it calls a function of the kernel");
            case Insn.CastSpace _ -> lacks(slot, insn, "it needs an arena");
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
        for (BranchSite site : program.branchSites()) {
            if (site.slot() == slot) {
                Step step = new Step(Kind.STATIC_JUMP).value(site.value()).target(site.target());
                step.other = binding.keys().get(site.key());
                step.inverse = site.inverse();
                step.otherwise = first;
                first = step;
            }
        }
        return first == null ? lacks(slot, jump, "no key is known for it") : first;
    }

    private long wide(int slot, Insn.Wide wide) {
        return switch (wide.kind()) {
            case CONSTANT -> wide.value();
            case MAP_INDEX -> binding.maps().get(wide.low()).address();
            case MAP_INDEX_VALUE -> {
                long direct = binding.maps().get(wide.low()).direct();
                if (direct == 0) {
                    lacks(
                            slot,
                            wide,
                            "map `"
                                    + binding.maps()
                                            .get(wide.low())
                                            .definition()
                                            .name() + "` has no value that is there without a lookup");
                }
                yield direct + Integer.toUnsignedLong(wide.high());
            }
            case FUNCTION -> InstructionArrayMap.codeAddress(slot + 1 + wide.low());
            case MAP_FD, MAP_VALUE -> {
                lacks(slot, wide, "file descriptors mean nothing here");
                yield 0;
            }
            case BTF_ID -> {
                lacks(slot, wide, "there are no variables of a kernel here");
                yield 0;
            }
        };
    }

    private Step helper(int slot, Insn.CallHelper call) {
        Step step = new Step(Kind.HELPER);
        Optional<HelperFunction> row = HelperFunction.ofId(call.id());
        if (row.isEmpty() || HelperCalls.support(row.get()) == HelperCalls.Support.NONE) {
            String name = row.map(HelperFunction::word).orElse("number " + call.id());
            refuse(
                    DiagnosticCode.R0104,
                    slot,
                    "program `" + program.name() + "` calls helper `" + name + "`, which this machine lacks");
            return step;
        }
        step.helper = row.get();
        return step;
    }

    private Step lacks(int slot, Insn insn, String why) {
        refuse(
                DiagnosticCode.R0113,
                slot,
                "this machine cannot run `" + InsnPrinter.print(insn) + "` of program `" + program.name() + "`: "
                        + why);
        return new Step(Kind.EXIT);
    }

    private void refuse(DiagnosticCode code, int slot, String message) {
        refused = true;
        String line = program.lineAt(slot)
                .map((LineInfo at) -> ", " + at.file() + ":" + at.line())
                .orElse("");
        diagnostics.report(Diagnostic.general(code, message)
                .withNote("at instruction " + slot + line)
                .withHelp("run it in the kernel: `--engine kernel`"));
    }
}
