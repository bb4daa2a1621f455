package dev.turnout.cli.command;

import dev.turnout.cli.ExitCode;
import dev.turnout.cli.Invocation;
import dev.turnout.cli.ObjectInput;
import dev.turnout.driver.stage.Stage;
import java.util.List;
import org.apache.commons.cli.Options;

/** {@code disasm FILE}: the BPF code of a text or an object, with the source lines between it. */
final class DisasmCommand implements Command {
    @Override
    public String name() {
        return "disasm";
    }

    @Override
    public String summary() {
        return "shows the BPF code of a source or object file, with its source lines";
    }

    @Override
    public String arguments() {
        return "FILE [--target T]";
    }

    @Override
    public Options options() {
        return new Options().addOption(CommonOptions.target()).addOption(CommonOptions.json());
    }

    @Override
    public ExitCode run(Invocation invocation) {
        Dumping.print(
                invocation, ObjectInput.open(invocation, ObjectInput.target(invocation), false), List.of(Stage.ASM));
        return ExitCode.SUCCESS;
    }
}
