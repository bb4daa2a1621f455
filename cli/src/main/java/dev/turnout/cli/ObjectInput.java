package dev.turnout.cli;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.driver.pipeline.CompileOptions;
import dev.turnout.driver.pipeline.ObjectSource;
import dev.turnout.driver.run.ConfigValues;
import dev.turnout.frontend.parse.SourceText;
import dev.turnout.stdlib.target.TargetProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The FILE of a command: read, compiled if it is a text, and what went wrong said. */
public final class ObjectInput {
    private final Console console;
    private final ObjectSource source;

    private ObjectInput(Console console, ObjectSource source) {
        this.console = console;
        this.source = source;
    }

    /** Opens the one argument of a command. Unreadable input ends the command with exit code 2. */
    public static ObjectInput open(Invocation invocation, TargetProfile target, boolean strict) {
        return open(invocation, invocation.onlyArgument("a file"), target, strict);
    }

    /** Opens a file. */
    public static ObjectInput open(Invocation invocation, String name, TargetProfile target, boolean strict) {
        return open(invocation, name, target, strict, Policy.LINUX);
    }

    /** Opens a file whose instructions are read by the rules of {@code policy}. */
    public static ObjectInput open(
            Invocation invocation, String name, TargetProfile target, boolean strict, Policy policy) {
        byte[] bytes = InputFile.read(name);
        Diagnostics diagnostics = new Diagnostics();
        CompileOptions options = new CompileOptions(target, Map.of(), strict, false);
        Optional<ObjectSource> source =
                ObjectSource.open(name, bytes, ObjectInput::beside, options, policy, diagnostics);
        if (source.isEmpty()) {
            invocation.console().report(diagnostics);
            throw new EndedException(ExitCode.USAGE);
        }
        return new ObjectInput(invocation.console(), source.get());
    }

    /** The target that an option names; {@code vm} if none does. */
    public static TargetProfile target(Invocation invocation) {
        Optional<String> word = invocation.value("target");
        return word.isEmpty()
                ? TargetProfile.VM
                : TargetProfile.ofWord(word.get())
                        .orElseThrow(() -> invocation.usage("no target is called `" + word.get() + "`; there are "
                                + Arrays.stream(TargetProfile.values())
                                        .map(TargetProfile::word)
                                        .collect(Collectors.joining(", "))));
    }

    /** An imported file stands beside the one that imports it. */
    private static Optional<SourceFile> beside(SourceFile importing, String relative) {
        Path folder = InputFile.path(importing.name()).toAbsolutePath().getParent();
        Path file = (folder == null ? Path.of("") : folder).resolve(relative).normalize();
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        Path here = Path.of("").toAbsolutePath();
        String name = file.startsWith(here) ? here.relativize(file).toString() : file.toString();
        Diagnostics diagnostics = new Diagnostics();
        SourceFile text = SourceText.decode(name, InputFile.read(file.toString()), diagnostics);
        if (diagnostics.hasErrors()) {
            throw new UsageException(diagnostics.all().getFirst());
        }
        return Optional.of(text);
    }

    public ObjectSource source() {
        return source;
    }

    /** What was said so far, on standard error; ends the command if the text is wrong. */
    public void reportAndStopOnErrors() {
        if (source.text().isPresent()) {
            Diagnostics diagnostics = source.text().get().diagnostics();
            console.report(diagnostics);
            if (diagnostics.hasErrors()) {
                throw new EndedException(unreadable(diagnostics) ? ExitCode.USAGE : ExitCode.PROGRAM_WRONG);
            }
        }
    }

    /** A text that is none (not UTF-8, too large) is unreadable input, not a wrong program. */
    private static boolean unreadable(Diagnostics diagnostics) {
        for (Diagnostic one : diagnostics.all()) {
            if (one.code() == DiagnosticCode.E0106 || one.code() == DiagnosticCode.E0107) {
                return true;
            }
        }
        return false;
    }

    /** The object; ends the command if there is none. */
    public BpfObject object() {
        Optional<BpfObject> object = source.object();
        reportAndStopOnErrors();
        return object.orElseThrow(() -> new IllegalStateException("no object, and nothing said why"));
    }

    /** The object with the values of {@code --config}. */
    public BpfObject configured(Invocation invocation) {
        Diagnostics diagnostics = new Diagnostics();
        Optional<BpfObject> object = ConfigValues.apply(object(), invocation.assignments("config"), diagnostics);
        console.report(diagnostics);
        return object.orElseThrow(() -> new EndedException(ExitCode.USAGE));
    }
}
