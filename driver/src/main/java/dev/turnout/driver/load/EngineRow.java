package dev.turnout.driver.load;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.linux.feature.RunningKernel;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.interpreter.Interpreter;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.x86.DirectEngine;
import dev.turnout.x86.code.PatchMode;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Every engine, the fastest first. All give the same results; {@code --engine} and the Java API name them by their word. */
public enum EngineRow {
    DIRECT("direct", TargetProfile.VM) {
        @Override
        public Availability availability(PatchMode patching) {
            Diagnostics why = new Diagnostics();
            return DirectEngine.create(patching, why)
                    .<Availability>map(Availability.Here::new)
                    .orElseGet(() -> new Availability.Absent(why.all().getFirst()));
        }
    },
    INTERP("interp", TargetProfile.VM) {
        @Override
        public Availability availability(PatchMode patching) {
            return new Availability.Here(new Interpreter());
        }
    },
    /** The running Linux, through {@code bpf(2)}. */
    KERNEL("kernel", TargetProfile.LINUX_6_12) {
        @Override
        public TargetProfile target() {
            return RunningKernel.target().orElseGet(super::target);
        }

        @Override
        public Availability availability(PatchMode patching) {
            Diagnostics permission = new Diagnostics();
            return KernelObject.permitted(permission)
                    ? new Availability.InKernel()
                    : new Availability.Absent(permission.all().getFirst());
        }
    };

    private final String word;
    private final TargetProfile target;

    EngineRow(String word, TargetProfile target) {
        this.word = word;
        this.target = target;
    }

    /** Whether an engine can be used in this process, now. */
    public sealed interface Availability {
        /** It runs programs on machines of ours. */
        record Here(Engine engine) implements Availability {}

        /** The running kernel takes programs from this process. */
        record InKernel() implements Availability {}

        /** @param why to be shown to whoever asked for this engine by name */
        record Absent(Diagnostic why) implements Availability {}
    }

    /** As users write it. */
    public String word() {
        return word;
    }

    /** What texts are compiled for to run on it: for the running kernel, the newest target that it takes. Asks it, so not for loops. */
    public TargetProfile target() {
        return target;
    }

    /** Whether it can be used. Asks the kernel where that decides, so not for loops. */
    public Availability availability() {
        return availability(PatchMode.CELL);
    }

    /**
     * The same with a choice.
     *
     * @param patching how static branches obey their keys, on engines that patch code
     */
    public abstract Availability availability(PatchMode patching);

    /** The fastest engine that runs programs in this process. */
    public static EngineRow fastest() {
        for (EngineRow row : values()) {
            if (row.availability() instanceof Availability.Here) {
                return row;
            }
        }
        throw new IllegalStateException("there is no interpreter");
    }

    /**
     * The engine that a user names.
     *
     * @return a row that can be used; empty if there is none, which was reported
     */
    public static Optional<EngineRow> named(String word, Diagnostics diagnostics) {
        Diagnostic why = Diagnostic.general(DiagnosticCode.U0102, "no engine is called `" + word + "`");
        for (EngineRow row : values()) {
            if (row.word.equals(word)) {
                if (!(row.availability() instanceof Availability.Absent(Diagnostic reason))) {
                    return Optional.of(row);
                }
                why = reason;
            }
        }
        diagnostics.report(why.withHelp("there are " + usable()));
        return Optional.empty();
    }

    /** The words of the engines that can be used now. */
    private static String usable() {
        return Arrays.stream(values())
                .filter(row -> !(row.availability() instanceof Availability.Absent))
                .map(row -> "`" + row.word + "`")
                .collect(Collectors.joining(", "));
    }

    /** All words, for the help of an option. */
    public static String words() {
        return Arrays.stream(values()).map(EngineRow::word).collect(Collectors.joining(", "));
    }
}
