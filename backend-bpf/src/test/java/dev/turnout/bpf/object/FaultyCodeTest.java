package dev.turnout.bpf.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.asm.Disassembly;
import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Fault;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** A word that is no instruction is the fault of the program that holds it, and of no other in the object. */
class FaultyCodeTest {
    @Test
    void oneProgramIsWrongTheOthersAreNot() {
        ByteString file = SampleObjects.file("fields");
        BpfObject whole = SampleObjects.read(file);
        ObjectFunction data = whole.function("data").orElseThrow();
        byte[] bytes = file.toArray();
        int section = code(file, "tc");
        bytes[section + data.start() * 8] = (byte) 0xff;
        BpfObject object = SampleObjects.read(ByteString.copyOf(bytes));

        assertThat(load(object, "use").faults()).isEmpty();
        BpfProgram wrong = load(object, "data");
        assertThat(wrong.faults().stream().map(Fault::slot)).startsWith(0);
        assertThat(wrong.faults().getFirst().diagnostic().code()).isEqualTo(DiagnosticCode.O0102);
        assertThat(Disassembly.of(wrong)).contains("0:  ; unknown opcode 0xff");
    }

    private static int code(ByteString file, String name) {
        for (ElfImage.Section section : ElfImage.parse(file).sections()) {
            if (section.name().equals(name)) {
                ByteBuffer headers = file.asBuffer().order(ByteOrder.LITTLE_ENDIAN);
                return (int) headers.getLong((int) headers.getLong(40) + section.index() * Elf.SECTION_SIZE + 24);
            }
        }
        throw new AssertionError(name);
    }

    private static BpfProgram load(BpfObject object, String program) {
        Diagnostics diagnostics = new Diagnostics();
        return ProgramLoader.load(object, program, diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all().toString()));
    }
}
