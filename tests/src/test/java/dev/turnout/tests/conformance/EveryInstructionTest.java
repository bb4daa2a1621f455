package dev.turnout.tests.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.InsnForm;
import dev.turnout.bpf.isa.InsnForms;
import dev.turnout.bpf.isa.WideKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class EveryInstructionTest {
    /** Whether raw code cannot hold a row: it names what only an object, or the kernel, has. */
    private static boolean needsMore(Insn insn) {
        return switch (insn) {
            // Kernel functions, kernel types and arenas: no machine of ours has them. Legacy packet loads need a
            // packet.
            case Insn.CallKernel _, Insn.CastSpace _, Insn.PacketLoad _ -> true;
            // Keys and jump tables come with an object.
            case Insn.StaticJump _, Insn.JumpIndirect _ -> true;
            case Insn.Wide wide -> wide.kind() != WideKind.CONSTANT && wide.kind() != WideKind.FUNCTION;
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.Load _, Insn.Store _, Insn.Atomic _ -> false;
            case Insn.Jump _, Insn.JumpIf _, Insn.MayGoto _, Insn.Exit _ -> false;
            case Insn.CallHelper _, Insn.CallLocal _, Insn.CallIndirect _ -> false;
        };
    }

    @Test
    void every_row_of_the_instruction_table_has_a_case() throws IOException {
        Set<String> used = new TreeSet<>();
        for (Path file : ConformanceFile.all()) {
            for (ConformanceCase one : ConformanceFile.read(file)) {
                for (Insn insn : Assembled.program(one).code().insns()) {
                    used.add(InsnForm.nameOf(insn));
                }
            }
        }
        Set<String> rows = new TreeSet<>();
        for (InsnForm row : InsnForms.all()) {
            if (!needsMore(row.prototype())) {
                rows.add(row.name());
            }
        }
        assertThat(used).containsExactlyInAnyOrderElementsOf(rows);
    }
}
