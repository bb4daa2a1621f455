package dev.turnout.driver.stage;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.verifier.specialize.ExecutableProgram;
import dev.turnout.verifier.specialize.SpecializeOptions;
import dev.turnout.x86.code.ListingPrinter;
import dev.turnout.x86.code.PatchMode;
import dev.turnout.x86.code.X86Code;
import dev.turnout.x86.isa.Feature;
import dev.turnout.x86.lower.DirectCompiler;
import java.util.Optional;
import java.util.Set;

/** Machine code as it would run, on any machine. */
public final class X86Dump {
    /** What is common in processors of the last ten years: a dump does not depend on where it is made. */
    private static final Set<Feature> FEATURES = Set.of(Feature.BMI2);

    private X86Dump() {}

    /**
     * Source, BPF after rewriting, and x86-64, interleaved; what depends on a machine is named.
     *
     * @param diagnostics gets why a program is not accepted, or what no machine of ours has
     */
    public static String text(BpfProgram program, SpecializeOptions rewrites, Diagnostics diagnostics) {
        return Accepted.of(program, rewrites, diagnostics)
                .flatMap(executable -> DirectCompiler.list(executable, FEATURES, PatchMode.CELL, diagnostics)
                        .map(listing -> ListingPrinter.print(executable.program(), listing)))
                .orElseGet(() -> "; program " + program.name() + " has no native code\n");
    }

    /** The code without its text. */
    static Optional<X86Code> code(ExecutableProgram executable, Diagnostics diagnostics) {
        return DirectCompiler.compile(executable, FEATURES, PatchMode.CELL, diagnostics);
    }
}
