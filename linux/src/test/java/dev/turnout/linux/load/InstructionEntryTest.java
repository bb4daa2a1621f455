package dev.turnout.linux.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.linux.feature.KernelFeature;
import dev.turnout.linux.syscall.LockedMemory;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class InstructionEntryTest {
    @Test
    void an_entry_has_three_numbers_and_padding() {
        ByteString value =
                ByteString.copyOf(new byte[] {0x29, 0, 0, 0, 0x28, 0, 0, 0, (byte) 0xc9, 1, 0, 0, 0, 0, 0, 0});
        InstructionEntry entry = InstructionEntry.of(value);
        assertThat(entry.original()).isEqualTo(0x29);
        assertThat(entry.rewritten()).hasValue(0x28);
        assertThat(entry.nativeOffset()).isEqualTo(0x1c9);
    }

    @Test
    void an_instruction_that_the_kernel_removed_has_no_place() {
        byte[] removed = InstructionEntry.written(7).toArray();
        for (int i = 4; i < 8; i++) {
            removed[i] = (byte) 0xff;
        }
        assertThat(InstructionEntry.of(ByteString.copyOf(removed)).rewritten()).isEmpty();
    }

    @Test
    void before_the_load_only_the_slot_is_written() {
        assertThat(InstructionEntry.written(0x1234))
                .isEqualTo(ByteString.copyOf(new byte[] {0x34, 0x12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
    }

    @Test
    void behind_the_load_the_kernel_says_where_the_targets_are() {
        assumeTrue(KernelObject.permitted(new Diagnostics()), "bpf(2) is not permitted here");
        assumeTrue(KernelFeature.JUMP_TABLES.here(), "this kernel has no jump tables (Linux 6.19)");
        DebugType none = new DebugType.Void();
        MapDefinition table = new MapDefinition(
                "table",
                MapKind.INSN_ARRAY,
                4,
                16,
                2,
                0,
                none,
                none,
                new MapDefinition.Content.Targets(List.of(8, 10)));
        Code code = Code.of(List.of(
                new Insn.Load(Size.W, false, Reg.R1, Reg.R1, 16),
                new Insn.Alu(AluOp.AND, Width.W64, Reg.R1, Operand.of(1)),
                new Insn.Alu(AluOp.LSH, Width.W64, Reg.R1, Operand.of(3)),
                new Insn.Wide(Reg.R2, WideKind.MAP_INDEX_VALUE, 0, 0),
                new Insn.Alu(AluOp.ADD, Width.W64, Reg.R2, Operand.of(Reg.R1)),
                new Insn.Load(Size.DW, false, Reg.R2, Reg.R2, 0),
                new Insn.JumpIndirect(Reg.R2),
                new Insn.Alu(AluOp.MOV, Width.W64, Reg.R0, Operand.of(1)),
                new Insn.Exit(),
                new Insn.Alu(AluOp.MOV, Width.W64, Reg.R0, Operand.of(2)),
                new Insn.Exit()));
        BpfProgram program = new BpfProgram(
                "main",
                "xdp",
                new BpfProgram.Entry.Context(ProgramType.XDP),
                "GPL",
                code,
                List.of(new BpfProgram.FunctionRange("main", 0, code.size(), true)),
                List.of(table),
                List.of(),
                List.of(),
                List.of());
        try (KernelObject object = new KernelObject()) {
            assertThat(object.load(program, new Diagnostics())).isPresent();
            assertThat(object.instructions().get("table"))
                    .extracting(InstructionEntry::original)
                    .containsExactly(8, 10);
        }
    }

    /** Only the command line's words for kernels before 5.11 need it; here it must do no harm. */
    @Test
    void the_limit_of_locked_memory_can_be_taken_away_by_who_may() throws IOException {
        assumeTrue(KernelObject.permitted(new Diagnostics()), "bpf(2) is not permitted here");
        assumeTrue(LockedMemory.raise(), "this user may not raise limits");
        assertThat(Files.readAllLines(Path.of("/proc/self/limits")))
                .anyMatch(line -> line.startsWith("Max locked memory") && line.contains("unlimited"));
    }
}
