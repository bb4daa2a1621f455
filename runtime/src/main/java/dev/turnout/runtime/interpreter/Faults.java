package dev.turnout.runtime.interpreter;

import dev.turnout.bpf.asm.InsnPrinter;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;

/** The words of runs that were stopped. */
final class Faults {
    private Faults() {}

    static Diagnostic fuel(BpfProgram program, long fuel) {
        return Diagnostic.general(
                DiagnosticCode.R0110,
                "program `" + program.name() + "` took more than the " + fuel + " instructions that a run may take");
    }

    static Diagnostic broken(BpfProgram program, int slot, Insn insn, String what, long[] registers) {
        String line = program.lineAt(slot)
                .map((LineInfo at) -> ", " + at.file() + ":" + at.line())
                .orElse("");
        StringBuilder all = new StringBuilder();
        for (int i = 0; i <= Reg.R10.number(); i++) {
            all.append(i == 0 ? "r" : ", r").append(i).append(" = 0x").append(Long.toHexString(registers[i]));
        }
        return Diagnostic.general(
                        DiagnosticCode.R0101,
                        "program `" + program.name() + "` was stopped: " + what + ", although it was verified")
                .withNote("at instruction " + slot + line + ": `" + InsnPrinter.print(insn) + "`")
                .withNote(all.toString())
                .withHelp("this is a bug of Turnout, not of the program: please report it with the program");
    }
}
