package dev.turnout.cli.command;

import dev.turnout.cli.ExitCode;
import dev.turnout.cli.Invocation;
import org.apache.commons.cli.Options;

/** A command of the command line. */
public interface Command {
    String name();

    /** One line: what it does. */
    String summary();

    /** What follows its name, as help shows it. */
    String arguments();

    Options options();

    ExitCode run(Invocation invocation);
}
