package dev.turnout.x86.lower;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.x86.asm.Assembler;
import dev.turnout.x86.asm.Label;
import dev.turnout.x86.asm.Mem;
import dev.turnout.x86.isa.Condition;
import dev.turnout.x86.isa.Gpr;
import dev.turnout.x86.isa.OperandSize;
import dev.turnout.x86.isa.Shift;

/** The legacy packet loads. r1 to r5 are lost, so they serve as registers here. */
final class PacketLowering {
    private final Assembler asm;
    private final SharedRoutines shared;

    PacketLowering(Draft draft, SharedRoutines shared) {
        this.asm = draft.asm;
        this.shared = shared;
    }

    /** r0 = the bytes in the order of numbers; where they are not in the packet the function ends with 0. */
    void load(Insn.PacketLoad load, Frame frame) {
        Label inside = new Label();
        if (load.indexed()) {
            asm.lea(OperandSize.DWORD, Gpr.RAX, Mem.of(Registers.of(load.index()), load.imm()));
        } else {
            asm.movImm(Gpr.RAX, Integer.toUnsignedLong(load.imm()));
        }
        asm.movImm(Gpr.RCX, load.size().bytes());
        asm.call(shared.packet());
        asm.test(OperandSize.QWORD, Gpr.RAX, Gpr.RAX);
        asm.jump(Condition.NE, inside);
        frame.leave(asm);
        asm.place(inside);
        OperandSize size = Registers.of(load.size());
        asm.loadZero(size, Gpr.RAX, Mem.of(Gpr.RAX));
        switch (size) {
            case BYTE -> {}
            // The bytes above are zero and stay so.
            case WORD -> asm.shift(Shift.ROR, OperandSize.WORD, Gpr.RAX, 8);
            case DWORD, QWORD -> asm.bswap(size, Gpr.RAX);
        }
    }
}
