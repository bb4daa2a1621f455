package dev.turnout.linux.load;

import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.core.KernelFit;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.KernelSymbol;
import dev.turnout.linux.feature.RunningTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The running kernel's numbers of the functions and variables that a program names. */
final class KernelNames {
    private KernelNames() {}

    /**
     * The program's code with the kernel's numbers in place of the program's. A call of a function that this kernel lacks becomes one that
     * no kernel takes, which matters only if a run can come there: a weak function is asked for before it is called.
     */
    static Code resolve(BpfProgram program) {
        List<KernelSymbol> symbols = program.surroundings().symbols();
        if (symbols.isEmpty()) {
            return program.code();
        }
        List<Insn> insns = new ArrayList<>();
        for (Insn insn : program.code().insns()) {
            insns.add(
                    switch (insn) {
                        case Insn.CallKernel(int symbol, int module)
                        when module == 0 && symbol < symbols.size() ->
                            number(symbols.get(symbol))
                                    .<Insn>map(id -> new Insn.CallKernel(id, 0))
                                    .orElse(new Insn.CallHelper(KernelFit.POISON));
                        case Insn.Wide wide
                        when wide.kind() == WideKind.BTF_ID && wide.low() < symbols.size() ->
                            number(symbols.get(wide.low()))
                                    .map(id -> new Insn.Wide(wide.dst(), WideKind.BTF_ID, id, wide.high()))
                                    // Without the kernel's name a weak address is null, a plain number.
                                    .orElse(new Insn.Wide(wide.dst(), WideKind.CONSTANT, 0, 0));
                        default -> insn;
                    });
        }
        return Code.of(insns);
    }

    private static Optional<Integer> number(KernelSymbol symbol) {
        for (int id : RunningTypes.all().named(symbol.name())) {
            boolean fits = switch (symbol.kind()) {
                case FUNCTION -> RunningTypes.all().find(id).orElse(null) instanceof BtfType.Function;
                case VARIABLE -> RunningTypes.all().find(id).orElse(null) instanceof BtfType.Variable;
                case ADDRESS -> false;
            };
            if (fits) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }
}
