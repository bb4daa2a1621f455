package dev.turnout.x86.asm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * The foreign judge: GNU objdump reads our bytes, and what it says is held against our listing, instruction by instruction.
 * Normalised is spelling only: white space, by which objdump pads mnemonics and sets the address of a rip-relative operand in a
 * column, and negative distances from rip, which it writes as 64-bit numbers.
 */
public final class Objdump {
    private static final Pattern NEGATIVE_FROM_RIP = Pattern.compile("rip\\+0x(ffffffff[0-9a-f]{8})");

    private Objdump() {}

    static void judge(AssembledCode code) throws IOException, InterruptedException {
        judge(code.bytes(), code.listing());
    }

    /** Fails unless objdump reads in {@code code} just what {@code listing} says. */
    public static void judge(byte[] code, List<ListingLine> listing) throws IOException, InterruptedException {
        Iterator<String> theirs = disassemble(code).iterator();
        for (ListingLine ours : listing) {
            assertThat(theirs.hasNext()).as("objdump sees " + ours).isTrue();
            String line = theirs.next();
            String expected = Integer.toHexString(ours.offset()) + ": " + ours.text();
            if (!line.equals(expected)) {
                assertThat(line).as("bytes " + hex(code, ours)).isEqualTo(expected);
            }
        }
        assertThat(theirs.hasNext()).as("objdump sees more").isFalse();
    }

    private static String hex(byte[] bytes, ListingLine line) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            text.append(String.format("%02x ", bytes[line.offset() + i]));
        }
        return text.toString();
    }

    private static List<String> disassemble(byte[] bytes) throws IOException, InterruptedException {
        Path image = Files.createTempFile("turnout-x86", ".bin");
        Path text = Files.createTempFile("turnout-x86", ".txt");
        try {
            Files.write(image, bytes);
            Process process;
            try {
                process = new ProcessBuilder(
                                "objdump",
                                "-D",
                                "-z",
                                "-w",
                                "--no-show-raw-insn",
                                "-b",
                                "binary",
                                "-m",
                                "i386:x86-64",
                                "-M",
                                "intel",
                                image.toString())
                        .redirectOutput(text.toFile())
                        .redirectErrorStream(true)
                        .start();
            } catch (IOException absent) {
                Assumptions.abort("objdump of binutils is not installed: no foreign disassembler to judge the encoder");
                throw absent;
            }
            assertThat(process.waitFor()).as("objdump's exit").isZero();
            List<String> lines = new ArrayList<>();
            for (String line : Files.readAllLines(text, StandardCharsets.UTF_8)) {
                if (line.startsWith(" ")) {
                    lines.add(normalised(line));
                }
            }
            return lines;
        } finally {
            Files.deleteIfExists(image);
            Files.deleteIfExists(text);
        }
    }

    private static String normalised(String line) {
        return NEGATIVE_FROM_RIP
                .matcher(line.strip().replaceAll("\\s+", " "))
                .replaceAll(hit -> "rip-0x" + Long.toHexString(-Long.parseUnsignedLong(hit.group(1), 16)));
    }
}
