package dev.turnout.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.turnout.cli.CommandLine;
import dev.turnout.cli.ExitCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.linux.load.KernelObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Linked programs do what they do in objects of their own. */
class LinkTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path CLANGS = ROOT.resolve("backend-bpf/src/test/resources/merge");

    private static final String FIRST = """
            license "GPL";
            key loud = false;
            var hits: u64 = 0;
            enum Kind { a, b, c, d, e, f }

            fn weigh(x: u32) -> u32 {
                return @tree switch (x & 7) { 0 => x + 5, 1 => x * 3, 2 => x ^ 77, 3 => 9, 5 => x >> 1, else => x };
            }

            prog socket first(ctx: *SkBuff) -> i32 {
                hits += 1;
                var r: u32 = 1;
                switch (ctx.len & 15) {
                    0 => r = 11, 1 => r = weigh(ctx.len), 2 => r += 40, 3 => r = ctx.len, 4 => r *= 6, 5 => r = 0xfff,
                    9 => r = weigh(r + 2), else => r = 3,
                }
                static_branch unlikely (loud) { r += 1000; }
                return i32(r);
            }
            """;
    private static final String SECOND = """
            license "GPL";
            key loud = false;
            config step: u32 = 4;
            map totals: array<u32, u64>(4);

            fn weigh(x: u32) -> u32 {
                return @tree switch (x & 7) { 0 => x + 50, 1 => x * 30, 2 => x ^ 770, 3 => 90, 6 => x >> 2, else => x };
            }

            prog socket second(ctx: *SkBuff) -> i32 {
                var r: u32 = step;
                static_branch unlikely (loud) { r += 500; }
                switch (ctx.len & 15) {
                    0 => r *= 2, 1 => r += weigh(ctx.len), 2 => r += 4, 3 => r = ctx.len + 1, 4 => r *= 7, 6 => r = 0xff,
                    8 => r = weigh(r), else => r += 1,
                }
                totals[1] += u64(r);
                return i32(r);
            }
            """;

    @TempDir
    private Path folder = Path.of("");

    private record Ending(ExitCode code, String out, String err) {}

    private static Ending turnout(Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> words = new ArrayList<>();
        for (Object arg : args) {
            words.add(arg.toString());
        }
        ExitCode code = new CommandLine(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(words.toArray(String[]::new));
        return new Ending(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static String succeed(Object... args) {
        Ending ending = turnout(args);
        assertThat(ending.err()).isEmpty();
        assertThat(ending.code()).isEqualTo(ExitCode.SUCCESS);
        return ending.out();
    }

    private Path build(String name, String text, String target) throws IOException {
        Path source = Files.writeString(folder.resolve(name + ".turn"), text);
        Path object = folder.resolve(name + ".o");
        succeed("build", source, "-o", object, "--target", target);
        return object;
    }

    /** What a run says, without what it took. */
    private static JsonObject run(Path object, String program, int length, Object... more) {
        List<Object> args = new ArrayList<>(
                List.of("run", object, "--prog", program, "--packet", "5a".repeat(length), "--map-dump", "--json"));
        args.addAll(List.of(more));
        JsonObject said = JsonParser.parseString(succeed(args.toArray())).getAsJsonObject();
        said.remove("ns_per_run");
        return said;
    }

    @ParameterizedTest
    @ValueSource(strings = {"vm", "linux-6.1", "linux-6.12", "linux-6.19"})
    void programs_of_two_sources_do_what_they_did(String target) throws IOException {
        Path first = build("first", FIRST, target);
        Path second = build("second", SECOND, target);
        Path both = folder.resolve("both.o");
        succeed("link", first, second, "-o", both);
        for (int length = 14; length < 31; length++) {
            for (String loud : List.of("false", "true")) {
                Object[] with = {"--key", "loud=" + loud, "--engine", length % 2 == 0 ? "interp" : "direct"};
                assertThat(run(both, "first", length, with).get("retval"))
                        .isEqualTo(run(first, "first", length, with).get("retval"));
                assertThat(run(both, "second", length, with).get("retval"))
                        .isEqualTo(run(second, "second", length, with).get("retval"));
            }
        }
    }

    @Test
    void the_running_kernel_takes_what_was_linked_and_agrees() throws IOException {
        assumeTrue(KernelObject.permitted(new Diagnostics()), "bpf(2) is not permitted here");
        Path first = build("first", FIRST, "linux-6.12");
        Path second = build("second", SECOND, "linux-6.12");
        Path both = folder.resolve("both.o");
        succeed("link", second, first, "-o", both);
        for (int length = 14; length < 31; length++) {
            for (String program : List.of("first", "second")) {
                assertThat(run(both, program, length, "--engine", "kernel").get("retval"))
                        .as("%s of %d bytes", program, length)
                        .isEqualTo(
                                run(both, program, length, "--engine", "interp").get("retval"));
            }
        }
    }

    @Test
    void pinned_maps_of_one_name_are_one_map_and_others_are_not() throws IOException {
        String text = """
                license "GPL";
                %s map counts: array<u32, u64>(2);
                prog socket %s(ctx: *SkBuff) -> i32 { counts[1] += 1; return i32(u32(counts[1])); }
                """;
        Path both = folder.resolve("both.o");
        String json = succeed(
                "link",
                build("a", text.formatted("@pinned", "a"), "linux-6.12"),
                build("b", text.formatted("@pinned", "b"), "linux-6.12"),
                "-o",
                both,
                "--json");
        JsonObject said = JsonParser.parseString(json).getAsJsonObject();
        assertThat(said.keySet()).containsExactly("output", "inputs", "bytes");
        assertThat(said.get("bytes").getAsLong()).isEqualTo(Files.size(both));
        assertThat(run(both, "b", 20).get("retval").getAsInt()).isOne();
        assertThat(run(both, "b", 20).getAsJsonObject("maps").keySet()).containsExactly("counts");

        Ending refused = turnout(
                "link",
                build("c", text.formatted("", "c"), "linux-6.12"),
                build("d", text.formatted("", "d"), "linux-6.12"),
                "-o",
                both);
        assertThat(refused.err()).contains("O0140", "`counts`");
        Ending other = turnout(
                "link",
                build("e", text.formatted("@pinned", "e").replace("(2)", "(3)"), "linux-6.12"),
                build("f", text.formatted("@pinned", "f"), "linux-6.12"),
                "-o",
                both);
        assertThat(other.err()).contains("O0141", "`max_entries` is 3 in one, 2 in the other");
    }

    @Test
    void ours_and_clangs_link_and_run() throws IOException {
        Path ours = build("first", FIRST, "linux-6.19");
        Path all = folder.resolve("all.o");
        Path clangs = folder.resolve("clangs.o");
        succeed("link", CLANGS.resolve("front.o"), CLANGS.resolve("back.o"), "-o", clangs);
        succeed("link", ours, CLANGS.resolve("back.o"), CLANGS.resolve("front.o"), "-o", all);
        for (int length = 48; length < 64; length++) {
            assertThat(run(all, "first", length).get("retval"))
                    .isEqualTo(run(ours, "first", length).get("retval"));
            int mine = run(all, "front", length).get("retval").getAsInt();
            // In the other order the other weak function is taken, which adds 200 and not 100.
            assertThat(mine)
                    .isEqualTo(run(clangs, "front", length).get("retval").getAsInt() + 100);
        }
    }

    @Test
    void two_programs_of_one_name_are_the_users_mistake_and_nothing_is_written() throws IOException {
        Path first = build("first", FIRST, "vm");
        Path both = folder.resolve("both.o");
        Ending ending = turnout("link", first, first, "-o", both);
        assertThat(ending.code()).isEqualTo(ExitCode.PROGRAM_WRONG);
        assertThat(ending.err()).contains("O0140", "`first`");
        assertThat(both).doesNotExist();
    }

    @Test
    void what_cannot_be_read_is_said_with_its_name() throws IOException {
        Path text = Files.writeString(folder.resolve("text.o"), "no object");
        assertThat(turnout("link", text, "-o", folder.resolve("x.o")))
                .satisfies(ending -> assertThat(ending.code()).isEqualTo(ExitCode.USAGE))
                .satisfies(ending -> assertThat(ending.err()).contains("O0110", "text.o"));
        assertThat(turnout("link", folder.resolve("none.o"), "-o", folder.resolve("x.o"))
                        .code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(turnout("link", text).code()).isEqualTo(ExitCode.USAGE);
        assertThat(turnout("link", "-o", folder.resolve("x.o")).code()).isEqualTo(ExitCode.USAGE);
    }
}
