package dev.turnout.cli.command;

import dev.turnout.cli.Console;
import dev.turnout.cli.ExitCode;
import dev.turnout.cli.InputFile;
import dev.turnout.cli.Invocation;
import dev.turnout.cli.ObjectInput;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.load.Loader;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.driver.test.TestRunner;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.route.RouteTable;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.x86.code.PatchMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
        return "PATH… [--engine E] [--patching MODE] [--routes JSON|@FILE] [--json]";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(CommonOptions.value("engine", "E", "one engine only: " + EngineRow.words()))
                .addOption(CommonOptions.patching())
                .addOption(CommonOptions.routes())
                .addOption(CommonOptions.json());
    }

    @Override
    public ExitCode run(Invocation invocation) {
        if (invocation.arguments().isEmpty()) {
            throw invocation.usage("`test` needs a file or a folder");
        }
        List<EngineRow> engines =
                invocation.has("engine") ? List.of(CommonOptions.engine(invocation)) : List.of(EngineRow.values());
        PatchMode patching = invocation.has("engine")
                ? CommonOptions.patching(invocation, engines.getFirst())
                : CommonOptions.patching(invocation);
        RouteTable routes = CommonOptions.routes(invocation);
        Map<EngineRow, Diagnostic> absent = new EnumMap<>(EngineRow.class);
        int passed = 0;
        int failed = 0;
        int skipped = 0;
        for (String file : files(invocation.arguments())) {
            List<TestRunner.Result> results = new ArrayList<>();
            for (EngineRow engine : engines) {
                switch (engine.availability(patching)) {
                    case EngineRow.Availability.Here(Engine here) ->
                        results.addAll(run(
                                invocation, file, engine, text -> TestRunner.run(text, Loader.linux(here), routes)));
                    case EngineRow.Availability.InKernel _ ->
                        results.addAll(run(invocation, file, engine, TestRunner::runInKernel));
                    case EngineRow.Availability.Absent(Diagnostic why) -> absent.put(engine, why);
                }
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
            absent.forEach(
                    (engine, why) -> invocation.console().line("not on " + engine.word() + ": " + why.message()));
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
            EngineRow engine,
            Function<Compilation, Optional<List<TestRunner.Result>>> runner) {
        ObjectInput input = ObjectInput.open(invocation, file, engine.target(), false);
        Compilation compilation = input.source()
                .text()
                .orElseThrow(() -> invocation.usage("`test` takes source files, and `" + file + "` is an object file"));
        if (engine.target() != TargetProfile.VM
                && compilation.proven().isPresent()
                && compilation.generated().isEmpty()) {
            // It compiles for our machine: only the demand for a form that this kernel lacks keeps it away.
            return List.of(new TestRunner.Result(
                    "all tests",
                    engine.word(),
                    new TestRunner.Ending.Skipped("`" + engine.target().word() + "` lacks what it demands")));
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
