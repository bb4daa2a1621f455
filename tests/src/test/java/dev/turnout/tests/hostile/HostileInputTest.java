package dev.turnout.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.google.gson.JsonParser;
import dev.turnout.cli.CommandLine;
import dev.turnout.cli.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileInputTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String FIREWALL =
            ROOT.resolve("examples/firewall.turn").toString();
    private static final String CAPTURE =
            ROOT.resolve("examples/data/mixed.pcap").toString();
    /** Lines of a message: a screen, the line that counts, and the help below. */
    private static final int SCREEN = 60;

    @TempDir
    private Path folder = Path.of("");

    private record Ending(ExitCode code, String out, String err) {}

    private static Ending turnout(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ExitCode code = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> new CommandLine(
                                new PrintStream(out, true, StandardCharsets.UTF_8),
                                new PrintStream(err, true, StandardCharsets.UTF_8))
                        .run(args));
        return new Ending(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Ends with this code and says why, in a screen, without a word of Java. */
    private static Ending refuses(ExitCode code, String... args) {
        Ending ending = turnout(args);
        assertThat(ending.code())
                .withFailMessage(() -> Arrays.toString(args) + " ended with " + ending.code() + ":\n" + ending.err())
                .isEqualTo(code);
        assertThat(ending.err()).isNotBlank().doesNotContain("\tat ").doesNotContain("Exception");
        assertThat(ending.err().lines().count()).isLessThanOrEqualTo(SCREEN);
        assertThat(ending.err().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(400));
        return ending;
    }

    private String file(String name, byte[] bytes) {
        try {
            return Files.write(folder.resolve(name), bytes).toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String file(String name, String text) {
        return file(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private void folderHoldsOnly(String... names) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all.map(one -> one.getFileName().toString())).containsExactlyInAnyOrder(names);
        }
    }

    @Test
    void an_unclosed_string_is_an_error_in_the_text_and_leaves_no_object() throws IOException {
        String source = file("a.turn", "fn f() { print(\"hello); }\n");
        refuses(
                ExitCode.PROGRAM_WRONG,
                "build",
                source,
                "-o",
                folder.resolve("a.o").toString());
        folderHoldsOnly("a.turn");
    }

    @Test
    void a_text_that_does_not_compile_leaves_the_old_object_alone() throws IOException {
        String source = file("a.turn", "prog xdp main(ctx: *XdpCtx) -> XdpAction { return XDP_PASS }\n");
        String object = file("a.o", "old");
        refuses(ExitCode.PROGRAM_WRONG, "build", source, "-o", object);
        assertThat(Files.readString(Path.of(object))).isEqualTo("old");
        folderHoldsOnly("a.turn", "a.o");
    }

    @Test
    void bytes_that_are_not_utf8_are_named_with_their_offset() {
        String source = file("latin.turn", new byte[] {'/', '/', ' ', (byte) 0xe4, '\n'});
        assertThat(refuses(ExitCode.USAGE, "verify", source).err())
                .contains("E0107")
                .contains("offset 3");
    }

    @Test
    void ten_megabytes_of_brackets_end_quickly() {
        for (String bracket : new String[] {"(", "[", "{", "fn f() {", "if (x) {", "switch (a) {", "-", "a."}) {
            String text = bracket.repeat(10_000_000 / bracket.length());
            refuses(ExitCode.USAGE, "verify", file("big.turn", text));
        }
    }

    @Test
    void brackets_below_the_size_limit_end_quickly_too() {
        for (String bracket : new String[] {"(", "[", "{", "let x = (", "&", "!", "0..", "switch (a) { 0 => {", "?"}) {
            String text = "fn f() { let x = " + bracket.repeat(200_000 / bracket.length());
            refuses(ExitCode.PROGRAM_WRONG, "verify", file("deep.turn", text));
        }
    }

    @Test
    void random_bytes_are_no_program() {
        Random random = new Random(20260101);
        for (int i = 0; i < 40; i++) {
            byte[] bytes = new byte[100 + random.nextInt(4000)];
            random.nextBytes(bytes);
            refuses(ExitCode.USAGE, "verify", file("noise.turn", bytes));
        }
    }

    @Test
    void a_text_cut_anywhere_is_right_or_refused() throws IOException {
        String text = Files.readString(Path.of(FIREWALL));
        for (int end = 1; end < text.length(); end += 37) {
            Ending ending = turnout("verify", file("cut.turn", text.substring(0, end)));
            assertThat(ending.code()).isIn(ExitCode.SUCCESS, ExitCode.PROGRAM_WRONG, ExitCode.USAGE);
            assertThat(ending.err()).doesNotContain("\tat ");
        }
    }

    @Test
    void an_object_cut_anywhere_is_refused() throws IOException {
        Path object = folder.resolve("fw.o");
        assertThat(turnout("build", FIREWALL, "-o", object.toString()).code()).isEqualTo(ExitCode.SUCCESS);
        byte[] bytes = Files.readAllBytes(object);
        for (int size = 0; size < bytes.length; size += 61) {
            String cut = file("cut.o", Arrays.copyOf(bytes, size));
            Ending ending = turnout("verify", cut);
            assertThat(ending.code()).as("the first " + size + " bytes").isIn(ExitCode.USAGE, ExitCode.PROGRAM_WRONG);
            assertThat(ending.err()).isNotBlank().doesNotContain("\tat ");
        }
    }

    @Test
    void an_object_with_a_flipped_byte_never_crashes_the_tool() throws IOException {
        Path object = folder.resolve("fw.o");
        assertThat(turnout("build", FIREWALL, "-o", object.toString()).code()).isEqualTo(ExitCode.SUCCESS);
        byte[] bytes = Files.readAllBytes(object);
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] damaged = bytes.clone();
            int at = random.nextInt(damaged.length);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Ending ending = turnout("verify", file("bad.o", damaged));
            assertThat(ending.code())
                    .withFailMessage(() -> "byte " + at + ":\n" + ending.err())
                    .isNotEqualTo(ExitCode.INTERNAL);
            assertThat(ending.err()).doesNotContain("\tat ");
        }
    }

    @Test
    void a_capture_cut_anywhere_is_read_to_the_cut_or_refused() throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of(CAPTURE));
        for (int size : new int[] {0, 1, 4, 23, 24, 25, 39, 40, 41, 100, 1001, bytes.length - 1}) {
            String cut = file("cut.pcap", Arrays.copyOf(bytes, size));
            Ending ending = turnout("run", FIREWALL, "--pcap", cut, "--json");
            assertThat(ending.code()).as("the first " + size + " bytes").isIn(ExitCode.SUCCESS, ExitCode.USAGE);
            assertThat(ending.err()).doesNotContain("\tat ");
            assertThat(ending.out().isBlank() && ending.err().isBlank()).isFalse();
        }
    }

    @Test
    void with_json_every_line_of_stdout_is_one_object() {
        for (Ending ending : new Ending[] {
            turnout("run", FIREWALL, "--pcap", CAPTURE, "--json", "--map-dump"),
            turnout("verify", FIREWALL, "--json"),
            turnout("verify", file("bad.turn", "fn f( {"), "--json")
        }) {
            for (String line : ending.out().lines().toList()) {
                assertThatNoException()
                        .isThrownBy(() -> JsonParser.parseString(line).getAsJsonObject());
            }
        }
    }

    @Test
    void wrong_usage_is_told_what_is_right() {
        refuses(ExitCode.USAGE);
        refuses(ExitCode.USAGE, "frobnicate");
        refuses(ExitCode.USAGE, "run");
        refuses(ExitCode.USAGE, "run", FIREWALL);
        refuses(ExitCode.USAGE, "run", FIREWALL, "--frobnicate");
        refuses(ExitCode.USAGE, "run", FIREWALL, "--packet");
        refuses(ExitCode.USAGE, "run", FIREWALL, "--packet", "xyz");
        refuses(ExitCode.USAGE, "run", FIREWALL, "--packet", "123");
        refuses(ExitCode.USAGE, "run", FIREWALL, "--packet", "00", "--pcap", CAPTURE);
        refuses(ExitCode.USAGE, "run", FIREWALL, "--packet", "00", "--repeat", "-1");
        refuses(ExitCode.USAGE, "run", FIREWALL, "--packet", "00", "--repeat", "many");
        refuses(ExitCode.USAGE, "run", FIREWALL, "--packet", "00", "--engine", "jit");
        refuses(ExitCode.USAGE, "run", FIREWALL, "--packet", "00", "--prog", "nobody");
        refuses(ExitCode.USAGE, "run", FIREWALL, "--packet", "00", "--map", "policy");
        refuses(ExitCode.USAGE, "run", FIREWALL, "--packet", "00", "--map", "policy={");
        refuses(ExitCode.USAGE, "run", FIREWALL, "--packet", "00", "--map", "nobody=[]");
        refuses(ExitCode.USAGE, "run", FIREWALL, "--packet", "00", "--config", "nobody=1");
        refuses(ExitCode.USAGE, "run", FIREWALL, "--packet", "00", "--key", "nobody=true");
        refuses(ExitCode.USAGE, "build", FIREWALL, "-o", folder.resolve("x.o").toString(), "--target", "linux-9");
        refuses(ExitCode.USAGE, "dump", FIREWALL, "--emit", "everything");
        refuses(ExitCode.USAGE, "explain", "E9999");
    }

    @Test
    void files_that_are_missing_folders_or_empty_are_named() {
        String missing = folder.resolve("missing.turn").toString();
        assertThat(refuses(ExitCode.USAGE, "verify", missing).err()).contains("missing.turn");
        refuses(ExitCode.USAGE, "verify", folder.toString());
        refuses(ExitCode.USAGE, "run", FIREWALL, "--pcap", missing);
        refuses(ExitCode.USAGE, "run", FIREWALL, "--packet-file", missing);
        refuses(ExitCode.USAGE, "run", FIREWALL, "--packet", "00", "--map", "policy=@" + missing);
        refuses(ExitCode.USAGE, "disasm", missing);
        refuses(ExitCode.USAGE, "test", missing);
        refuses(
                ExitCode.USAGE,
                "build",
                FIREWALL,
                "-o",
                folder.resolve("no/such/folder/x.o").toString());
        refuses(ExitCode.USAGE, "disasm", file("empty.o", ""));
        assertThat(Files.exists(folder.resolve("no"))).isFalse();
    }

    @Test
    void a_name_that_no_file_system_takes_is_a_wrong_name() {
        refuses(ExitCode.USAGE, "verify", "a\0b.turn");
    }

    @Test
    void an_import_of_a_missing_file_is_an_error_of_the_text() {
        refuses(ExitCode.PROGRAM_WRONG, "verify", file("a.turn", "import \"no/such/file.turn\";\n"));
        refuses(ExitCode.PROGRAM_WRONG, "verify", file("b.turn", "import \"b.turn\";\n"));
    }
}
