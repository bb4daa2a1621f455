package dev.turnout.x86.lower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.asm.InsnParser;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.KeyDefinition;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapKind;
import java.util.List;

/** Programs of text, for tests of the translator alone. */
final class Sources {
    private Sources() {}

    static Code code(String text) {
        Diagnostics diagnostics = new Diagnostics();
        var code = InsnParser.parse(new SourceFile("test", text), diagnostics);
        assertThat(diagnostics.all()).isEmpty();
        return code.orElseThrow();
    }

    /** One function of one piece of text, without maps. */
    static BpfProgram program(String text) {
        Code code = code(text);
        return program(code, List.of(new FunctionRange("main", 0, code.size(), true)), List.of(), List.of());
    }

    static BpfProgram program(
            Code code, List<FunctionRange> functions, List<MapDefinition> maps, List<BranchSite> sites) {
        List<KeyDefinition> keys = List.of(new KeyDefinition("mode", 0, new DebugType.Void()));
        List<LineInfo> lines = List.of(new LineInfo(0, "src/test.turn", 7, 1, "  return 0"));
        return new BpfProgram(
                "main", "test", new BpfProgram.Entry.Memory(64), "GPL", code, functions, maps, keys, sites, lines);
    }

    static MapDefinition array(String name, int valueSize, long maxEntries) {
        return map(name, MapKind.ARRAY, valueSize, maxEntries);
    }

    static MapDefinition map(String name, MapKind kind, int valueSize, long maxEntries) {
        return new MapDefinition(
                name,
                kind,
                4,
                valueSize,
                maxEntries,
                0,
                new DebugType.Void(),
                new DebugType.Void(),
                new MapDefinition.Content.Empty());
    }
}
