package dev.turnout.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.turnout.cli.CommandLine;
import dev.turnout.cli.ExitCode;
import dev.turnout.driver.load.EngineRow;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code --engine} means the same wherever it can be given. */
class EngineChoiceTest {
    private static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();
    private static final String FIREWALL = EXAMPLES.resolve("firewall.turn").toString();

    private static final List<String> RUN = List.of(
            "run",
            FIREWALL,
            "--map",
            "policy=@" + EXAMPLES.resolve("policy.json"),
            "--pcap",
            EXAMPLES.resolve("data/mixed.pcap").toString(),
            "--linux-feed",
            "--map-dump",
            "--json");
    /** r0 = 7. */
    private static final List<String> EXEC = List.of("exec", "--insns", "b700000007000000 9500000000000000");

    private record Ended(ExitCode code, String out, String err) {}

    private static Ended turnout(List<String> args, String... more) {
        List<String> all = new ArrayList<>(args);
        all.addAll(List.of(more));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ExitCode code = new CommandLine(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(all.toArray(new String[0]));
        return new Ended(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static List<EngineRow> usable() {
        return Arrays.stream(EngineRow.values())
                .filter(row -> !(row.availability() instanceof EngineRow.Availability.Absent))
                .toList();
    }

    @Test
    void an_engine_that_does_not_exist_is_wrong_usage_that_names_those_that_do() {
        for (List<String> command : List.of(RUN, EXEC, List.of("test", FIREWALL))) {
            Ended ended = turnout(command, "--engine", "jit");
            assertThat(ended.code()).isEqualTo(ExitCode.USAGE);
            assertThat(ended.out()).isEmpty();
            assertThat(ended.err()).contains("U0102").contains("`jit`");
            assertThat(usable()).allSatisfy(row -> assertThat(ended.err()).contains("`" + row.word() + "`"));
        }
    }

    @Test
    void without_a_word_the_fastest_is_taken_and_named() {
        JsonObject report = JsonParser.parseString(turnout(RUN).out()).getAsJsonObject();
        assertThat(report.get("engine").getAsString())
                .isEqualTo(EngineRow.fastest().word());
    }

    @Test
    void every_engine_reports_the_same() {
        JsonObject expected = report("interp");
        assertThat(expected.get("runs").getAsInt()).isPositive();
        for (EngineRow row : usable()) {
            JsonObject report = report(row.word());
            if (row == EngineRow.KERNEL) {
                // It has CPUs where a machine has slots, so per-CPU lists have another length.
                report.add("maps", expected.get("maps"));
            }
            assertThat(report).as(row.word()).isEqualTo(expected);
            assertThat(turnout(EXEC, "--engine", row.word()).out()).isEqualTo("0x7\n");
        }
    }

    /** Without what may differ: the engine's word, its speed, and steps where they are counted. */
    private static JsonObject report(String engine) {
        JsonObject report =
                JsonParser.parseString(turnout(RUN, "--engine", engine).out()).getAsJsonObject();
        assertThat(report.remove("engine").getAsString()).isEqualTo(engine);
        report.remove("ns_per_run");
        report.remove("steps");
        return report;
    }
}
