package dev.turnout.driver.stage;

import dev.turnout.bpf.asm.InsnPrinter;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.verifier.Invariants;
import dev.turnout.verifier.VerifiedProgram;
import java.util.Optional;

/** The proof of a program as text: before each instruction what holds there in every run. */
public final class InvariantText {
    private InvariantText() {}

    /** With a line end. Source lines stand where they begin, functions under their names. */
    public static String of(VerifiedProgram verified) {
        BpfProgram program = verified.program();
        Invariants invariants = verified.invariants();
        StringBuilder text = new StringBuilder();
        Optional<LineInfo> before = Optional.empty();
        for (int slot = 0; slot < program.code().size(); slot = program.code().next(slot)) {
            BpfProgram.FunctionRange function = program.functionAt(slot);
            if (function.start() == slot) {
                text.append(function.name()).append(":\n");
                before = Optional.empty();
            }
            Optional<LineInfo> line = program.lineAt(slot).filter(l -> !l.text().isBlank());
            if (line.isPresent() && !line.equals(before)) {
                text.append("  // ")
                        .append(line.get().line())
                        .append(": ")
                        .append(line.get().text().strip())
                        .append('\n');
                before = line;
            }
            text.append("  ; ").append(invariants.text(slot)).append('\n');
            text.append("  ").append(slot).append(": ");
            InsnPrinter.print(program.code().at(slot), text);
            text.append('\n');
        }
        return text.toString();
    }
}
