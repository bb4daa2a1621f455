package dev.turnout.cli;

import dev.turnout.cli.command.Command;
import dev.turnout.cli.command.Commands;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/** Finds the command, reads its options, runs it, and turns what goes wrong into a message and an exit code. */
public final class CommandLine {
    static final String VERSION = "0.1.0";

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    /** A command line that is given nothing on standard input. */
    public CommandLine(PrintStream out, PrintStream err) {
        this(InputStream.nullInputStream(), out, err);
    }

    public CommandLine(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    public ExitCode run(String... args) {
        Console console = new Console(in, out, err, Arrays.asList(args).contains("--json"));
        try {
            return dispatch(console, args);
        } catch (EndedException e) {
            return e.code();
        } catch (UsageException e) {
            console.report(e.diagnostic());
            return ExitCode.USAGE;
        } catch (StackOverflowError | RuntimeException | AssertionError | LinkageError e) {
            return CrashReport.write(console, args, e);
        } catch (OutOfMemoryError e) {
            console.report(Diagnostic.general(DiagnosticCode.U0106, "out of memory")
                    .withHelp("the input is larger than this machine's memory can take; give it in smaller pieces"));
            return ExitCode.USAGE;
        }
    }

    private ExitCode dispatch(Console console, String[] args) {
        if (args.length == 0) {
            console.errorText(Usage.overview());
            return ExitCode.USAGE;
        }
        switch (args[0]) {
            case "--help", "-h", "help" -> {
                if (args.length > 1) {
                    console.print(Usage.of(command(args[1])));
                } else {
                    console.print(Usage.overview());
                }
                return ExitCode.SUCCESS;
            }
            case "--version", "version" -> {
                console.print("turnout " + VERSION + "\n");
                return ExitCode.SUCCESS;
            }
            default -> {
                // a command
            }
        }
        Command command = command(args[0]);
        List<String> rest = Arrays.asList(args).subList(1, args.length);
        if (rest.contains("--help") || rest.contains("-h")) {
            console.print(Usage.of(command));
            return ExitCode.SUCCESS;
        }
        return command.run(new Invocation(console, command.name(), parse(command, rest)));
    }

    private static Command command(String name) {
        return Commands.find(name)
                .orElseThrow(() -> new UsageException(
                        Diagnostic.general(DiagnosticCode.U0101, "no command is called `" + name + "`")
                                .withHelp("the commands are " + String.join(", ", Commands.names()))));
    }

    private static org.apache.commons.cli.CommandLine parse(Command command, List<String> args) {
        try {
            DefaultParser parser =
                    DefaultParser.builder().setAllowPartialMatching(false).get();
            return parser.parse(command.options(), args.toArray(new String[0]));
        } catch (UnrecognizedOptionException e) {
            throw wrong(command, "`" + command.name() + "` has no option `" + e.getOption() + "`");
        } catch (MissingArgumentException e) {
            throw wrong(command, "`--" + e.getOption().getLongOpt() + "` needs an argument");
        } catch (ParseException e) {
            throw wrong(command, String.valueOf(e.getMessage()));
        }
    }

    private static UsageException wrong(Command command, String message) {
        return new UsageException(Diagnostic.general(DiagnosticCode.U0102, message)
                .withHelp("`./turnout help " + command.name() + "` lists its options"));
    }
}
