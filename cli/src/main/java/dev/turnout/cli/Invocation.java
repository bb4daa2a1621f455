package dev.turnout.cli;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;

/** One run of a command: its console and what was given to it. */
public record Invocation(Console console, String command, CommandLine given) {
    public boolean has(String option) {
        return given.hasOption(option);
    }

    public Optional<String> value(String option) {
        return Optional.ofNullable(given.getOptionValue(option));
    }

    /** All values of an option that may be repeated. */
    public List<String> values(String option) {
        String[] values = given.getOptionValues(option);
        return values == null ? List.of() : List.of(values);
    }

    /** What is not an option. */
    public List<String> arguments() {
        return given.getArgList();
    }

    /** The one argument that the command takes. */
    public String onlyArgument(String what) {
        List<String> arguments = arguments();
        if (arguments.isEmpty()) {
            throw usage("`" + command + "` needs " + what);
        }
        if (arguments.size() > 1) {
            throw usage("`" + command + "` takes one argument, and `" + arguments.get(1) + "` is one too many");
        }
        return arguments.getFirst();
    }

    /** A repeated option of the form NAME=VALUE, in order; the last of one name counts. */
    public Map<String, String> assignments(String option) {
        Map<String, String> all = new LinkedHashMap<>();
        for (String value : values(option)) {
            int equals = value.indexOf('=');
            if (equals <= 0) {
                throw usage("`--" + option + "` takes NAME=VALUE, not `" + value + "`");
            }
            all.put(value.substring(0, equals), value.substring(equals + 1));
        }
        return all;
    }

    /** A whole number within bounds, or {@code otherwise} if the option is absent. */
    public long number(String option, long low, long high, long otherwise) {
        Optional<String> text = value(option);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text.get());
            if (number >= low && number <= high) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below, with the bounds
        }
        throw usage(
                "`--" + option + "` takes a whole number from " + low + " to " + high + ", not `" + text.get() + "`");
    }

    /** Wrong usage of this command. */
    public UsageException usage(String message) {
        return new UsageException(Diagnostic.general(DiagnosticCode.U0102, message)
                .withHelp("`./turnout help " + command + "` lists what it takes"));
    }
}
