package dev.turnout.bpf.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.CodeSection;
import dev.turnout.bpf.object.DataSection;
import dev.turnout.bpf.object.JumpTable;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.object.ObjectFunction.Kind;
import dev.turnout.bpf.object.Reference;
import dev.turnout.bpf.object.Relocation;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapDefinition.Content;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoinedTablesTest {
    private static final Insn LOAD = Insn.Wide.constant(Reg.R1, 0);
    private static final Insn EXIT = new Insn.Exit();
    private static final DebugType VOID = new DebugType.Void();

    /** Main has two tables and calls a function that has one; a variable is between them. */
    private static BpfProgram program() {
        CodeSection text = CodeSection.of(
                ".text",
                Code.of(List.of(LOAD, EXIT)),
                List.of(new ObjectFunction("part", 0, 3, Kind.STATIC, VOID)),
                List.of(new Relocation(0, new Reference.ToJumpTable("t2", 0))),
                List.of());
        CodeSection xdp = CodeSection.of(
                "xdp",
                Code.of(List.of(LOAD, LOAD, LOAD, new Insn.CallLocal(0), EXIT)),
                List.of(new ObjectFunction("main", 0, 8, Kind.PROGRAM, VOID)),
                List.of(
                        new Relocation(0, new Reference.ToJumpTable("t0", 8)),
                        new Relocation(2, new Reference.ToData(".bss", 4)),
                        new Relocation(4, new Reference.ToJumpTable("t1", 8)),
                        new Relocation(6, new Reference.ToFunction("part"))),
                List.of());
        DataSection bss = new DataSection(
                ".bss", ByteString.zeros(8), 8, List.of(new DataSection.Variable("x", 0, 8, VOID, true)));
        BpfObject object = new BpfObject(
                "",
                List.of(text, xdp),
                List.of(bss),
                List.of(),
                List.of(
                        new JumpTable("t0", "main", List.of(6, 7)),
                        new JumpTable("t1", "main", List.of(7, 7)),
                        new JumpTable("t2", "part", List.of(2))),
                List.of(),
                List.of());
        return ProgramLoader.load(object, "main", new Diagnostics()).orElseThrow();
    }

    @Test
    void tablesOfAFunctionAreOneMap() {
        BpfProgram program = program();
        assertThat(program.maps()).hasSize(4);
        assertThat(JoinedTables.mapsNeeded(program)).isEqualTo(3);

        BpfProgram joined = JoinedTables.of(program);
        assertThat(joined.maps().stream().map(MapDefinition::content).filter(Content.Targets.class::isInstance))
                .containsExactly(new Content.Targets(List.of(6, 7, 7, 7)), new Content.Targets(List.of(10)));
        assertThat(joined.maps().stream().map(MapDefinition::maxEntries)).containsExactly(1L, 4L, 1L);
        assertThat(joined.code().insns().stream().filter(Insn.Wide.class::isInstance))
                .containsExactly(place(1, 8), place(0, 4), place(1, 16 + 8), place(2, 0));
    }

    @Test
    void aProgramThatGainsNothingStaysAsItIs() {
        BpfProgram joined = JoinedTables.of(program());
        assertThat(JoinedTables.of(joined)).isSameAs(joined);
    }

    private static Insn place(int map, int offset) {
        return new Insn.Wide(Reg.R1, WideKind.MAP_INDEX_VALUE, map, offset);
    }
}
