package dev.turnout.cli.command;

import dev.turnout.cli.CommandLine;
import dev.turnout.cli.ExitCode;
import dev.turnout.cli.Invocation;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.cli.Options;

/**
 * {@code train FOLDER}: does what people do most, and shows nothing. {@code ./turnout} runs it once after a build to record
 * which classes a start needs. Not in the list of commands that help shows.
 */
final class TrainCommand implements Command {
    /** Loads, arithmetic, a loop, the stack, a call: most of what small programs do. */
    private static final String EXECUTED = "79 10 00 00 00 00 00 00  b7 03 00 00 03 00 00 00  0f 30 00 00 00 00 00 00"
            + " 17 03 00 00 01 00 00 00  55 03 fd ff 00 00 00 00  7b 0a f8 ff 00 00 00 00  db 01 00 00 00 00 00 00"
            + " 85 10 00 00 01 00 00 00  95 00 00 00 00 00 00 00  b4 00 00 00 01 00 00 00  95 00 00 00 00 00 00 00";

    @Override
    public String name() {
        return "train";
    }

    @Override
    public String summary() {
        return "runs the usual commands on the examples of a folder, silently";
    }

    @Override
    public String arguments() {
        return "FOLDER";
    }

    @Override
    public Options options() {
        return new Options();
    }

    @Override
    public ExitCode run(Invocation invocation) {
        String folder = invocation.onlyArgument("a folder");
        String firewall = folder + "/firewall.turn";
        Path object = Path.of(
                System.getProperty("java.io.tmpdir"),
                "turnout-train-" + ProcessHandle.current().pid() + ".o");
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try {
            for (String[] args : new String[][] {
                {"build", firewall, "-o", object.toString(), "--explain"},
                {"build", folder + "/opcodes.turn", "-o", object.toString(), "--target", "linux-6.19"},
                {"verify", firewall, "--json"},
                {"disasm", object.toString()},
                {"dump", firewall, "--emit", "ir,tables"},
                {"test", firewall},
                {"run", firewall, "--packet", "00".repeat(60), "--map", "policy=@" + folder + "/policy.json", "--json"},
                {"exec", "--insns", EXECUTED, "--mem", "01 02 03 04 05 06 07 08"},
                {"exec", "--insns", EXECUTED, "--mem", "01 02 03 04 05 06 07 08", "--engine", "interp", "--json"},
                {"explain", "E0101"},
                {"verify", folder + "/policy.json"},
            }) {
                new CommandLine(nowhere, nowhere).run(args);
            }
        } finally {
            try {
                Files.deleteIfExists(object);
            } catch (java.io.IOException e) {
                // A file left in the folder for temporary files harms nobody.
            }
        }
        return ExitCode.SUCCESS;
    }
}
