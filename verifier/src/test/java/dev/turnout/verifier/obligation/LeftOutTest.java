package dev.turnout.verifier.obligation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.Surroundings;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.Verifier;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What compilers leave out or narrow, and a machine that runs programs takes even so. */
class LeftOutTest {
    private static final int TRACE_PRINTK = 6;

    private static MapDefinition constant(String text) {
        ByteString bytes = ByteString.copyOf((text + "\0").getBytes(StandardCharsets.US_ASCII));
        return new MapDefinition(
                ".rodata",
                MapKind.ARRAY,
                4,
                bytes.size(),
                1,
                0,
                new DebugType.Void(),
                new DebugType.Void(),
                new MapDefinition.Content.Data(bytes, true));
    }

    private static Verdict verify(MapDefinition map, Insn... insns) {
        Code code = Code.of(List.of(insns));
        BpfProgram program = new BpfProgram(
                "p",
                "xdp",
                new BpfProgram.Entry.Context(ProgramType.XDP),
                "GPL",
                code,
                List.of(new FunctionRange("p", 0, code.size(), true)),
                List.of(map),
                List.of(),
                List.of(),
                List.of(),
                Surroundings.NONE);
        return Verifier.verify(program, Options.linux());
    }

    private static Insn set(Reg to, int value) {
        return new Insn.Alu(AluOp.MOV, Width.W64, to, new Operand.Immediate(value));
    }

    /** r3 is set, r4 and r5 are not. */
    private static Verdict print(String format) {
        return verify(
                constant(format),
                new Insn.Wide(Reg.R1, WideKind.MAP_INDEX_VALUE, 0, 0),
                set(Reg.R2, format.length() + 1),
                set(Reg.R3, 7),
                new Insn.Alu(AluOp.MOV, Width.W64, Reg.R6, new Operand.Register(Reg.R1)),
                new Insn.CallHelper(5),
                new Insn.Alu(AluOp.MOV, Width.W64, Reg.R1, new Operand.Register(Reg.R6)),
                set(Reg.R2, format.length() + 1),
                set(Reg.R3, 7),
                new Insn.CallHelper(TRACE_PRINTK),
                set(Reg.R0, 2),
                new Insn.Exit());
    }

    @Test
    void whatAFormatDoesNotPrintNeedNotBeThere() {
        assertThat(print("port %d")).isInstanceOf(Verdict.Verified.class);
        assertThat(print("port %d of %d"))
                .isInstanceOfSatisfying(
                        Verdict.Rejected.class,
                        rejected -> assertThat(rejected.violations().getFirst().code())
                                .isEqualTo(DiagnosticCode.V0111));
    }

    private static Verdict compare(int with) {
        return verify(
                constant(""),
                new Insn.Load(Size.W, false, Reg.R2, Reg.R1, 0),
                set(Reg.R0, 2),
                new Insn.JumpIf(JumpOp.JEQ, Width.W32, Reg.R2, new Operand.Immediate(with), 1),
                set(Reg.R0, 1),
                new Insn.Exit());
    }

    @Test
    void halfOfAPacketsAddressIsComparedWithNullOnly() {
        assertThat(compare(0)).isInstanceOf(Verdict.Verified.class);
        assertThat(compare(8))
                .isInstanceOfSatisfying(
                        Verdict.Rejected.class,
                        rejected -> assertThat(rejected.violations().getFirst().code())
                                .isEqualTo(DiagnosticCode.V0121));
    }
}
