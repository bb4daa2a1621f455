package dev.turnout.cli.command;

import dev.turnout.cli.Console;
import dev.turnout.cli.EndedException;
import dev.turnout.cli.ExitCode;
import dev.turnout.cli.Invocation;
import dev.turnout.cli.UsageException;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.json.DatumJson;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.driver.run.LiveKeys;
import dev.turnout.linux.live.LiveProgram;
import dev.turnout.runtime.map.Datum;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** {@code key PROGRAM [NAME [VALUE]]}: shows and sets the keys of a program in the kernel, whoever loaded it. */
final class KeyCommand implements Command {
    @Override
    public String name() {
        return "key";
    }

    @Override
    public String summary() {
        return "shows or sets a key of a program that is loaded in the running kernel, by anyone";
    }

    @Override
    public String arguments() {
        return "PIN|PROG-ID [NAME [VALUE]] [--json]";
    }

    @Override
    public Options options() {
        return new Options().addOption(CommonOptions.json());
    }

    @Override
    public ExitCode run(Invocation invocation) {
        List<String> given = invocation.arguments();
        if (given.isEmpty() || given.size() > 3) {
            throw invocation.usage("`key` takes a program, perhaps a key of it, and perhaps its new value");
        }
        Diagnostics diagnostics = new Diagnostics();
        Optional<LiveProgram> found = LiveProgram.open(given.getFirst(), diagnostics);
        invocation.console().report(diagnostics);
        try (LiveProgram program = found.orElseThrow(() -> new EndedException(ExitCode.USAGE))) {
            LiveKeys keys = LiveKeys.of(program);
            if (given.size() == 1) {
                return list(invocation.console(), program, keys);
            }
            LiveKeys.Key key = switch (keys.find(given.get(1))) {
                case LiveKeys.Found.One(LiveKeys.Key one) -> one;
                case LiveKeys.Found.None(Diagnostic why) -> throw new UsageException(why);
            };
            if (given.size() == 2) {
                show(invocation.console(), program, key);
            } else {
                set(invocation.console(), program, key, given.get(2));
            }
            return ExitCode.SUCCESS;
        }
    }

    private static ExitCode list(Console console, LiveProgram program, LiveKeys keys) {
        keys.noKeys().ifPresent(why -> {
            throw new UsageException(why);
        });
        keys.list().forEach(key -> show(console, program, key));
        return ExitCode.SUCCESS;
    }

    private static void show(Console console, LiveProgram program, LiveKeys.Key key) {
        console.line(console.json() ? LiveKeys.json(program, key).toString() : LiveKeys.text(key));
    }

    private static void set(Console console, LiveProgram program, LiveKeys.Key key, String text) {
        StringBuilder why = new StringBuilder();
        Datum before = LiveKeys.set(key, text, why)
                .orElseThrow(() -> new UsageException(Diagnostic.general(
                                DiagnosticCode.U0102,
                                "`" + text + "` is no value for key `"
                                        + key.value().name() + "`")
                        .withNote(why.toString())));
        if (console.json()) {
            JsonLine line = LiveKeys.json(program, key).raw("before", DatumJson.print(before));
            console.line(line.toString());
        } else {
            console.line(key.value().name() + ": " + DatumJson.word(before) + " → "
                    + DatumJson.word(key.value().datum()));
        }
    }
}
