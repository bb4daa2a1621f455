package dev.turnout.cli.command;

import dev.turnout.cli.ExitCode;
import dev.turnout.cli.Invocation;
import dev.turnout.cli.ObjectInput;
import dev.turnout.driver.stage.Stage;
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
        return "FILE --emit STAGE[,…] [--target T] [--config NAME=VALUE] [--json]";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(CommonOptions.emit())
                .addOption(CommonOptions.target())
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
        Dumping.print(invocation, ObjectInput.open(invocation, ObjectInput.target(invocation), false), stages);
        return ExitCode.SUCCESS;
    }
}
