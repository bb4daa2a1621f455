package dev.turnout.verifier.report;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that had to hold and was not proven. Immutable: the methods that add to it return an enriched copy.
 *
 * @param code the kind of reason
 * @param slot the instruction
 * @param message what is wrong, one sentence
 * @param notes what was required, what is known
 * @param helps the check that would prove it
 * @param subject the register at fault; null where none is
 * @param path the way on which it fails; null where it is not one way that fails
 */
public record Violation(
        DiagnosticCode code,
        int slot,
        String message,
        List<String> notes,
        List<String> helps,
        @Nullable Reg subject,
        @Nullable Path path) {
    public Violation {
        notes = List.copyOf(notes);
        helps = List.copyOf(helps);
    }

    public static Violation of(DiagnosticCode code, int slot, String message) {
        return new Violation(code, slot, message, List.of(), List.of(), null, null);
    }

    public Violation note(String note) {
        return new Violation(code, slot, message, plus(notes, note), helps, subject, path);
    }

    public Violation help(String help) {
        return new Violation(code, slot, message, notes, plus(helps, help), subject, path);
    }

    /** The same about a register; what it is about already stays. */
    public Violation about(Reg reg) {
        return subject != null ? this : new Violation(code, slot, message, notes, helps, reg, path);
    }

    /** The same on a way that leads to it. */
    public Violation along(Path way) {
        return new Violation(code, slot, message, notes, helps, subject, way);
    }

    private static List<String> plus(List<String> list, String last) {
        List<String> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }

    /** It in the user's terms: at the lines that the instructions came from; where there are no lines, by instructions. */
    public Diagnostic diagnostic(BpfProgram program) {
        return new Account(program, this).diagnostic();
    }
}
