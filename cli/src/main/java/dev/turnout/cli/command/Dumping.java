package dev.turnout.cli.command;

import dev.turnout.cli.Console;
import dev.turnout.cli.EndedException;
import dev.turnout.cli.ExitCode;
import dev.turnout.cli.Invocation;
import dev.turnout.cli.ObjectInput;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.driver.pipeline.ObjectSource;
import dev.turnout.driver.stage.Stage;
import dev.turnout.driver.stage.StageDump;
import dev.turnout.verifier.specialize.SpecializeOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code --emit}, for the commands that have it. */
final class Dumping {
    private Dumping() {}

    /** The stages that are asked for, in the order of the option. */
    static List<Stage> stages(Invocation invocation) {
        List<Stage> stages = new ArrayList<>();
        for (String list : invocation.values("emit")) {
            for (String word : list.split(",", -1)) {
                stages.add(Stage.ofWord(word)
                        .orElseThrow(() ->
                                invocation.usage("`--emit` has no stage `" + word + "`; it has " + Stage.words())));
            }
        }
        return stages;
    }

    /** Prints them; ends the command if one cannot be made. */
    static void print(Invocation invocation, ObjectInput input, List<Stage> stages) {
        SpecializeOptions rewrites = CommonOptions.rewrites(invocation);
        for (Stage stage : stages) {
            if (stage.needsText() && input.source().text().isEmpty()) {
                throw invocation.usage("an object file has no stage `" + stage.word() + "`");
            }
            Diagnostics diagnostics = new Diagnostics();
            Console console = invocation.console();
            ObjectSource source = stage.needsText() || !invocation.has("config")
                    ? input.source()
                    : input.source().with(input.configured(invocation));
            if (stage == Stage.DECISIONS && console.json()) {
                StageDump.decidedChoices(source.object().orElseGet(input::object), diagnostics)
                        .forEach(choice -> console.line(choice.json()));
            } else if (stage == Stage.TABLES && console.json()) {
                StageDump.tableEntries(source.object().orElseGet(input::object), rewrites, diagnostics)
                        .forEach(entry -> console.line(entry.json()));
            } else if (stage == Stage.KEYS && console.json()) {
                StageDump.keyEntries(source.object().orElseGet(input::object), rewrites, diagnostics)
                        .forEach(entry -> console.line(entry.json()));
            } else {
                Optional<String> text = StageDump.text(source, stage, rewrites, diagnostics);
                // What is one JSON object on a line already is not put into another.
                if (text.isPresent() && console.json() && stage != Stage.DESCRIPTION) {
                    console.line(new JsonLine()
                            .text("stage", stage.word())
                            .text("text", text.get())
                            .toString());
                } else {
                    text.ifPresent(console::print);
                }
            }
            console.report(diagnostics);
            if (diagnostics.hasErrors()) {
                throw new EndedException(ExitCode.PROGRAM_WRONG);
            }
        }
        input.reportAndStopOnErrors();
    }
}
