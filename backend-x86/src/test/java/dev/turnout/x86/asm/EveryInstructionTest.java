package dev.turnout.x86.asm;

import dev.turnout.x86.isa.Arith;
import dev.turnout.x86.isa.Bare;
import dev.turnout.x86.isa.Condition;
import dev.turnout.x86.isa.Encoding;
import dev.turnout.x86.isa.Exchange;
import dev.turnout.x86.isa.Gpr;
import dev.turnout.x86.isa.Nop;
import dev.turnout.x86.isa.OperandSize;
import org.junit.jupiter.api.Test;

class EveryInstructionTest {
    @Test
    void objdump_reads_of_every_row_what_the_listing_says() throws Exception {
        Code code = new Code(true);
        Label middle = new Label();
        EveryForm every = new EveryForm(code, middle);
        boolean placed = false;
        for (Encoding encoding : EveryForm.encodings()) {
            if (!placed && encoding.mnemonic().equals("test")) {
                code.place(middle);
                placed = true;
            }
            every.emit(encoding);
        }
        Objdump.judge(code.finish());
    }

    @Test
    void objdump_reads_locked_instructions() throws Exception {
        Assembler asm = Assembler.listing();
        for (OperandSize size : OperandSize.values()) {
            for (Gpr base : Gpr.values()) {
                asm.lock(Arith.ADD, size, Mem.of(base, 8), Gpr.RSI);
                asm.lock(Arith.XOR, size, Mem.of(base), Gpr.R9);
                for (Exchange op : Exchange.values()) {
                    asm.lock(op, size, Mem.of(base, -300), base);
                }
            }
        }
        Objdump.judge(asm.finish());
    }

    @Test
    void objdump_reads_nops_padding_and_branches_as_one_instruction_each() throws Exception {
        Assembler asm = Assembler.listing();
        Label start = asm.here();
        for (int bytes = 1; bytes <= 2 * Nop.LONGEST; bytes++) {
            asm.nop(bytes);
        }
        Label end = new Label();
        for (Condition condition : Condition.values()) {
            asm.jump(condition, start);
            asm.align(16);
            asm.jump(condition, end);
            asm.cell(BranchCell.NOP_OR_JUMP, end);
            asm.bare(Bare.CDQ);
            asm.cell(BranchCell.NOP_OR_JUMP, null);
            asm.bare(Bare.CDQ);
            asm.cell(BranchCell.DISTANCE, start);
            asm.cell(BranchCell.DISTANCE, null);
        }
        asm.jump(end);
        asm.jump(start);
        asm.call(end);
        asm.place(end);
        Objdump.judge(asm.finish());
    }
}
