package dev.turnout.linux.feature;

import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.core.KernelFit;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.KernelSymbol;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.program.ProgramType;
import java.util.Optional;

/**
 * Something that a program needs and the running kernel has not.
 *
 * @param what in words
 * @param since the first Linux that has it; empty if we do not know
 */
public record Lack(String what, Optional<String> since) {
    /**
     * What the kernel lacks of all that a program names: its type, the classes of its instructions, the helpers and kernel functions that it
     * calls. The first of them, in that order: who lacks one thing needs another kernel, however many there are.
     */
    public static Optional<Lack> of(BpfProgram program) {
        RunningKernel kernel = RunningKernel.here();
        Optional<ProgramType> type = program.type().filter(one -> !kernel.has(one));
        if (type.isPresent()) {
            return Optional.of(new Lack("programs of type `" + type.get().word() + "`", Optional.empty()));
        }
        for (KernelFeature feature : KernelFeature.of(program)) {
            if (!feature.here()) {
                return Optional.of(new Lack(feature.words(), Optional.of(feature.since())));
            }
        }
        for (Insn insn : program.code().insns()) {
            if (insn instanceof Insn.CallHelper(int id) && id != KernelFit.POISON) {
                Optional<HelperFunction> helper = HelperFunction.ofId(id);
                if (helper.isPresent() && !kernel.has(helper.get())) {
                    return Optional.of(new Lack("helper `" + helper.get().word() + "`", Optional.empty()));
                }
            }
        }
        return function(program, kernel);
    }

    private static Optional<Lack> function(BpfProgram program, RunningKernel kernel) {
        if (!kernel.hasTypes()) {
            return Optional.empty();
        }
        for (KernelSymbol symbol : program.surroundings().symbols()) {
            if (symbol.kind() == KernelSymbol.Kind.FUNCTION
                    && !symbol.weak()
                    && RunningTypes.all().named(symbol.name(), BtfType.Function.class) == 0) {
                return Optional.of(new Lack(
                        "kernel function `" + symbol.name() + "` (those of modules are not looked at)",
                        Optional.empty()));
            }
        }
        return Optional.empty();
    }
}
