package dev.turnout.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.driver.load.EngineRow;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar is the one that {@code ./check} had built before it began; a test does not build. */
class ScriptTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> FIREWALL = List.of(
            "run",
            "examples/firewall.turn",
            "--map",
            "policy=@examples/policy.json",
            "--pcap",
            "examples/data/mixed.pcap");

    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void the_jar_is_built() {
        assumeTrue(
                Files.isRegularFile(ROOT.resolve(".turnout/turnout.jar")),
                "nothing was built by ./turnout; ./check does it");
    }

    private static Ended turnout(Map<String, String> environment, List<String> args)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("turnout").toString()));
        command.addAll(args);
        Path err = Files.createTempFile("turnout-err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(ROOT.toFile());
        builder.environment().put("TURNOUT_NO_BUILD", "1");
        builder.environment().putAll(environment);
        builder.redirectError(err.toFile());
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        String said = Files.readString(err);
        Files.delete(err);
        return new Ended(code, out, said);
    }

    private static List<String> with(List<String> args, String... more) {
        List<String> all = new ArrayList<>(args);
        all.addAll(List.of(more));
        return all;
    }

    @Test
    void the_first_command_of_the_readme_prints_the_verdicts() throws Exception {
        Ended ended = turnout(Map.of(), with(FIREWALL, "--json"));
        assertThat(ended.code()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out())
                .startsWith("{\"program\":\"firewall\",\"engine\":\""
                        + EngineRow.fastest().word() + "\",\"runs\":1693,"
                        + "\"verdicts\":{\"XDP_DROP\":290,\"XDP_PASS\":1403},\"retval\":2,\"refused\":0,")
                .endsWith("}\n")
                .hasLineCount(1);
    }

    @Test
    void the_running_kernel_agrees_packet_by_packet() throws Exception {
        for (List<String> example :
                List.of(FIREWALL, List.of("run", "examples/opcodes.turn", "--pcap", "examples/data/mixed.pcap"))) {
            Ended kernel = turnout(Map.of(), with(example, "--each", "--engine", "kernel"));
            assumeTrue(
                    !kernel.err().contains("error[R012"),
                    "the running kernel takes no programs from this user: " + kernel.err());
            Ended ours = turnout(Map.of(), with(example, "--each", "--linux-feed"));
            assertThat(kernel.code()).isZero();
            assertThat(packets(ours)).hasSize(1693).isEqualTo(packets(kernel));
            assertThat(packets(ours))
                    .filteredOn(line -> line.endsWith("refused"))
                    .hasSize(7);
        }
    }

    private static List<String> packets(Ended ended) {
        return ended.out().lines().filter(line -> line.startsWith("packet ")).toList();
    }

    /** As the public BPF conformance suite runs its plugins: memory is the first argument, bytecode comes in, r0 goes out. */
    @Test
    void the_plugin_of_the_readme_runs_a_conformance_test() throws Exception {
        String plugin = "exec ./turnout exec --insns - --mem \"$1\" $2";
        assertThat(Files.readString(ROOT.resolve("README.md"))).contains("`" + plugin + "`");
        String loads = "61  10  00  00  00  00  00  00  95  00  00  00  00  00  00  00  \n";
        String length = "bf  20  00  00  00  00  00  00  95  00  00  00  00  00  00  00  \n";
        assertThat(conformance(plugin, loads, "78  56  34  12  ", "--engine interp"))
                .isEqualTo("0x12345678\n");
        assertThat(conformance(plugin, length, "", "")).isEqualTo("0x0\n");
    }

    private static String conformance(String plugin, String bytecode, String memory, String options) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder("sh", "-c", plugin, "plugin", memory, options).directory(ROOT.toFile());
        builder.environment().put("TURNOUT_NO_BUILD", "1");
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(bytecode.getBytes(StandardCharsets.US_ASCII));
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return out;
    }

    @Test
    void an_object_is_written_whole_and_verifies(@TempDir Path folder) throws Exception {
        Path object = folder.resolve("opcodes.o");
        Ended built = turnout(
                Map.of(), List.of("build", "examples/opcodes.turn", "--target", "linux-6.19", "-o", object.toString()));
        assertThat(built.code()).as(built.err()).isZero();
        assertThat(turnout(Map.of(), List.of("verify", object.toString(), "--json"))
                        .out())
                .contains("\"program\":\"opcodes\"", "\"verdict\":\"accepted\"");
        assertThat(turnout(Map.of(), List.of("dump", object.toString(), "--emit", "tables", "--json"))
                        .out())
                .hasLineCount(64);
    }

    @Test
    void without_a_jdk_it_says_so_in_a_line() throws Exception {
        Ended ended = turnout(Map.of("TURNOUT_JAVA_HOME", "/nowhere"), List.of("--version"));
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("/nowhere", "25").hasLineCount(1);
    }
}
