package dev.turnout.bpf.link;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ObjectExtern;
import dev.turnout.bpf.program.KernelSymbol;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The names that one program wants of the kernel, numbered as its instructions first use them. */
final class ProgramSymbols {
    /** What follows in a name says under which version of its type the program was compiled. */
    private static final String FLAVOUR = "___";

    private final BpfObject object;
    private final Consumer<Diagnostic> report;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final List<KernelSymbol> symbols = new ArrayList<>();

    ProgramSymbols(BpfObject object, Consumer<Diagnostic> report) {
        this.object = object;
        this.report = report;
    }

    List<KernelSymbol> all() {
        return symbols;
    }

    /**
     * The number of a name.
     *
     * @param where the instruction stands that uses it, in words
     */
    int number(String name, String where) {
        Integer known = numbers.get(name);
        if (known != null) {
            return known;
        }
        Optional<ObjectExtern> extern = object.extern(name);
        if (extern.isEmpty()) {
            report.accept(Diagnostic.general(
                            DiagnosticCode.O0131,
                            "the instruction at " + where + " uses `" + name
                                    + "`, which the object neither defines nor describes")
                    .withHelp("what the kernel provides is declared `extern` with `__ksym`, and compiled with `-g`"));
            return 0;
        }
        int flavour = name.indexOf(FLAVOUR, 1);
        symbols.add(new KernelSymbol(
                flavour < 0 ? name : name.substring(0, flavour),
                switch (extern.get().kind()) {
                    case FUNCTION -> KernelSymbol.Kind.FUNCTION;
                    case VARIABLE -> KernelSymbol.Kind.VARIABLE;
                    case ADDRESS -> KernelSymbol.Kind.ADDRESS;
                },
                extern.get().weak(),
                extern.get().type()));
        numbers.put(name, symbols.size() - 1);
        return symbols.size() - 1;
    }
}
