package dev.turnout.frontend.lower;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.ir.model.Module;
import java.util.List;

/**
 * What lowering gives.
 *
 * @param module programs, the functions that they need, those of the main file that nothing needs yet, and test blocks
 * @param sites what each {@code Prove} in the module asks for, by its number
 * @param checks the places of a test's {@code expect} and {@code ?}, by the number that {@link HostService#EXPECT} and
 *     {@link HostService#FAIL} are called with
 */
public record LoweredProgram(Module module, List<ProofSite> sites, List<Span> checks) {
    public LoweredProgram {
        sites = List.copyOf(sites);
        checks = List.copyOf(checks);
    }
}
