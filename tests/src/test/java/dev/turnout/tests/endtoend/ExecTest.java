package dev.turnout.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.turnout.cli.CommandLine;
import dev.turnout.cli.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path OBJECTS = ROOT.resolve("tests/corpus/clang22");
    /** {@code r0 = *(u64 *)(r1 + 0); r0 += 1; *(u64 *)(r1 + 0) = r0; exit}. */
    private static final String COUNT = "79100000 00000000 07000000 01000000 7b010000 00000000 95000000 00000000";

    private static String exec(String in, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] all = new String[args.length + 1];
        all[0] = "exec";
        System.arraycopy(args, 0, all, 1, args.length);
        ExitCode code = new CommandLine(
                        new ByteArrayInputStream(in.getBytes(StandardCharsets.US_ASCII)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(all);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(code).isEqualTo(ExitCode.SUCCESS);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void r0_is_printed_as_lower_case_hex_without_zeros_in_front() {
        assertThat(exec("18000000 EFBEADDE 00000000 0000000A 95000000 00000000", "--insns", "-"))
                .isEqualTo("0xa000000deadbeef\n");
        assertThat(exec("", "--insns", "b7000000 ffffffff 95000000 00000000")).isEqualTo("0xffffffffffffffff\n");
    }

    @Test
    void json_has_the_members_of_the_contract_in_their_order() {
        String line =
                exec("", "--insns", COUNT, "--mem", "00".repeat(8), "--repeat", "1000", "--json", "--engine", "interp");
        assertThat(line).endsWith("}\n").hasLineCount(1);
        JsonObject said = JsonParser.parseString(line).getAsJsonObject();
        assertThat(said.keySet()).containsExactly("r0", "engine", "runs", "ns_per_run", "insns");
        // Each repetition sees the memory as the last one left it.
        assertThat(said.get("r0").getAsString()).isEqualTo("0x3e8");
        assertThat(said.get("engine").getAsString()).isEqualTo("interp");
        assertThat(said.get("runs").getAsLong()).isEqualTo(1000);
        assertThat(said.get("ns_per_run").getAsDouble()).isPositive();
        assertThat(said.get("insns").getAsInt()).isEqualTo(4);
    }

    @Test
    void memory_comes_from_a_file_as_from_digits(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("m"), new byte[] {41, 0, 0, 0, 0, 0, 0, 0});
        assertThat(exec("", "--insns", COUNT, "--mem-file", file.toString())).isEqualTo("0x2a\n");
        assertThat(exec("", "--insns", COUNT, "--mem", "29:00:00:00 00000000")).isEqualTo("0x2a\n");
    }

    @Test
    void a_function_of_an_object_is_found_alone_or_by_its_name() throws Exception {
        String packet = Files.readString(ROOT.resolve("tests/corpus/packet.hex"));
        String object = OBJECTS.resolve("crc32.vm.v3.o").toString();
        String expected = Files.readAllLines(ROOT.resolve("tests/corpus/results.tsv")).stream()
                .filter(line -> line.startsWith("crc32\t"))
                .map(line -> line.substring(line.indexOf("0x"), line.lastIndexOf('\t')) + "\n")
                .findFirst()
                .orElseThrow();
        assertThat(exec("", object, "--mem", packet)).isEqualTo(expected);
        assertThat(exec("", object, "--mem", packet, "--fn", "entry")).isEqualTo(expected);
    }
}
