package dev.turnout.bpf.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.CodeSection;
import dev.turnout.bpf.object.DataSection;
import dev.turnout.bpf.object.FunctionTable;
import dev.turnout.bpf.object.JumpTable;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.object.ObjectFunction.Kind;
import dev.turnout.bpf.object.ObjectMap;
import dev.turnout.bpf.object.Reference;
import dev.turnout.bpf.object.Relocation;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.bpf.program.MapDefinition.Content;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramLoaderTest {
    private static final DebugType VOID = new DebugType.Void();
    private static final Insn CALL = new Insn.CallLocal(0);
    private static final Insn EXIT = new Insn.Exit();
    private static final Insn LOAD = Insn.Wide.constant(Reg.R1, 0);

    private final Diagnostics diagnostics = new Diagnostics();

    @Test
    void functionsFollowInOrderOfDiscoveryDepthFirst() {
        // .text: c, a (calls b, then c), b (calls c); main calls a, then b.
        CodeSection text = CodeSection.of(
                ".text",
                Code.of(List.of(EXIT, CALL, CALL, EXIT, CALL, EXIT)),
                List.of(function("c", 0, 1), function("a", 1, 4), function("b", 4, 6)),
                List.of(to(1, "b"), to(2, "c"), to(4, "c")),
                List.of());
        CodeSection xdp = CodeSection.of(
                "xdp",
                Code.of(List.of(CALL, CALL, EXIT)),
                List.of(new ObjectFunction("main", 0, 3, Kind.PROGRAM, VOID)),
                List.of(to(0, "a"), to(1, "b")),
                List.of());
        BpfProgram program = load(object(List.of(text, xdp), List.of(), List.of(), List.of()), "main");

        assertThat(program.functions().stream().map(BpfProgram.FunctionRange::name))
                .containsExactly("main", "a", "b", "c");
        assertThat(program.code().insns())
                .containsExactly(
                        new Insn.CallLocal(2), // main: a at 3
                        new Insn.CallLocal(4), // b at 6
                        EXIT,
                        new Insn.CallLocal(2), // a: b at 6
                        new Insn.CallLocal(3), // c at 8
                        EXIT,
                        new Insn.CallLocal(1), // b: c at 8
                        EXIT,
                        EXIT);
    }

    @Test
    void mapsAndDataBecomeNumbersInOrderOfUse() {
        ObjectMap hits = new ObjectMap("hits", MapKind.HASH, 4, 8, VOID, VOID, 64, 0, 0, false, List.of());
        DataSection rodata = new DataSection(".rodata", ByteString.copyOf(new byte[] {1, 2, 3, 4}), 4, List.of());
        CodeSection xdp = CodeSection.of(
                "xdp",
                Code.of(List.of(LOAD, LOAD, LOAD, EXIT)),
                List.of(new ObjectFunction("main", 0, 7, Kind.PROGRAM, VOID)),
                List.of(
                        new Relocation(0, new Reference.ToData(".rodata", 2)),
                        new Relocation(2, new Reference.ToMap("hits")),
                        new Relocation(4, new Reference.ToData(".rodata", 0))),
                List.of(new LineInfo(0, "a.c", 3, 1, "x = y;")));
        BpfProgram program = load(object(List.of(xdp), List.of(rodata), List.of(hits), List.of()), "main");

        assertThat(program.code().insns())
                .containsExactly(
                        new Insn.Wide(Reg.R1, WideKind.MAP_INDEX_VALUE, 0, 2),
                        new Insn.Wide(Reg.R1, WideKind.MAP_INDEX, 1, 0),
                        new Insn.Wide(Reg.R1, WideKind.MAP_INDEX_VALUE, 0, 0),
                        EXIT);
        assertThat(program.maps().get(0).frozen()).isTrue();
        assertThat(program.maps().get(1).name()).isEqualTo("hits");
        assertThat(program.lines()).containsExactly(new LineInfo(0, "a.c", 3, 1, "x = y;"));
    }

    @Test
    void jumpTablesOfSubprogramsMoveWithTheirCopy() {
        CodeSection text = CodeSection.of(
                ".text",
                Code.of(List.of(EXIT, LOAD, new Insn.JumpIndirect(Reg.R1), EXIT, EXIT)),
                List.of(function("unused", 0, 1), function("f", 1, 6)),
                List.of(new Relocation(1, new Reference.ToJumpTable("BPF.JT.f.0", 8))),
                List.of());
        CodeSection xdp = CodeSection.of(
                "xdp",
                Code.of(List.of(CALL, EXIT)),
                List.of(new ObjectFunction("main", 0, 2, Kind.PROGRAM, VOID)),
                List.of(to(0, "f")),
                List.of());
        JumpTable table = new JumpTable("BPF.JT.f.0", "f", List.of(4, 5, 4));
        BpfProgram program = load(object(List.of(text, xdp), List.of(), List.of(), List.of(table)), "main");

        assertThat(program.maps()).singleElement().satisfies(map -> {
            assertThat(map.name()).isEqualTo("BPF.JT.f.0@main");
            assertThat(map.content()).isEqualTo(new Content.Targets(List.of(5, 6, 5)));
        });
        assertThat(program.code().at(2)).isEqualTo(new Insn.Wide(Reg.R1, WideKind.MAP_INDEX_VALUE, 0, 8));
    }

    @Test
    void aFunctionTableBringsAllThatItsRowsMayHold() {
        CodeSection text = CodeSection.of(
                ".text",
                Code.of(List.of(EXIT, EXIT, EXIT, EXIT)),
                List.of(function("a", 0, 1), function("later", 1, 2), function("b", 2, 3), function("unused", 3, 4)),
                List.of(),
                List.of());
        CodeSection xdp = CodeSection.of(
                "xdp",
                Code.of(List.of(LOAD, LOAD, EXIT)),
                List.of(new ObjectFunction("main", 0, 5, Kind.PROGRAM, VOID)),
                List.of(
                        new Relocation(0, new Reference.ToFunctionTable("ops")),
                        new Relocation(2, new Reference.ToFunctionTable("ops"))),
                List.of());
        FunctionTable table = FunctionTable.mutable("ops", List.of("b", "", "a", "b"), List.of("later"), true);
        BpfProgram program = load(
                new BpfObject("GPL", List.of(text, xdp), List.of(), List.of(), List.of(), List.of(table), List.of()),
                "main");

        assertThat(program.functions())
                .extracting(BpfProgram.FunctionRange::name)
                .containsExactly("main", "b", "a", "later");
        assertThat(program.maps()).singleElement().satisfies(map -> {
            assertThat(map.name()).isEqualTo("ops");
            assertThat(map.content())
                    .isEqualTo(new Content.Functions(List.of(5, -1, 6, 5), List.of(5, 6, 7), true, true));
        });
        assertThat(program.code().at(2)).isEqualTo(new Insn.Wide(Reg.R1, WideKind.MAP_INDEX_VALUE, 0, 0));
    }

    @Test
    void anyFunctionRunsOnPlainMemory() {
        CodeSection text =
                CodeSection.of(".text", Code.of(List.of(EXIT)), List.of(function("f", 0, 1)), List.of(), List.of());
        BpfObject object = object(List.of(text), List.of(), List.of(), List.of());

        assertThat(ProgramLoader.loadFunction(object, "f", 16, diagnostics)
                        .orElseThrow()
                        .entry())
                .isEqualTo(new BpfProgram.Entry.Memory(16));
        assertThat(ProgramLoader.load(object, "f", diagnostics)).isEmpty();
        assertThat(diagnostics.all()).extracting(Diagnostic::code).containsExactly(DiagnosticCode.O0130);
    }

    private BpfProgram load(BpfObject object, String program) {
        var loaded = ProgramLoader.load(object, program, diagnostics);
        assertThat(diagnostics.all()).isEmpty();
        return loaded.orElseThrow();
    }

    private static BpfObject object(
            List<CodeSection> sections, List<DataSection> data, List<ObjectMap> maps, List<JumpTable> tables) {
        return new BpfObject("GPL", sections, data, maps, tables, List.of(), List.of());
    }

    private static ObjectFunction function(String name, int start, int end) {
        return new ObjectFunction(name, start, end, Kind.STATIC, VOID);
    }

    private static Relocation to(int slot, String function) {
        return new Relocation(slot, new Reference.ToFunction(function));
    }
}
