package dev.turnout.diagnostics.diagnostic;

import static dev.turnout.diagnostics.diagnostic.Severity.ERROR;
import static dev.turnout.diagnostics.diagnostic.Severity.WARNING;

import java.util.Optional;

/**
 * Every code that the tools can report, once. Ranges by stage: E01xx syntax, E02xx names, E03xx types, E04xx limits of
 * BPF and demands, W05xx warnings, V01xx verifier, O01xx objects and bytecode, R01xx running, I01xx IR text, U01xx usage and input,
 * L01xx live patching, X01xx our own bugs. An id is never given to another meaning.
 *
 * <p>To add one: a row here, a report where the mistake is found, a page {@code docs/diagnostics/CODE.md} with a failing
 * and a fixed example, and a golden file that provokes it.
 */
public enum DiagnosticCode {
    // E01xx: syntax
    E0101(ERROR, "unexpected token"),
    E0102(ERROR, "unterminated literal or comment"),
    E0103(ERROR, "character that no token begins with"),
    E0104(ERROR, "missing token"),
    E0105(ERROR, "malformed literal"),
    E0106(ERROR, "file too large"),
    E0107(ERROR, "text that is not UTF-8"),
    E0108(ERROR, "nested too deeply"),
    E0109(ERROR, "comparisons do not chain"),
    E0110(ERROR, "the two signs of a shift apart"),
    E0111(ERROR, "assignment to what is no place"),
    E0112(ERROR, "assignment where a value is wanted"),
    // W05xx: warnings
    W0501(WARNING, "unreachable code"),
    // I01xx: IR text
    I0101(ERROR, "IR text that does not parse"),
    I0102(ERROR, "IR name that is missing or taken"),
    I0103(ERROR, "IR types that do not fit"),
    // O01xx: objects and bytecode
    O0101(ERROR, "code of a broken length"),
    O0102(ERROR, "unknown opcode"),
    O0103(ERROR, "field of an instruction out of its range"),
    O0104(ERROR, "register that cannot stand there"),
    O0105(ERROR, "broken wide load"),
    O0106(ERROR, "constant that Linux does not load"),
    O0107(ERROR, "broken assembly text"),
    O0110(ERROR, "not an object file"),
    O0111(ERROR, "object for another machine"),
    O0112(ERROR, "object cut short"),
    O0113(ERROR, "broken section or symbol table"),
    O0114(ERROR, "relocation that cannot be applied"),
    O0115(ERROR, "misplaced function"),
    O0116(ERROR, "broken jump table"),
    O0117(ERROR, "broken map definition"),
    O0118(ERROR, "broken type information"),
    O0119(ERROR, "broken line or function information"),
    O0120(ERROR, "broken static branch record"),
    O0121(ERROR, "broken function table"),
    O0130(ERROR, "no such program"),
    O0131(ERROR, "program that cannot be loaded"),
    O0132(ERROR, "program too large"),
    // X01xx: our own bugs
    X0101(ERROR, "internal error");

    private final Severity severity;
    private final String title;

    DiagnosticCode(Severity severity, String title) {
        this.severity = severity;
        this.title = title;
    }

    public Severity severity() {
        return severity;
    }

    /** A few words that name the kind of mistake, for lists and page titles. */
    public String title() {
        return title;
    }

    /** The row with this id, if there is one. */
    public static Optional<DiagnosticCode> of(String id) {
        for (DiagnosticCode code : values()) {
            if (code.name().equalsIgnoreCase(id)) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }
}
