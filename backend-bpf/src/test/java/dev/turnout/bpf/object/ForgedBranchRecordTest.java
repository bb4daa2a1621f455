package dev.turnout.bpf.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records of static branches as nobody would write them in good faith; each field of the one in the object is forged by itself. */
class ForgedBranchRecordTest {
    private static final int SECTION = 0;
    private static final int SITE = 4;
    private static final int TARGET = 8;
    private static final int KEY = 12;
    private static final int FLAGS = 20;

    private final byte[] file = ElfWriter.write(ElfWriterTest.everything()).toArray();
    private final ElfImage image = ElfImage.parse(ByteString.copyOf(file));
    private final int record = place();

    /** Where the only record stands in the file: its bytes are like no others. */
    private int place() {
        ByteBuffer section = image.section(Elf.STATIC_BRANCHES).orElseThrow().view();
        byte[] bytes = new byte[Elf.BRANCH_RECORD];
        section.get(bytes);
        int found = -1;
        for (int at = 0; at + bytes.length <= file.length; at++) {
            if (Arrays.equals(file, at, at + bytes.length, bytes, 0, bytes.length)) {
                assertThat(found).isNegative();
                found = at;
            }
        }
        assertThat(found).isNotNegative();
        return found;
    }

    private Diagnostics read(int field, int value) {
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(record + field, value);
        Diagnostics diagnostics = new Diagnostics();
        ElfReader.read(ByteString.copyOf(file), Policy.LINUX, diagnostics);
        return diagnostics;
    }

    private void refuses(int field, int value, String message) {
        Diagnostics diagnostics = read(field, value);
        assertThat(diagnostics.all()).extracting(Diagnostic::code).containsExactly(DiagnosticCode.O0120);
        assertThat(diagnostics.all().getFirst().message()).contains("static branch record 0", message);
    }

    private int section(String name) {
        return image.section(name).orElseThrow().index();
    }

    private int symbol(String name) {
        return image.symbols().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow()
                .index();
    }

    @Test
    void asItWasWrittenItIsRead() {
        assertThat(read(SITE, 0).all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"9999", "-1", "0"})
    void theSectionMustBeThere(int section) {
        refuses(SECTION, section, "must be a section of code and a key");
    }

    @Test
    void theSectionMustHoldCode() {
        refuses(SECTION, section(Elf.STATIC_KEYS), "must be a section of code and a key");
    }

    @Test
    void theSectionMustBeThatOfTheSite() {
        refuses(SECTION, section(BpfObject.TEXT), "must be a static branch and an instruction of its function");
    }

    @ParameterizedTest
    @CsvSource({"8", "24", "4", "-8", "2147483640", "88"})
    void theSiteMustBeAStaticBranch(int site) {
        refuses(SITE, site, "must be a static branch and an instruction of its function");
    }

    /** 16 is the second half of a wide load, 88 is behind the function. */
    @ParameterizedTest
    @CsvSource({"16", "41", "-8", "88", "2147483640"})
    void theTargetMustBeAnInstructionOfTheFunction(int target) {
        refuses(TARGET, target, "must be a static branch and an instruction of its function");
    }

    @Test
    void theKeyMustBeOne() {
        refuses(KEY, 0, "must be a section of code and a key");
        refuses(KEY, 9999, "must be a section of code and a key");
        refuses(KEY, -1, "must be a section of code and a key");
        refuses(KEY, symbol("helper"), "must be a section of code and a key");
        refuses(KEY, symbol("hits"), "must be a section of code and a key");
    }

    @ParameterizedTest
    @CsvSource({"4", "-1"})
    void flagsThatMeanNothingAreRefused(int flags) {
        refuses(FLAGS, flags, "flags 0x");
    }
}
