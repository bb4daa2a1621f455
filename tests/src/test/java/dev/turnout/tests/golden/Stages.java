package dev.turnout.tests.golden;

import dev.turnout.bpf.codegen.Generated;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.driver.pipeline.CompileOptions;
import dev.turnout.driver.pipeline.SourceReader;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A text's way through the pipeline, for one target, with the checker on between passes. */
public final class Stages {
    private final Compilation compilation;

    Stages(SourceFile source, Map<String, String> files, TargetProfile target, boolean strict) {
        SourceReader reader = (importing, relative) ->
                Optional.ofNullable(files.get(relative)).map(text -> new SourceFile(relative, text));
        this.compilation = new Compilation(source, reader, new CompileOptions(target, Map.of(), strict, true));
    }

    /** Everything that there is to say of a text that imports standard modules only. */
    public static Diagnostics diagnosticsOf(String name, String text) {
        Stages stages = new Stages(new SourceFile(name, text), Map.of(), TargetProfile.VM, false);
        stages.compilation.generated();
        return stages.compilation.diagnostics();
    }

    /** A text that imports standard modules only. */
    public static Compilation compilationOf(String name, String text) {
        return new Stages(new SourceFile(name, text), Map.of(), TargetProfile.VM, false).compilation;
    }

    Compilation compilation() {
        return compilation;
    }

    /** What there is to say of the text, as people see it. */
    String diagnostics() {
        compilation.generated();
        return new TerminalRenderer(false).render(compilation.diagnostics());
    }

    /**
     * @throws IllegalArgumentException if the text is wrong: says how
     */
    Generated generated() {
        return compilation.generated().orElseThrow(() -> new IllegalArgumentException(diagnostics()));
    }

    BpfObject object() {
        return generated().object();
    }

    /** The programs of the object, those named in {@code wanted} or all. */
    List<BpfProgram> programs(List<String> wanted) {
        BpfObject object = object();
        Diagnostics diagnostics = new Diagnostics();
        List<BpfProgram> programs = new ArrayList<>();
        for (ObjectFunction function : object.programs()) {
            if (wanted.isEmpty() || wanted.contains(function.name())) {
                ProgramLoader.load(object, function.name(), diagnostics).ifPresent(programs::add);
            }
        }
        if (diagnostics.hasErrors()) {
            throw new IllegalArgumentException(new TerminalRenderer(false).render(diagnostics));
        }
        return programs;
    }
}
