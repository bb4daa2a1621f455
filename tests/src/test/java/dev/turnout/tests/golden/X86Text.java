package dev.turnout.tests.golden;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.stage.X86Dump;

/** {@code //! x86 [program] [target=T] [blind=SEED]}: machine code between the BPF and the source that it came from. */
final class X86Text {
    private X86Text() {}

    static String of(Subject subject, Section section) {
        StringBuilder text = new StringBuilder();
        Diagnostics diagnostics = new Diagnostics();
        for (BpfProgram program : subject.stages(section).programs(section.words())) {
            text.append(X86Dump.text(program, SpecializedText.rewrites(section), diagnostics));
        }
        diagnostics.all().forEach(one -> text.append(one.message()).append('\n'));
        return text.toString();
    }
}
