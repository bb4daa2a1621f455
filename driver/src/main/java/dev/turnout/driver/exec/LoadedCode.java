package dev.turnout.driver.exec;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.load.Loader;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.exec.KernelExecution;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.World;
import dev.turnout.runtime.image.Machine;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.specialize.SpecializeOptions;
import dev.turnout.x86.code.PatchMode;
import java.util.List;
import java.util.Optional;

/**
 * A program of {@link BpfProgram.Entry.Memory} that an engine has loaded. A machine of ours had to prove it first, for the bytes
 * that it was made for; the kernel judged it by its own rules. For one thread.
 */
public sealed interface LoadedCode extends AutoCloseable {
    /** Bytes of memory that a program may be given. */
    int MOST_MEMORY = Workspace.CONTEXT_ROOM;

    /** Loads a program with the usual rewrites. */
    static Optional<LoadedCode> load(BpfProgram program, EngineRow engine, World world, Diagnostics diagnostics) {
        return load(program, engine, PatchMode.CELL, SpecializeOptions.DEFAULT, world, diagnostics);
    }

    /**
     * Loads a program.
     *
     * @param patching how static branches obey their keys, on a machine of ours
     * @param rewrites of a machine of ours
     * @param world what the helpers of a machine of ours see
     * @return empty if it was rejected or cannot be loaded, which was reported
     */
    static Optional<LoadedCode> load(
            BpfProgram program,
            EngineRow engine,
            PatchMode patching,
            SpecializeOptions rewrites,
            World world,
            Diagnostics diagnostics) {
        return switch (engine.availability(patching)) {
            case EngineRow.Availability.Here(Engine here) -> {
                Machine machine = Machine.create(world, 1);
                Loader loader = new Loader(here, Options.exec(), rewrites);
                Optional<RunnableProgram> loaded = loader.load(program, machine, diagnostics);
                if (loaded.isEmpty()) {
                    machine.close();
                }
                yield loaded.map(runnable -> new OnMachine(program, machine, here.name(), runnable));
            }
            case EngineRow.Availability.InKernel _ ->
                KernelExecution.load(program, diagnostics).map(loaded -> new InKernel(program, loaded));
            case EngineRow.Availability.Absent(Diagnostic why) -> {
                diagnostics.report(why);
                yield Optional.empty();
            }
        };
    }

    /**
     * Runs the program on a copy of {@code memory}. Each repetition sees the memory as the last one left it.
     *
     * @param memory as many bytes as the program was made for
     * @param repeat at least 1
     * @return empty if something was reported
     */
    Optional<ExecReport> run(ByteString memory, long repeat, Diagnostics diagnostics);

    @Override
    void close();

    private static int insns(BpfProgram program) {
        return program.code().insns().size();
    }

    /**
     * On a machine of its own.
     *
     * @param program as it was given; what runs may be shorter
     */
    record OnMachine(BpfProgram program, Machine machine, String engine, RunnableProgram runnable)
            implements LoadedCode {
        @Override
        public Optional<ExecReport> run(ByteString memory, long repeat, Diagnostics diagnostics) {
            return new Batch(new PacketFeed(false), repeat, RunnableProgram.ENDLESS)
                    .run(runnable, List.of(new Input.Memory(memory)), diagnostics)
                    .map(result -> new ExecReport(
                            result.last(),
                            engine,
                            result.runs(),
                            result.nanosPerRun(),
                            insns(program),
                            result.output()));
        }

        @Override
        public void close() {
            runnable.close();
            machine.close();
        }
    }

    /** In the running kernel. */
    record InKernel(BpfProgram program, KernelExecution loaded) implements LoadedCode {
        @Override
        public Optional<ExecReport> run(ByteString memory, long repeat, Diagnostics diagnostics) {
            if (repeat > Integer.MAX_VALUE) {
                diagnostics.report(Diagnostic.general(
                        DiagnosticCode.U0102, "the kernel repeats a run at most " + Integer.MAX_VALUE + " times"));
                return Optional.empty();
            }
            return loaded.run(memory, (int) repeat, diagnostics)
                    .map(ran -> new ExecReport(
                            ran.result(), EngineRow.KERNEL.word(), repeat, ran.nanos(), insns(program), ran.memory()));
        }

        @Override
        public void close() {
            loaded.close();
        }
    }
}
