package dev.turnout.cli;

import dev.turnout.cli.command.Command;
import dev.turnout.cli.command.Commands;
import org.apache.commons.cli.Option;

/** What {@code help} prints. */
final class Usage {
    private Usage() {}

    static String overview() {
        StringBuilder text = new StringBuilder("usage: turnout COMMAND [ARGUMENTS]\n\n");
        for (Command command : Commands.all()) {
            text.append("  ")
                    .append(padded(command.name(), 10))
                    .append(command.summary())
                    .append('\n');
        }
        return text.append("\n`turnout help COMMAND` says more. Exit codes: 0 success, 1 the program is wrong,\n")
                .append("2 wrong usage or unreadable input, 3 a bug of ours.\n")
                .toString();
    }

    static String of(Command command) {
        StringBuilder text = new StringBuilder("usage: turnout ")
                .append(command.name())
                .append(' ')
                .append(command.arguments())
                .append("\n\n")
                .append(command.summary())
                .append('\n');
        if (!command.options().getOptions().isEmpty()) {
            text.append('\n');
        }
        for (Option option : command.options().getOptions()) {
            String name = (option.getOpt() == null ? "    " : "-" + option.getOpt() + ", ") + "--" + option.getLongOpt()
                    + (option.hasArg() ? " " + option.getArgName() : "");
            text.append("  ")
                    .append(padded(name, 28))
                    .append(option.getDescription())
                    .append('\n');
        }
        return text.toString();
    }

    private static String padded(String text, int width) {
        return text.length() >= width ? text + "  " : text + " ".repeat(width - text.length());
    }
}
