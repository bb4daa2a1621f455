package dev.turnout.cli.command;

import dev.turnout.bpf.merge.ObjectLinker;
import dev.turnout.cli.ExitCode;
import dev.turnout.cli.InputFile;
import dev.turnout.cli.Invocation;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.ir.model.ByteString;
import java.util.List;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** {@code link A.o B.o… -o C.o}: several objects become one. */
final class LinkCommand implements Command {
    @Override
    public String name() {
        return "link";
    }

    @Override
    public String summary() {
        return "joins object files, ours and other compilers', into one";
    }

    @Override
    public String arguments() {
        return "A.o B.o… -o C.o [--json]";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Option.builder("o")
                        .longOpt("output")
                        .hasArg()
                        .argName("C.o")
                        .desc("the object file to write")
                        .get())
                .addOption(CommonOptions.json());
    }

    @Override
    public ExitCode run(Invocation invocation) {
        List<String> files = invocation.arguments();
        if (files.isEmpty()) {
            throw invocation.usage("`link` needs object files");
        }
        String to = invocation.value("o").orElseThrow(() -> invocation.usage("`link` needs `-o C.o`"));
        List<ObjectLinker.Input> inputs = files.stream()
                .map(file -> new ObjectLinker.Input(file, ByteString.copyOf(InputFile.read(file))))
                .toList();
        Diagnostics diagnostics = new Diagnostics();
        ObjectLinker.Result result = ObjectLinker.link(inputs, diagnostics);
        invocation.console().report(diagnostics);
        result.object().ifPresent(object -> {
            InputFile.write(to, object.toArray());
            if (invocation.console().json()) {
                invocation.console().line(line(files, to, object));
            }
        });
        return switch (result.outcome()) {
            case LINKED -> ExitCode.SUCCESS;
            case UNREADABLE -> ExitCode.USAGE;
            case REFUSED -> ExitCode.PROGRAM_WRONG;
        };
    }

    private static String line(List<String> files, String to, ByteString object) {
        StringBuilder names = new StringBuilder();
        for (String file : files) {
            JsonLine.quote(names.append(names.isEmpty() ? "[" : ","), file);
        }
        return new JsonLine()
                .text("output", to)
                .raw("inputs", names.append("]"))
                .number("bytes", object.size())
                .toString();
    }
}
