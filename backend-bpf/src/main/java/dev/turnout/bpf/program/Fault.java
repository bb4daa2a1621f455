package dev.turnout.bpf.program;

import dev.turnout.diagnostics.diagnostic.Diagnostic;

/**
 * A word that is no instruction, in code that has others. Whoever runs into it must refuse it: an instruction of no effect stands there
 * instead.
 *
 * @param slot where it stands
 * @param diagnostic what is wrong with it
 */
public record Fault(int slot, Diagnostic diagnostic) {
    /** The same at another place. */
    public Fault at(int other) {
        return new Fault(other, diagnostic);
    }
}
