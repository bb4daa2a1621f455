package dev.turnout.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.cli.CommandLine;
import dev.turnout.cli.ExitCode;
import dev.turnout.driver.load.EngineRow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run --watch-keys}: keys are set by lines while packets are fed. */
class WatchKeysTest {
    private static final String TEXT = """
            license "GPL";
            enum Mode { fast, slow, audit }
            key probe = true;
            key mode: Mode = .slow;

            prog xdp main(ctx: *XdpCtx) -> XdpAction {
                static_branch (probe) { print("here"); }
                static_switch (mode) { .fast => return XDP_PASS, .slow => return XDP_DROP, .audit => return XDP_ABORTED, }
            }
            """;

    @TempDir
    Path folder;

    private String file = "";

    private record Ended(ExitCode code, String out, String err) {}

    @BeforeEach
    void write() throws IOException {
        Path path = folder.resolve("keys.turn");
        Files.writeString(path, TEXT);
        file = path.toString();
    }

    private ExitCode run(InputStream in, PrintStream out, PrintStream err, String... more) {
        String[] args = {"run", file, "--packet", "00".repeat(60), "--watch-keys"};
        String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return new CommandLine(in, out, err).run(all);
    }

    private Ended run(String lines, String... more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ExitCode code = run(
                new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                more);
        return new Ended(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static List<String> engines() {
        return Arrays.stream(EngineRow.values())
                .filter(row -> !(row.availability() instanceof EngineRow.Availability.Absent))
                .map(EngineRow::word)
                .toList();
    }

    @Test
    void lines_that_wait_are_taken_before_the_first_run_whatever_the_engine() {
        for (String engine : engines()) {
            Ended ended = run("probe off\n\nmode = fast\nprobe\n?\n", "--engine", engine);
            assertThat(ended.code()).as(engine).isEqualTo(ExitCode.SUCCESS);
            assertThat(ended.out()).as(engine).contains("1  XDP_PASS").doesNotContain("here");
            assertThat(ended.err()).as(engine).isEqualTo("""
                            key probe is false now
                            key mode is fast now
                            probe = false
                            probe = false
                            mode = fast
                            """);
        }
    }

    @Test
    void a_line_that_means_nothing_says_so_and_changes_nothing() {
        Ended ended = run("prob on\nmode = quick\nmode=\nprobe 2\nmode audit now\n=\nmode audit\n");
        assertThat(ended.code()).isEqualTo(ExitCode.SUCCESS);
        assertThat(ended.err().lines())
                .startsWith("there is no key `prob`; there are `probe`, `mode`")
                .anyMatch(line -> line.startsWith("`quick` is no value for key `mode`"))
                .anyMatch(line -> line.startsWith("`2` is no value for key `probe`"))
                .endsWith("key mode is audit now")
                .hasSize(7);
        assertThat(ended.out()).contains("1  XDP_ABORTED");
    }

    @Test
    void results_alone_are_on_standard_output_as_json() {
        Ended ended = run("mode fast\nnothing\n", "--json", "--engine", "interp");
        assertThat(ended.out()).startsWith("{\"program\":\"main\"").hasLineCount(1);
        assertThat(ended.err()).isEqualTo("""
                        {"key":"mode","value":"fast","changed":true}
                        {"wrong":"there is no key `nothing`; there are `probe`, `mode`"}
                        {"print":"here"}
                        """);
    }

    /** The program's own line says that it runs; it gets its answer before that line is done, so no time is involved. */
    @Test
    void a_key_is_set_in_the_midst_of_the_runs() throws IOException {
        for (String engine : engines()) {
            if (engine.equals(EngineRow.KERNEL.word())) {
                continue;
            }
            try (PipedOutputStream lines = new PipedOutputStream();
                    PipedInputStream in = new PipedInputStream(lines)) {
                CountDownLatch answered = new CountDownLatch(1);
                Reaction out = new Reaction("here", () -> {
                    lines.write("probe off\n".getBytes(StandardCharsets.UTF_8));
                    lines.flush();
                    await(answered);
                });
                Reaction err = new Reaction("key probe is false now", answered::countDown);
                assertThat(run(in, out, err, "--repeat", "1000", "--engine", engine))
                        .as("%s: %s", engine, err)
                        .isEqualTo(ExitCode.SUCCESS);
                assertThat(out.toString().lines().filter(line -> line.equals("print: here")))
                        .as("runs that printed, on " + engine)
                        .hasSize(1);
                assertThat(out.toString()).contains("1000 runs");
            }
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new IOException("nobody answers");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Does something when a text was written for the first time; other threads may write meanwhile. */
    private static final class Reaction extends PrintStream {
        private interface Action {
            void run() throws IOException;
        }

        private final ByteArrayOutputStream written;
        private final String text;
        private final Action action;
        private final AtomicBoolean done = new AtomicBoolean();

        Reaction(String text, Action action) {
            this(new ByteArrayOutputStream(), text, action);
        }

        private Reaction(ByteArrayOutputStream written, String text, Action action) {
            super(written, false, StandardCharsets.UTF_8);
            this.written = written;
            this.text = text;
            this.action = action;
        }

        @Override
        public void print(String more) {
            super.print(more);
            flush();
        }

        @Override
        public void flush() {
            super.flush();
            if (toString().contains(text) && done.compareAndSet(false, true)) {
                try {
                    action.run();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        public String toString() {
            return written.toString(StandardCharsets.UTF_8);
        }
    }
}
