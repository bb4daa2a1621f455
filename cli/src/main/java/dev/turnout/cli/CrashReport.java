package dev.turnout.cli;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** Our own bug: a file with what is needed to see it again, and one screen for the user. */
final class CrashReport {
    private static final long MAX_INPUT_BYTES = 4 << 20;

    private CrashReport() {}

    static ExitCode write(Console console, String[] args, Throwable bug) {
        StringWriter text = new StringWriter();
        PrintWriter to = new PrintWriter(text);
        to.println("turnout " + CommandLine.VERSION + ", Java " + System.getProperty("java.version"));
        to.println("arguments: " + String.join(" ", args));
        to.println();
        bug.printStackTrace(to);
        for (String arg : args) {
            copyInput(to, arg);
        }
        Diagnostic said = Diagnostic.general(
                DiagnosticCode.X0101,
                "this is a bug in turnout, not in your program: "
                        + bug.getClass().getSimpleName());
        try {
            Path file = Files.createTempFile("turnout-bug-", ".txt");
            Files.writeString(file, text.toString());
            said = said.withNote("what is needed to see it again was written to " + file);
        } catch (IOException e) {
            said = said.withNote(
                    "no reproducer could be written (" + e.getMessage() + "); the first cause: " + bug.getMessage());
        }
        console.report(said.withHelp("report it with that file"));
        return ExitCode.INTERNAL;
    }

    /** Appends what the arguments name, if it is a source text of ordinary size. */
    private static void copyInput(PrintWriter to, String arg) {
        try {
            Path path = Path.of(arg);
            if (arg.endsWith(".turn") && Files.isRegularFile(path) && Files.size(path) <= MAX_INPUT_BYTES) {
                to.println();
                to.println("--- " + arg);
                to.println(Files.readString(path));
            }
        } catch (IOException | RuntimeException e) {
            to.println("(" + arg + " could not be copied: " + e.getMessage() + ")");
        }
    }
}
