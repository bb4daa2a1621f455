package dev.turnout.cli.command;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.cli.Console;
import dev.turnout.cli.ExitCode;
import dev.turnout.cli.Invocation;
import dev.turnout.cli.ObjectInput;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.stage.KernelTables;
import dev.turnout.driver.stage.Stage;
import dev.turnout.driver.stage.StageDump;
import dev.turnout.driver.stage.TableEntry;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.List;
import org.apache.commons.cli.Options;

/** {@code dump FILE --emit STAGE}: any stage of any program as text. */
final class DumpCommand implements Command {
    @Override
    public String name() {
        return "dump";
    }

    @Override
    public String summary() {
        return "shows a stage of a program: " + Stage.words();
    }

    @Override
    public String arguments() {
        return "FILE --emit STAGE[,…] [--target T] [--engine kernel] [--config NAME=VALUE] [--json]";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(CommonOptions.emit())
                .addOption(CommonOptions.target())
                .addOption(CommonOptions.value(
                        "engine", "kernel", "with `tables`: where the running kernel has put what they lead to"))
                .addOption(CommonOptions.config())
                .addOption(CommonOptions.blinding())
                .addOption(CommonOptions.json());
    }

    @Override
    public ExitCode run(Invocation invocation) {
        List<Stage> stages = Dumping.stages(invocation);
        if (stages.isEmpty()) {
            throw invocation.usage("`dump` needs `--emit STAGE`");
        }
        if (invocation.has("engine")) {
            return kernelTables(invocation, stages);
        }
        Dumping.print(invocation, ObjectInput.open(invocation, ObjectInput.target(invocation), false), stages);
        return ExitCode.SUCCESS;
    }

    private static ExitCode kernelTables(Invocation invocation, List<Stage> stages) {
        EngineRow engine = CommonOptions.named(invocation.value("engine").orElseThrow());
        if (engine != EngineRow.KERNEL || !stages.equals(List.of(Stage.TABLES))) {
            throw invocation.usage("`--engine` of `dump` takes `kernel`, and shows `tables` alone");
        }
        TargetProfile target = invocation.has("target") ? ObjectInput.target(invocation) : engine.target();
        BpfObject object = ObjectInput.open(invocation, target, false).configured(invocation);
        Diagnostics diagnostics = new Diagnostics();
        List<TableEntry> entries = KernelTables.of(object, diagnostics);
        Console console = invocation.console();
        if (console.json()) {
            entries.forEach(entry -> console.line(entry.json()));
        } else if (!diagnostics.hasErrors()) {
            console.print(StageDump.text(entries));
        }
        console.report(diagnostics);
        return diagnostics.hasErrors() ? ExitCode.of(diagnostics) : ExitCode.SUCCESS;
    }
}
