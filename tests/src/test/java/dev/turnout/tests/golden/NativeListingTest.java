package dev.turnout.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.Verifier;
import dev.turnout.verifier.specialize.ExecutableProgram;
import dev.turnout.verifier.specialize.Specializer;
import dev.turnout.x86.asm.ListingLine;
import dev.turnout.x86.code.Listing;
import dev.turnout.x86.code.PatchMode;
import dev.turnout.x86.isa.Feature;
import dev.turnout.x86.lower.DirectCompiler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In the native code of every golden program, a foreign disassembler reads what our listing says. */
class NativeListingTest {
    private static final Path OBJDUMP = Path.of("/usr/bin/objdump");
    private static final Pattern NEGATIVE_FROM_RIP = Pattern.compile("rip\\+0x(ffffffff[0-9a-f]{8})");
    private static final Pattern LINE = Pattern.compile("^ *([0-9a-f]+):\\t(?:[0-9a-f]{2} )+ *\\t?(.*?) *$");

    @TempDir
    Path directory;

    /** The programs of a golden file as machines get them; none if it is there to be refused. */
    private static List<ExecutableProgram> programs(Path path) throws IOException {
        Stages stages = new Subject(path, GoldenFile.parse(Files.readString(path))).stages(TargetProfile.VM);
        if (stages.compilation().generated().isEmpty()) {
            return List.of();
        }
        List<ExecutableProgram> programs = new ArrayList<>();
        for (BpfProgram program : stages.programs(List.of())) {
            if (Verifier.verify(program, Options.linux()) instanceof Verdict.Verified verified) {
                programs.add(Specializer.specialize(verified.program()));
            }
        }
        return programs;
    }

    @Test
    void aForeignDisassemblerReadsTheListing() throws Exception {
        assumeTrue(Files.isExecutable(OBJDUMP), "no objdump here");
        int compared = 0;
        for (Path path : GoldenTest.files()) {
            for (ExecutableProgram program : programs(path)) {
                Optional<Listing> listing =
                        DirectCompiler.list(program, Set.of(Feature.BMI2), PatchMode.CELL, new Diagnostics());
                if (listing.isPresent()) {
                    compare(path + ", " + program.program().name(), listing.get());
                    compared++;
                }
            }
        }
        if (System.getProperty("golden", "").isBlank()) {
            assertThat(compared).as("programs that were compared").isGreaterThan(100);
        }
    }

    private void compare(String name, Listing listing) throws IOException, InterruptedException {
        List<String> ours = new ArrayList<>();
        for (ListingLine line : listing.lines()) {
            ours.add(Integer.toHexString(line.offset()) + " " + line.text());
        }
        assertThat(disassembled(listing.code().bytes())).as(name).isEqualTo(ours);
    }

    private List<String> disassembled(byte[] bytes) throws IOException, InterruptedException {
        Path file = directory.resolve("code.bin");
        Files.write(file, bytes);
        Process process = new ProcessBuilder(
                        OBJDUMP.toString(),
                        "-D",
                        "-b",
                        "binary",
                        "-m",
                        "i386:x86-64",
                        "-M",
                        "intel",
                        "--insn-width=16",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group(1) + " " + spelled(line.group(2)))
                .toList();
    }

    /** Blanks pad, and a negative distance from rip is written as 64 bits. */
    private static String spelled(String line) {
        return NEGATIVE_FROM_RIP
                .matcher(line.replaceAll("  +", " "))
                .replaceAll(hit -> "rip-0x" + Long.toHexString(-Long.parseUnsignedLong(hit.group(1), 16)));
    }
}
