package dev.turnout.cli.command;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ElfWriter;
import dev.turnout.cli.ExitCode;
import dev.turnout.cli.InputFile;
import dev.turnout.cli.Invocation;
import dev.turnout.cli.ObjectInput;
import dev.turnout.driver.explain.ConstructRow;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.driver.stage.Stage;
import java.util.List;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** {@code build FILE -o OUT.o}: compiles a text to an object that the target loads. */
final class BuildCommand implements Command {
    @Override
    public String name() {
        return "build";
    }

    @Override
    public String summary() {
        return "compiles a source file to an object file";
    }

    @Override
    public String arguments() {
        return "FILE -o OUT.o [--target T] [--emit STAGE[,…]] [--explain] [--strict-lowering] [--json]";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Option.builder("o")
                        .longOpt("output")
                        .hasArg()
                        .argName("OUT.o")
                        .desc("the object file to write")
                        .get())
                .addOption(CommonOptions.target())
                .addOption(CommonOptions.emit())
                .addOption(CommonOptions.flag("explain", "says in a line what each construct became, and why"))
                .addOption(CommonOptions.flag(
                        "strict-lowering", "makes it an error if the target lacks a construct's own form"))
                .addOption(CommonOptions.config())
                .addOption(CommonOptions.blinding())
                .addOption(CommonOptions.json());
    }

    @Override
    public ExitCode run(Invocation invocation) {
        List<Stage> stages = Dumping.stages(invocation);
        if (!invocation.has("o") && stages.isEmpty() && !invocation.has("explain")) {
            throw invocation.usage("`build` needs `-o OUT.o`, or something to show");
        }
        ObjectInput input =
                ObjectInput.open(invocation, ObjectInput.target(invocation), invocation.has("strict-lowering"));
        Compilation compilation = input.source()
                .text()
                .orElseThrow(() -> invocation.usage("`build` takes a source file, and this is an object file"));
        BpfObject object = input.configured(invocation);
        if (invocation.has("explain")) {
            explain(invocation, compilation);
        }
        Dumping.print(invocation, input, stages);
        invocation
                .value("o")
                .ifPresent(to -> InputFile.write(to, ElfWriter.write(object).toArray()));
        return ExitCode.SUCCESS;
    }

    private static void explain(Invocation invocation, Compilation compilation) {
        for (ConstructRow row :
                ConstructRow.of(compilation.generated().orElseThrow().report(), compilation.sources())) {
            invocation.console().line(invocation.console().json() ? row.json() : row.line());
        }
    }
}
