package dev.turnout.verifier.obligation;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.kfunc.KernelFunction;
import dev.turnout.stdlib.program.ProgramSection;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.report.Violation;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Whether a global function may be called here. It is verified alone, so nothing is known of what it does but what its code shows at a
 * glance: whether something in it, or in what it calls, may sleep.
 */
final class GlobalCallCheck {
    private final BpfProgram program;
    private final HeldCheck held;
    /** Functions, by number, in which something may sleep. */
    private final BitSet sleeping;

    GlobalCallCheck(BpfProgram program, HeldCheck held) {
        this.program = program;
        this.held = held;
        this.sleeping = sleeping(program);
    }

    private static BitSet sleeping(BpfProgram program) {
        List<BpfProgram.FunctionRange> functions = program.functions();
        BitSet sleeping = new BitSet();
        int known = -1;
        while (known != sleeping.cardinality()) {
            known = sleeping.cardinality();
            for (int f = 0; f < functions.size(); f++) {
                BpfProgram.FunctionRange function = functions.get(f);
                for (int slot = function.start();
                        slot < function.end();
                        slot = program.code().next(slot)) {
                    if (sleeps(program, slot, sleeping)) {
                        sleeping.set(f);
                    }
                }
            }
        }
        return sleeping;
    }

    private static boolean sleeps(BpfProgram program, int slot, BitSet sleeping) {
        return switch (program.code().at(slot)) {
            case Insn.CallHelper call ->
                HelperFunction.ofId(call.id())
                        .filter(helper -> helper.sleeps(program.has(ProgramSection.Trait.SLEEPABLE)))
                        .isPresent();
            case Insn.CallKernel call ->
                program.kernelRow(call).filter(KernelFunction::sleeps).isPresent();
            case Insn.CallLocal call ->
                sleeping.get(program.functions().indexOf(program.functionAt(slot + 1 + call.distance())));
            default -> false; // Nothing else calls what is known before the analysis.
        };
    }

    Optional<Violation> check(State state, int slot, int distance) {
        BpfProgram.FunctionRange function = program.functionAt(slot + 1 + distance);
        if (!function.global()) {
            return Optional.empty();
        }
        if (!state.held().locks().isEmpty()) {
            return Optional.of(Violation.of(
                            DiagnosticCode.V0144,
                            slot,
                            "the global function `" + function.name() + "` is called while a lock is held")
                    .note("a global function is verified alone: what it calls is not known here")
                    .help("make it static, or unlock first"));
        }
        if (!sleeping.get(program.functions().indexOf(function))) {
            return Optional.empty();
        }
        return program.has(ProgramSection.Trait.SLEEPABLE)
                ? held.rests(state, slot, function.name())
                : Optional.of(Violation.of(
                        DiagnosticCode.V0156, slot, "`" + function.name() + "` may sleep, and this program may not"));
    }
}
