package dev.turnout.cli.command;

import java.util.List;
import java.util.Optional;

/** The commands, in the order of help. */
public final class Commands {
    private static final List<Command> ALL = List.of(new ExplainCommand());

    private Commands() {}

    public static List<Command> all() {
        return ALL;
    }

    public static List<String> names() {
        return ALL.stream().map(Command::name).toList();
    }

    public static Optional<Command> find(String name) {
        return ALL.stream().filter(one -> one.name().equals(name)).findFirst();
    }
}
