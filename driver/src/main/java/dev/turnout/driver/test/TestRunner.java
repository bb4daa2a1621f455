package dev.turnout.driver.test;

import dev.turnout.bpf.codegen.Generated;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.driver.load.Loader;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.ir.eval.EvaluationFailure;
import dev.turnout.ir.eval.Evaluator;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Module;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.runtime.route.RouteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs the test blocks of a text on an engine. */
public final class TestRunner {
    /** Blocks and instructions that a test may take. */
    private static final long FUEL = 100_000_000;

    private TestRunner() {}

    /** How a test ended. */
    public sealed interface Ending {
        record Passed() implements Ending {}

        /** @param reasons what to tell the user */
        record Failed(List<Diagnostic> reasons) implements Ending {}

        record Skipped(String reason) implements Ending {}
    }

    /** A test on an engine. */
    public record Result(String test, String engine, Ending ending) {}

    /**
     * Runs all tests of a text on a machine of ours.
     *
     * @return empty if the text is wrong, which its compilation says
     */
    public static Optional<List<Result>> run(Compilation compilation, Loader loader) {
        return run(compilation, loader, RouteTable.EMPTY);
    }

    /** The same with routes that programs find. */
    public static Optional<List<Result>> run(Compilation compilation, Loader loader, RouteTable routes) {
        return run(compilation, loader.engine().name(), (_, object) -> {
            ScriptedWorld world = new ScriptedWorld();
            world.routes(routes);
            return MachineBed.load(object, loader, world, new PacketFeed(false));
        });
    }

    /**
     * Runs all tests in the running kernel.
     *
     * @param compilation for a target that the kernel takes
     * @return empty if the text is wrong for that target, which its compilation says
     */
    public static Optional<List<Result>> runInKernel(Compilation compilation) {
        return run(compilation, "kernel", (_, object) -> KernelBed.load(object));
    }

    /**
     * Runs all tests on beds that {@code loader} makes: one a test, and another one after each {@code reload()} of it.
     *
     * @param engine what messages call it
     * @return empty if the text is wrong, which its compilation says
     */
    public static Optional<List<Result>> run(Compilation compilation, String engine, TestBed.Maker loader) {
        Optional<Module> module = compilation.proven();
        Optional<Generated> generated = compilation.generated();
        if (module.isEmpty() || generated.isEmpty()) {
            return Optional.empty();
        }
        List<Result> results = new ArrayList<>();
        for (Function function : module.get().functions()) {
            if (function.kind() instanceof Function.Kind.Test(String title)) {
                results.add(new Result(
                        title,
                        engine,
                        one(compilation, module.get(), generated.get(), function, title, engine, loader)));
            }
        }
        return Optional.of(results);
    }

    private static Ending one(
            Compilation compilation,
            Module module,
            Generated generated,
            Function function,
            String title,
            String engine,
            TestBed.Maker loader) {
        TestMemory memory;
        try {
            memory = new TestMemory(
                    module,
                    compilation.options().target(),
                    generated,
                    compilation.lowered().orElseThrow().checks(),
                    object -> loader.make(title, object));
        } catch (BedFailure failure) {
            return new Ending.Failed(failure.reasons());
        } catch (SkippedTest skipped) {
            return new Ending.Skipped(skipped.reason());
        }
        try {
            new Evaluator(module, memory, FUEL).run(function.name());
            return new Ending.Passed();
        } catch (TestMemory.FailedCheck failed) {
            return new Ending.Failed(List.of(failed.diagnostic(title, engine)));
        } catch (BedFailure failure) {
            return new Ending.Failed(failure.reasons());
        } catch (SkippedTest skipped) {
            return new Ending.Skipped(skipped.reason());
        } catch (EvaluationFailure failure) {
            return new Ending.Failed(List.of(
                    Diagnostic.general(DiagnosticCode.T0103, "test \"" + title + "\" cannot go on: " + failure.reason())
                            .withNote(failure.getMessage())));
        } finally {
            memory.close();
        }
    }
}
