package dev.turnout.linux.load;

import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.btf.KernelBtf;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.KernelSymbol;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The running kernel's numbers of the functions and variables that a program names. */
final class KernelNames {
    private static final Path TYPES = Path.of("/sys/kernel/btf/vmlinux");

    private KernelNames() {}

    /** The kernel's types, read when first needed: 5 MB. */
    private static final class Types {
        static final KernelBtf OF_KERNEL = read();

        private static KernelBtf read() {
            try {
                return KernelBtf.open(ByteString.copyOf(Files.readAllBytes(TYPES)), new Diagnostics())
                        .orElse(KernelBtf.NONE);
            } catch (IOException none) {
                return KernelBtf.NONE;
            }
        }
    }

    /** The program's code with the kernel's numbers in place of the program's. What the kernel does not know stays for it to refuse. */
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
                                    .orElse(insn);
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
        for (int id : Types.OF_KERNEL.named(symbol.name())) {
            boolean fits = switch (symbol.kind()) {
                case FUNCTION -> Types.OF_KERNEL.find(id).orElse(null) instanceof BtfType.Function;
                case VARIABLE -> Types.OF_KERNEL.find(id).orElse(null) instanceof BtfType.Variable;
                case ADDRESS -> false;
            };
            if (fits) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }
}
