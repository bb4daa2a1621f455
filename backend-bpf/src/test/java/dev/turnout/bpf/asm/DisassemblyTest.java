package dev.turnout.bpf.asm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.isa.random.RandomInsns;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.CodeSection;
import dev.turnout.bpf.object.JumpTable;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.object.ObjectMap;
import dev.turnout.bpf.object.Reference;
import dev.turnout.bpf.object.Relocation;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class DisassemblyTest {
    private static final DebugType VOID = new DebugType.Void();

    @Test
    void objectsNameWhatTheyReferTo() {
        assertThat(Disassembly.of(object())).isEqualTo("""
                ; license GPL
                ; map hits: hash, key 4, value 8, entries 64

                section .text

                helper:  ; static, slots 0 to 0
                     0:  exit

                section xdp

                main:  ; program, slots 0 to 9
                  ; a.turn:3: switch (x) {
                     0:  r1 = <BPF.JT.main.0> ll
                     2:  gotox r1
                L1:  ; BPF.JT.main.0[0, 2]
                  ; a.turn:4: 0 => f(),
                     3:  r2 = <hits> ll
                     5:  if w2 s> -1 goto +1 <L2>
                     6:  call <helper>
                L2:  ; BPF.JT.main.0[1]
                     7:  r1 = 7 ll
                     9:  exit
                """);
    }

    @Test
    void programsCountSlotsThroughAllFunctions() {
        var program = ProgramLoader.load(object(), "main", new Diagnostics()).orElseThrow();
        assertThat(Disassembly.of(program)).isEqualTo("""
                ; program main, section xdp, license GPL
                ; map[0] BPF.JT.main.0: insn_array, key 4, value 16, entries 3
                ; map[1] hits: hash, key 4, value 8, entries 64

                main:  ; main, slots 0 to 9
                  ; a.turn:3: switch (x) {
                     0:  r1 = map[0][0]+0 <BPF.JT.main.0>
                     2:  gotox r1
                L1:  ; BPF.JT.main.0[0, 2]
                  ; a.turn:4: 0 => f(),
                     3:  r2 = map[1] <hits>
                     5:  if w2 s> -1 goto +1 <L2>
                     6:  call pc+3 <helper>
                L2:  ; BPF.JT.main.0[1]
                     7:  r1 = 7 ll
                     9:  exit

                helper:  ; static, slots 10 to 10
                    10:  exit
                """);
    }

    @Test
    void anyCodeCanBeShown() {
        RandomInsns random = new RandomInsns(1);
        for (int round = 0; round < 20; round++) {
            Code code = random.code(200, true);
            BpfObject object = new BpfObject(
                    "",
                    List.of(CodeSection.of(
                            ".text",
                            code,
                            List.of(new ObjectFunction("f", 0, code.size(), ObjectFunction.Kind.GLOBAL, VOID)),
                            List.of(),
                            List.of())),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of());
            var program = ProgramLoader.loadFunction(object, "f", 0, new Diagnostics())
                    .orElseThrow();
            assertThat(Disassembly.of(program)).endsWith("exit\n");
        }
    }

    private static BpfObject object() {
        CodeSection text = CodeSection.of(
                ".text",
                Code.of(List.of(new Insn.Exit())),
                List.of(new ObjectFunction("helper", 0, 1, ObjectFunction.Kind.STATIC, VOID)),
                List.of(),
                List.of());
        CodeSection xdp = CodeSection.of(
                "xdp",
                Code.of(List.of(
                        Insn.Wide.constant(Reg.R1, 0),
                        new Insn.JumpIndirect(Reg.R1),
                        Insn.Wide.constant(Reg.R2, 0),
                        new Insn.JumpIf(JumpOp.JSGT, Width.W32, Reg.R2, Operand.of(-1), 1),
                        new Insn.CallLocal(0),
                        Insn.Wide.constant(Reg.R1, 7),
                        new Insn.Exit())),
                List.of(new ObjectFunction("main", 0, 10, ObjectFunction.Kind.PROGRAM, VOID)),
                List.of(
                        new Relocation(0, new Reference.ToJumpTable("BPF.JT.main.0", 0)),
                        new Relocation(3, new Reference.ToMap("hits")),
                        new Relocation(6, new Reference.ToFunction("helper"))),
                List.of(
                        new LineInfo(0, "/src/a.turn", 3, 1, "  switch (x) {"),
                        new LineInfo(2, "/src/a.turn", 3, 9, "  switch (x) {"),
                        new LineInfo(3, "/src/a.turn", 4, 5, "    0 => f(),")));
        ObjectMap hits = new ObjectMap("hits", MapKind.HASH, 4, 8, VOID, VOID, 64, 0, 0, false, List.of());
        JumpTable table = new JumpTable(JumpTable.name("main", 0), "main", List.of(3, 7, 3));
        return new BpfObject("GPL", List.of(text, xdp), List.of(), List.of(hits), List.of(table), List.of(), List.of());
    }
}
