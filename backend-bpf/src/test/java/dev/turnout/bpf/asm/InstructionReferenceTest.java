package dev.turnout.bpf.asm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.isa.FieldRule;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.InsnForm;
import dev.turnout.bpf.isa.InsnForms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The reference page of instructions is the table, printed. {@code -Dbless} writes it anew. */
class InstructionReferenceTest {
    private static final Path PAGE = Path.of("..", "docs", "instructions.md");

    @Test
    void thePageIsTheTable() throws IOException {
        String page = page();
        if (System.getProperty("bless") != null) {
            assertThat(System.getenv("CI")).as("pages are not blessed in CI").isNull();
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/instructions.md (rewrite with -Dbless, then read the diff)")
                .isEqualTo(page);
    }

    private static String page() {
        StringBuilder out = new StringBuilder("""
                # Instructions

                Every form of instruction that Turnout reads and writes, from the table that the decoder works by (`InsnForms`). This page is printed by a test;
                edit the table, not the page.

                A slot is 8 bytes: opcode, registers (destination in the low half of the byte, source in the high half), offset (16 bits), immediate (32 bits), all
                little endian. `lddw` takes a second slot of which only the immediate may be set. A field that a row does not name is reserved and must be 0.
                Distances count slots from the slot behind the instruction. The text is what `disasm` prints and the assembler reads.

                `cpu` is the `-mcpu` version from which on compilers emit the form. `Linux loads` narrows what the encoding allows: `verify` and `run` hold to it, `exec`
                does not. Forms "ahead of Linux" are executed by Turnout's own machine and refused by Linux 7.2.

                Not here: arguments on the stack (register 11), which later compilers can emit, and what the kernel makes of a program after it has verified it.
                """);
        Map<String, StringBuilder> families = new LinkedHashMap<>();
        for (InsnForm row : InsnForms.all()) {
            families.computeIfAbsent(family(row.prototype()), _ -> new StringBuilder("""

                    | name | text | opcode | fields | Linux loads | group | cpu | defined in |
                    |---|---|---|---|---|---|---|---|
                    """))
                    .append(line(row));
        }
        families.forEach((family, rows) ->
                out.append("\n## ").append(family).append('\n').append(rows));
        return out.toString();
    }

    private static String family(Insn prototype) {
        return switch (prototype) {
            case Insn.Alu _, Insn.Neg _, Insn.CastSpace _ -> "Arithmetic and moves";
            case Insn.Swap _ -> "Byte order";
            case Insn.Wide _ -> "Wide loads";
            case Insn.Load _, Insn.Store _ -> "Memory";
            case Insn.Atomic _ -> "Indivisible access";
            case Insn.PacketLoad _ -> "Legacy packet loads";
            case Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _, Insn.MayGoto _, Insn.JumpIndirect _, Insn.Exit _ ->
                "Jumps";
            case Insn.CallHelper _, Insn.CallLocal _, Insn.CallKernel _, Insn.CallIndirect _ -> "Calls";
        };
    }

    private static String line(InsnForm row) {
        StringBuilder fields = new StringBuilder();
        field(fields, "dst", row.dst());
        field(fields, "src", row.src());
        field(fields, "off", row.off());
        field(fields, "imm", row.imm());
        field(fields, "high", row.high());
        boolean narrowed = !row.linuxImm().equals(new FieldRule.Range(Integer.MIN_VALUE, Integer.MAX_VALUE));
        // A bar would end the cell.
        String text = InsnPrinter.print(row.prototype()).replace("|", "\\|");
        return "| " + row.name() + " | `" + text + "` | `" + HexFormat.of().toHexDigits((byte) row.opcode()) + "` | "
                + fields + " | " + (narrowed ? "imm " + row.linuxImm() : "") + " | "
                + row.group().title() + " | v" + row.cpu() + " | " + row.source() + " |\n";
    }

    private static void field(StringBuilder out, String name, FieldRule rule) {
        if (rule.isFixed() && rule.allows(0)) {
            return;
        }
        String range = rule.toString();
        if (rule.equals(new FieldRule.Range(Integer.MIN_VALUE, Integer.MAX_VALUE))) {
            range = "any";
        } else if (rule.equals(new FieldRule.Range(Short.MIN_VALUE, Short.MAX_VALUE))) {
            range = "any";
        } else if (rule.equals(new FieldRule.Range(0, 9))) {
            range = "r0–r9";
        } else if (rule.equals(new FieldRule.Range(0, 10))) {
            range = "r0–r10";
        }
        out.append(out.isEmpty() ? "" : ", ").append(name).append(' ').append(range);
    }
}
