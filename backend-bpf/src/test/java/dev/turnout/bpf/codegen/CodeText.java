package dev.turnout.bpf.codegen;

import dev.turnout.bpf.asm.InsnPrinter;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.CodeSection;
import dev.turnout.bpf.object.JumpTable;
import dev.turnout.bpf.object.ObjectBranchSite;
import dev.turnout.bpf.object.ObjectFunction;

/** An object's code as text: a line an instruction, with its slot, and the tables. */
final class CodeText {
    private CodeText() {}

    static String of(BpfObject object) {
        StringBuilder out = new StringBuilder();
        for (CodeSection section : object.sections()) {
            for (ObjectFunction function : section.functions()) {
                out.append(section.name()).append(' ').append(function.name()).append(":\n");
                for (int slot = function.start();
                        slot < function.end();
                        slot = section.code().next(slot)) {
                    line(section, slot, out);
                }
            }
        }
        for (JumpTable table : object.jumpTables()) {
            out.append(table.name()).append(" = ").append(table.targets()).append('\n');
        }
        return out.toString();
    }

    private static void line(CodeSection section, int slot, StringBuilder out) {
        Insn insn = section.code().at(slot);
        out.append("  ").append(slot).append(": ").append(InsnPrinter.print(insn));
        insn.jumpDistance()
                .ifPresent(
                        distance -> out.append(" <").append(slot + 1 + distance).append('>'));
        section.referenceAt(slot).ifPresent(to -> out.append(" ; ").append(to));
        for (ObjectBranchSite site : section.branchSites()) {
            if (site.slot() == slot) {
                out.append(" ; ")
                        .append(site.key())
                        .append(site.inverse() ? " != " : " == ")
                        .append(site.value())
                        .append(" <")
                        .append(site.target())
                        .append('>');
            }
        }
        out.append('\n');
    }
}
