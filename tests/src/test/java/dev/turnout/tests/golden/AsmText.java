package dev.turnout.tests.golden;

import dev.turnout.bpf.asm.InsnPrinter;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.CodeSection;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.object.Relocation;
import dev.turnout.bpf.program.Code;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code //! asm [function] [target=T]}: the instructions of a function or of all, each with its slot, counted from the
 * function's first; what an instruction refers to stands behind it.
 */
final class AsmText {
    private AsmText() {}

    static String of(Subject subject, Section section) {
        BpfObject object = subject.stages(section).object();
        List<String> wanted = section.words();
        StringBuilder text = new StringBuilder();
        for (CodeSection code : object.sections()) {
            for (ObjectFunction function : code.functions()) {
                if (wanted.isEmpty() || wanted.contains(function.name())) {
                    function(code, function, text);
                }
            }
        }
        return text.isEmpty() ? "no function " + wanted : text.toString();
    }

    private static void function(CodeSection section, ObjectFunction function, StringBuilder text) {
        Map<Integer, Relocation> relocations = new HashMap<>();
        section.relocations().forEach(one -> relocations.put(one.slot(), one));
        Code code = section.code();
        text.append(function.name()).append(":\n");
        for (int slot = function.start(); slot < function.end(); slot = code.next(slot)) {
            Insn insn = code.at(slot);
            text.append(String.format("%4d: ", slot - function.start())).append(InsnPrinter.print(insn));
            Relocation relocation = relocations.get(slot);
            if (relocation != null) {
                text.append("  ; ").append(relocation.to());
            }
            text.append('\n');
        }
    }
}
