package dev.turnout.tests.agreement;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.btf.KernelBtf;
import dev.turnout.bpf.core.KernelFit;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ElfReader;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.run.ProgramVerdict;
import dev.turnout.ir.model.ByteString;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.report.Violation;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Judges the programs of an object, one after the other, as {@code verify} would; nothing that we throw gets out. */
final class Judge {
    /** Of a processor, whatever else the machine does meanwhile. */
    private static final long MOST_NANOS = 10_000_000_000L;

    private static final int FRAMES = 4;

    private final Function<BpfProgram, LinuxVerdict> kernel;
    private final KernelBtf types;

    /**
     * @param kernel asked about programs for which no file has a verdict
     */
    Judge(Function<BpfProgram, LinuxVerdict> kernel) {
        this(kernel, KernelBtf.NONE);
    }

    /** @param types of the kernel that programs are judged by */
    Judge(Function<BpfProgram, LinuxVerdict> kernel, KernelBtf types) {
        this.types = types;
        this.kernel = kernel;
    }

    /** A verdict of ours, and what it was on if that could be read. */
    private record Answer(OurVerdict verdict, Optional<BpfProgram> program, long nanos) {}

    /**
     * Both verdicts on each program.
     *
     * @param rows verdicts of Linux; where there are none, it judges all programs that the object has
     */
    List<Judged> judge(Path file, Optional<List<VerdictFile.Row>> rows) throws IOException {
        String name = String.valueOf(file.getFileName());
        ByteString bytes = ByteString.copyOf(Files.readAllBytes(file));
        Diagnostics diagnostics = new Diagnostics();
        Optional<BpfObject> object = Optional.empty();
        Optional<OurVerdict> instead = Optional.empty();
        switch (guarded(() -> ElfReader.read(bytes, Policy.LINUX, diagnostics))) {
            case Guarded.Done<Optional<BpfObject>>(Optional<BpfObject> read, long _) -> {
                object = read;
                if (read.isEmpty()) {
                    instead = Optional.of(unloadable(diagnostics));
                }
            }
            case Guarded.Failed<Optional<BpfObject>>(OurVerdict verdict, long _) -> instead = Optional.of(verdict);
        }
        Set<String> names = new LinkedHashSet<>();
        rows.ifPresent(list -> list.forEach(row -> names.add(row.program())));
        if (rows.isEmpty()) {
            object.ifPresent(
                    one -> one.programs().stream().map(ObjectFunction::name).forEach(names::add));
        }
        List<Judged> all = new ArrayList<>();
        for (String program : names) {
            Answer answer = object.isPresent()
                    ? answer(object.get(), program)
                    : new Answer(instead.orElseThrow(), Optional.empty(), 0);
            Optional<VerdictFile.Row> row = rows.flatMap(list ->
                    list.stream().filter(one -> one.program().equals(program)).findFirst());
            String section = row.map(VerdictFile.Row::section)
                    .orElseGet(() -> answer.program.map(BpfProgram::section).orElse(""));
            LinuxVerdict theirs = row.map(VerdictFile.Row::verdict)
                    .or(() -> answer.program.map(kernel))
                    .orElseGet(() -> new LinuxVerdict.NotAsked("unreadable here"));
            Optional<String> types = KernelTypes.of(theirs)
                    .or(() -> answer.program.isPresent()
                            ? KernelTypes.of(answer.program.get())
                            : KernelTypes.of(section));
            all.add(new Judged(name, program, section, types, answer.verdict, theirs, answer.nanos));
        }
        return all;
    }

    private Answer answer(BpfObject object, String name) {
        Diagnostics diagnostics = new Diagnostics();
        switch (guarded(() -> ProgramLoader.load(object, name, diagnostics))) {
            case Guarded.Failed<Optional<BpfProgram>>(OurVerdict verdict, long nanos) -> {
                return new Answer(verdict, Optional.empty(), nanos);
            }
            case Guarded.Done<Optional<BpfProgram>>(Optional<BpfProgram> program, long _) -> {
                if (program.isEmpty()) {
                    return new Answer(unloadable(diagnostics), Optional.empty(), 0);
                }
                return switch (guarded(() -> verdict(KernelFit.fit(program.get(), types)))) {
                    case Guarded.Failed<OurVerdict>(OurVerdict verdict, long nanos) ->
                        new Answer(verdict, program, nanos);
                    case Guarded.Done<OurVerdict>(OurVerdict verdict, long nanos) ->
                        new Answer(verdict, program, nanos);
                };
            }
        }
    }

    private static OurVerdict verdict(BpfProgram program) {
        return switch (ProgramVerdict.predicted(program).verdict()) {
            case Verdict.Verified verified -> new OurVerdict.Accepted(verified.steps());
            case Verdict.Rejected rejected -> {
                Violation first = rejected.violations().getFirst();
                yield new OurVerdict.Rejected(first.code(), first.slot(), first.message(), rejected.steps());
            }
        };
    }

    private static OurVerdict unloadable(Diagnostics diagnostics) {
        List<Diagnostic> all = diagnostics.all();
        return all.isEmpty()
                ? new OurVerdict.Crashed("nothing was said", "")
                : new OurVerdict.Unloadable(
                        all.getFirst().code(), all.getFirst().message());
    }

    /** What came of work that may not come back. */
    private sealed interface Guarded<T> {
        record Done<T>(T value, long nanos) implements Guarded<T> {}

        record Failed<T>(OurVerdict verdict, long nanos) implements Guarded<T> {}
    }

    /** Works in a thread of its own: one that hangs is left behind, and dies with the process. */
    private static <T> Guarded<T> guarded(Supplier<T> work) {
        long start = System.nanoTime();
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread worker = Thread.ofPlatform().daemon().start(() -> {
            try {
                result.complete(work.get());
            } catch (Throwable broken) {
                result.completeExceptionally(broken);
            }
        });
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        try {
            while (clock.getThreadCpuTime(worker.threadId()) < MOST_NANOS) {
                try {
                    T value = result.get(1, TimeUnit.SECONDS);
                    return new Guarded.Done<>(value, System.nanoTime() - start);
                } catch (TimeoutException _) {
                    // Not yet: see how long it really worked.
                }
            }
            return new Guarded.Failed<>(new OurVerdict.Hung(), System.nanoTime() - start);
        } catch (ExecutionException broken) {
            return new Guarded.Failed<>(crashed(broken), System.nanoTime() - start);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted");
        }
    }

    private static OurVerdict crashed(ExecutionException broken) {
        Throwable cause = broken.getCause() == null ? broken : broken.getCause();
        String frames = Arrays.stream(cause.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("dev.turnout"))
                .limit(FRAMES)
                .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                .collect(Collectors.joining(" < "));
        return new OurVerdict.Crashed(cause.toString().replace('\n', ' '), frames);
    }
}
