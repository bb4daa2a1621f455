package dev.turnout.cli.command;

import dev.turnout.cli.ExitCode;
import dev.turnout.cli.Invocation;
import dev.turnout.cli.UsageException;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.driver.explain.Explanation;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** {@code explain CODE}: the page of a diagnostic. Without a code: the list of all codes. */
final class ExplainCommand implements Command {
    @Override
    public String name() {
        return "explain";
    }

    @Override
    public String summary() {
        return "explains a diagnostic code with an example; without one lists all codes";
    }

    @Override
    public String arguments() {
        return "[CODE]";
    }

    @Override
    public Options options() {
        return new Options();
    }

    @Override
    public ExitCode run(Invocation invocation) {
        if (invocation.arguments().isEmpty()) {
            for (DiagnosticCode code : DiagnosticCode.values()) {
                invocation.console().line(code.name() + "  " + code.title());
            }
            return ExitCode.SUCCESS;
        }
        String id = invocation.onlyArgument("a code").toUpperCase(Locale.ROOT);
        Optional<Explanation> page = DiagnosticCode.of(id).flatMap(Explanation::of);
        if (page.isEmpty()) {
            throw new UsageException(Diagnostic.general(DiagnosticCode.U0109, "no diagnostic has the code `" + id + "`")
                    .withHelp("`./turnout explain` lists all codes"));
        }
        invocation.console().print(page.get().markdown());
        return ExitCode.SUCCESS;
    }
}
