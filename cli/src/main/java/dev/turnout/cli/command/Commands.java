package dev.turnout.cli.command;

import java.util.List;
import java.util.Optional;

/** The commands, in the order of help. */
public final class Commands {
    private static final List<Command> ALL = List.of(
            new RunCommand(),
            new VerifyCommand(),
            new BuildCommand(),
            new LinkCommand(),
            new DumpCommand(),
            new DisasmCommand(),
            new ExecCommand(),
            new TestCommand(),
            new KeyCommand(),
            new ExplainCommand());

    private static final Command TRAIN = new TrainCommand();

    private Commands() {}

    public static List<Command> all() {
        return ALL;
    }

    public static List<String> names() {
        return ALL.stream().map(Command::name).toList();
    }

    public static Optional<Command> find(String name) {
        return TRAIN.name().equals(name)
                ? Optional.of(TRAIN)
                : ALL.stream().filter(one -> one.name().equals(name)).findFirst();
    }
}
