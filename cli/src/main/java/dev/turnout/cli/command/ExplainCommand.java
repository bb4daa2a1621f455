package dev.turnout.cli.command;

import dev.turnout.cli.ExitCode;
import dev.turnout.cli.Invocation;
import dev.turnout.cli.UsageException;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.driver.explain.Explanation;
import dev.turnout.verifier.log.KernelReason;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.cli.Options;

/**
 * {@code explain CODE}: the page of a diagnostic. Without a code: the list of all codes. In place of a code it takes a line of a
 * log of Linux's verifier, and shows the pages about the same reason.
 */
final class ExplainCommand implements Command {
    @Override
    public String name() {
        return "explain";
    }

    @Override
    public String summary() {
        return "explains a diagnostic code, or a line of Linux's verifier log, with an example; without one lists all codes";
    }

    @Override
    public String arguments() {
        return "[CODE | \"LINE OF A LOG\"]";
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
        String given = invocation.onlyArgument("a code, or a line of a log");
        String id = given.toUpperCase(Locale.ROOT);
        Optional<Explanation> page = DiagnosticCode.of(id).flatMap(Explanation::of);
        if (page.isEmpty()) {
            Optional<KernelReason> reason = KernelReason.of(given);
            if (reason.isPresent()) {
                explain(invocation, reason.get());
                return ExitCode.SUCCESS;
            }
            throw new UsageException(
                    Diagnostic.general(DiagnosticCode.U0109, "no diagnostic has the code `" + id + "`")
                            .withHelp(
                                    "`./turnout explain` lists all codes; of a line of Linux's log it takes the words of the reason"));
        }
        invocation.console().print(page.get().markdown());
        return ExitCode.SUCCESS;
    }

    private static void explain(Invocation invocation, KernelReason reason) {
        if (reason.codes().isEmpty()) {
            invocation.console().line("Linux's words \"" + reason.words() + "\" have no code here: " + reason.remark());
        }
        for (DiagnosticCode code : reason.codes()) {
            Explanation.of(code).ifPresent(page -> invocation.console().print(page.markdown()));
        }
    }
}
