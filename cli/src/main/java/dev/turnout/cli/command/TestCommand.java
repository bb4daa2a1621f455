package dev.turnout.cli.command;

import dev.turnout.cli.Console;
import dev.turnout.cli.ExitCode;
import dev.turnout.cli.InputFile;
import dev.turnout.cli.Invocation;
import dev.turnout.cli.ObjectInput;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.driver.test.TestRunner;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.runtime.interpreter.Interpreter;
import dev.turnout.stdlib.target.TargetProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.commons.cli.Options;

/** {@code test PATH…}: runs the test blocks of source files, and of all source files in folders. */
final class TestCommand implements Command {
    @Override
    public String name() {
        return "test";
    }

    @Override
    public String summary() {
        return "runs the `test` blocks of source files on every engine that can";
    }

    @Override
    public String arguments() {
        return "PATH… [--engine E] [--json]";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(CommonOptions.value("engine", "E", "one engine only: interp or kernel"))
                .addOption(CommonOptions.json());
    }

    @Override
    public ExitCode run(Invocation invocation) {
        if (invocation.arguments().isEmpty()) {
            throw invocation.usage("`test` needs a file or a folder");
        }
        List<String> engines = invocation.value("engine").map(List::of).orElse(List.of("interp", "kernel"));
        if (!List.of("interp", "kernel").containsAll(engines)) {
            throw invocation.usage(
                    "no engine that runs tests is called `" + engines.getFirst() + "`; there are interp and kernel");
        }
        Diagnostics permission = new Diagnostics();
        boolean kernel = engines.contains("kernel") && KernelObject.permitted(permission);
        if (invocation.has("engine") && engines.contains("kernel") && !kernel) {
            invocation.console().report(permission);
            return ExitCode.USAGE;
        }
        int passed = 0;
        int failed = 0;
        int skipped = 0;
        for (String file : files(invocation.arguments())) {
            List<TestRunner.Result> results = new ArrayList<>();
            if (engines.contains("interp")) {
                results.addAll(
                        run(invocation, file, TargetProfile.VM, text -> TestRunner.run(text, new Interpreter())));
            }
            if (kernel) {
                results.addAll(run(invocation, file, TargetProfile.LINUX_6_12, TestRunner::runInKernel));
            }
            for (TestRunner.Result result : results) {
                report(invocation.console(), file, result);
                switch (result.ending()) {
                    case TestRunner.Ending.Passed _ -> passed++;
                    case TestRunner.Ending.Failed _ -> failed++;
                    case TestRunner.Ending.Skipped _ -> skipped++;
                }
            }
        }
        if (!invocation.console().json()) {
            invocation
                    .console()
                    .line(passed + " passed, " + failed + " failed"
                            + (skipped == 0 ? "" : ", " + skipped + " skipped"));
        }
        return failed == 0 ? ExitCode.SUCCESS : ExitCode.PROGRAM_WRONG;
    }

    private static List<TestRunner.Result> run(
            Invocation invocation,
            String file,
            TargetProfile target,
            Function<Compilation, Optional<List<TestRunner.Result>>> runner) {
        ObjectInput input = ObjectInput.open(invocation, file, target, false);
        Compilation compilation = input.source()
                .text()
                .orElseThrow(() -> invocation.usage("`test` takes source files, and `" + file + "` is an object file"));
        if (target != TargetProfile.VM
                && compilation.proven().isPresent()
                && compilation.generated().isEmpty()) {
            // It compiles for our machine: only the demand for a form that this kernel lacks keeps it away.
            return List.of(new TestRunner.Result(
                    "all tests",
                    "kernel",
                    new TestRunner.Ending.Skipped("`" + target.word() + "` lacks what it demands")));
        }
        Optional<List<TestRunner.Result>> results = runner.apply(compilation);
        input.reportAndStopOnErrors();
        return results.orElse(List.of());
    }

    private static void report(Console console, String file, TestRunner.Result result) {
        String ending = switch (result.ending()) {
            case TestRunner.Ending.Passed _ -> "passed";
            case TestRunner.Ending.Failed _ -> "failed";
            case TestRunner.Ending.Skipped skipped -> "skipped: " + skipped.reason();
        };
        if (console.json()) {
            console.line(new JsonLine()
                    .text("file", file)
                    .text("test", result.test())
                    .text("engine", result.engine())
                    .text("result", ending)
                    .toString());
        } else {
            console.line(file + ": " + result.test() + " [" + result.engine() + "] " + ending);
        }
        if (result.ending() instanceof TestRunner.Ending.Failed(List<Diagnostic> reasons)) {
            reasons.forEach(console::report);
        }
    }

    /** The files themselves, and of folders all that end in {@code .turn}, sorted. */
    private static List<String> files(List<String> paths) {
        List<String> files = new ArrayList<>();
        for (String path : paths) {
            Path root = InputFile.path(path);
            if (!Files.isDirectory(root)) {
                files.add(path);
                continue;
            }
            try (Stream<Path> all = Files.walk(root)) {
                all.filter(one -> one.toString().endsWith(".turn")).sorted().forEach(one -> files.add(one.toString()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }
}
