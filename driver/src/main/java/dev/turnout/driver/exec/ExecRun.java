package dev.turnout.driver.exec;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.exec.KernelExecution;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.World;
import dev.turnout.runtime.image.Machine;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.Verifier;
import dev.turnout.verifier.specialize.Specializer;
import java.util.List;
import java.util.Optional;

/** Runs programs of {@link BpfProgram.Entry.Memory}. Each repetition sees the memory as the last one left it. */
public final class ExecRun {
    /** Bytes that a program may be given. */
    public static final int MOST_MEMORY = Workspace.CONTEXT_ROOM;

    private ExecRun() {}

    /**
     * Proves a program for the memory that it was made for, and runs it on a machine of ours.
     *
     * @param memory as many bytes as the program was made for, at most {@link #MOST_MEMORY}
     * @param repeat at least 1
     * @return empty if something was reported
     */
    public static Optional<ExecReport> onMachine(
            BpfProgram program, ByteString memory, long repeat, Engine engine, World world, Diagnostics diagnostics) {
        return switch (Verifier.verify(program, Options.exec())) {
            case Verdict.Rejected rejected -> {
                rejected.violations().forEach(violation -> diagnostics.report(violation.diagnostic(program)));
                yield Optional.empty();
            }
            case Verdict.Verified verified -> {
                try (Machine machine = Machine.create(world)) {
                    Optional<RunnableProgram> loaded =
                            engine.load(Specializer.specialize(verified.program()), machine, diagnostics);
                    if (loaded.isEmpty()) {
                        yield Optional.empty();
                    }
                    try (RunnableProgram runnable = loaded.get()) {
                        yield new Batch(new PacketFeed(false), repeat, RunnableProgram.ENDLESS)
                                .run(runnable, List.of(new Input.Memory(memory)), diagnostics)
                                .map(result -> new ExecReport(
                                        result.last(),
                                        engine.name(),
                                        result.runs(),
                                        result.nanosPerRun(),
                                        insns(program),
                                        result.output()));
                    }
                }
            }
        };
    }

    /**
     * Runs a program in the running kernel, whose verifier judges it, by Linux's rules.
     *
     * @param memory as many bytes as the program was made for
     * @param repeat at least 1
     * @return empty if something was reported
     */
    public static Optional<ExecReport> inKernel(
            BpfProgram program, ByteString memory, long repeat, Diagnostics diagnostics) {
        if (repeat > Integer.MAX_VALUE) {
            diagnostics.report(Diagnostic.general(
                    DiagnosticCode.U0102, "the kernel repeats a run at most " + Integer.MAX_VALUE + " times"));
            return Optional.empty();
        }
        if (!KernelObject.permitted(diagnostics)) {
            return Optional.empty();
        }
        Optional<KernelExecution> loaded = KernelExecution.load(program, diagnostics);
        if (loaded.isEmpty()) {
            return Optional.empty();
        }
        try (KernelExecution execution = loaded.get()) {
            return execution
                    .run(memory, (int) repeat, diagnostics)
                    .map(ran ->
                            new ExecReport(ran.result(), "kernel", repeat, ran.nanos(), insns(program), ran.memory()));
        }
    }

    private static int insns(BpfProgram program) {
        return program.code().insns().size();
    }
}
