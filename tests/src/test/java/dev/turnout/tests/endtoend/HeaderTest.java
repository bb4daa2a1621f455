package dev.turnout.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.turnout.cli.CommandLine;
import dev.turnout.cli.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --emit header} and {@code --emit description}: what loaders in other languages are told. */
class HeaderTest {
    private static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();
    private static final Path LAYOUTS =
            Path.of("src/test/resources/describe/layouts.turn").toAbsolutePath();

    @TempDir
    Path folder;

    private static String emitted(Path file, String stage, String target) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ExitCode code = new CommandLine(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run("build", file.toString(), "--emit", stage, "--target", target);
        assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.SUCCESS);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static boolean exists(String compiler) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(path -> Files.isExecutable(Path.of(path).resolve(compiler)));
    }

    /** What a compiler says; empty if it is content. Its warnings are errors, so every assertion in the header holds. */
    private String compiled(String compiler, String header) throws IOException, InterruptedException {
        Path source = folder.resolve("loader.c");
        Files.writeString(source, header + "int main(void) { return 0; }\n");
        Process process = new ProcessBuilder(
                        compiler,
                        "-std=c11",
                        "-Wall",
                        "-Wextra",
                        "-pedantic",
                        "-Werror",
                        "-fsyntax-only",
                        source.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() == 0 ? "" : said.isEmpty() ? "refused" : said;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gcc", "clang"})
    void every_example_has_a_header_that_compiles(String compiler) throws IOException, InterruptedException {
        assumeTrue(exists(compiler), "there is no " + compiler + " here");
        List<Path> files;
        try (Stream<Path> all = Files.list(EXAMPLES)) {
            files = new ArrayList<>(
                    all.filter(one -> one.toString().endsWith(".turn")).sorted().toList());
        }
        files.add(LAYOUTS);
        for (Path file : files) {
            assertThat(compiled(compiler, header(file, "vm")))
                    .as(file.toString())
                    .isEmpty();
        }
        assertThat(compiled(compiler, header(LAYOUTS, "linux-6.12"))).isEmpty();
    }

    private static String header(Path file, String target) {
        return emitted(file, "header", target);
    }

    @Test
    void names_of_c_and_padding_are_made_members_of_their_own() {
        String header = header(LAYOUTS, "linux-6.12");
        assertThat(header)
                .contains("#define layouts_Small_default_ ((layouts_Small) 0u)")
                .contains("    uint8_t pad0[7];")
                .contains("    uint8_t ihl : 4;")
                .contains("uint16_t len; /* network order */")
                .contains("typedef uint8_t layouts_links_key[6];")
                .contains("_Static_assert(sizeof(struct layouts_Outer) == 64")
                .contains("#define LAYOUTS_KEY_MODE_OFFSET 0u")
                .contains("struct layouts_data_keys {")
                .contains("struct layouts_Event {");
    }

    @Test
    void a_description_names_every_part() {
        String text = emitted(LAYOUTS, "description", "linux-6.12");
        JsonObject all = JsonParser.parseString(text).getAsJsonObject();
        assertThat(all.get("object").getAsString()).isEqualTo("layouts");
        assertThat(all.get("target").getAsString()).isEqualTo("linux-6.12");
        assertThat(names(all.getAsJsonArray("programs"))).containsExactly("main");
        assertThat(names(all.getAsJsonArray("maps")))
                .containsExactlyInAnyOrder("things", "counters", "links", "ring", "packets");
        JsonObject key = all.getAsJsonArray("keys").get(0).getAsJsonObject();
        assertThat(key.get("name").getAsString()).isEqualTo("mode");
        assertThat(key.get("map").getAsString()).isEqualTo(".data.keys");
        assertThat(key.get("size").getAsInt()).isEqualTo(1);
        JsonObject rodata = named(all.getAsJsonArray("sections"), ".rodata");
        JsonObject rate = named(rodata.getAsJsonArray("variables"), "rate");
        assertThat(rate.get("initial").getAsInt()).isEqualTo(5);
        JsonArray types = all.getAsJsonArray("types");
        assertThat(types.asList().stream()
                        .filter(one -> one.getAsJsonObject().has("struct"))
                        .map(one -> one.getAsJsonObject().get("struct").getAsString()))
                .contains("Inner", "Outer", "Event", "Ipv4");
    }

    @Test
    void tables_are_described_on_targets_that_have_none() {
        Path actions = EXAMPLES.resolve("actions.turn");
        for (String target : List.of("vm", "linux-6.12")) {
            String text = emitted(actions, "description", target);
            JsonObject all = JsonParser.parseString(text).getAsJsonObject();
            assertThat(all.getAsJsonArray("tables")).as(target).isNotEmpty();
        }
    }

    private static List<String> names(JsonArray items) {
        return items.asList().stream()
                .map(one -> one.getAsJsonObject().get("name").getAsString())
                .toList();
    }

    private static JsonObject named(JsonArray items, String name) {
        for (JsonElement one : items) {
            if (one.getAsJsonObject().get("name").getAsString().equals(name)) {
                return one.getAsJsonObject();
            }
        }
        throw new AssertionError("nothing is called " + name);
    }
}
