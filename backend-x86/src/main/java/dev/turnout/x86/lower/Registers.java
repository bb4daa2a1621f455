package dev.turnout.x86.lower;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.Width;
import dev.turnout.x86.isa.Gpr;
import dev.turnout.x86.isa.OperandSize;

/**
 * Where BPF's registers are. Arguments are where C has them, so that calls move nothing; those that outlive calls are where C
 * keeps them.
 */
final class Registers {
    /** The control block, in all code. */
    static final Gpr CONTROL = Gpr.R12;

    static final Gpr FRAME_POINTER = Gpr.RBP;

    /** Hold nothing between two BPF instructions. */
    static final Gpr SCRATCH = Gpr.R11;

    static final Gpr SCRATCH_2 = Gpr.R9;

    /**
     * Holds the hidden register, which lives from its move to the one instruction that reads it. In every other instruction it
     * is one more scratch register.
     */
    static final Gpr HIDDEN = Gpr.R10;

    private static final Gpr[] OF = new Gpr[Reg.values().length];

    static {
        for (Reg reg : Reg.values()) {
            OF[reg.number()] = home(reg);
        }
    }

    private Registers() {}

    private static Gpr home(Reg reg) {
        return switch (reg) {
            case R0 -> Gpr.RAX;
            case R1 -> Gpr.RDI;
            case R2 -> Gpr.RSI;
            case R3 -> Gpr.RDX;
            case R4 -> Gpr.RCX;
            case R5 -> Gpr.R8;
            case R6 -> Gpr.RBX;
            case R7 -> Gpr.R13;
            case R8 -> Gpr.R14;
            case R9 -> Gpr.R15;
            case R10 -> FRAME_POINTER;
            case AX -> HIDDEN;
        };
    }

    static Gpr of(Reg reg) {
        return OF[reg.number()];
    }

    static OperandSize of(Width width) {
        return switch (width) {
            case W32 -> OperandSize.DWORD;
            case W64 -> OperandSize.QWORD;
        };
    }

    static OperandSize of(Size size) {
        return switch (size) {
            case B -> OperandSize.BYTE;
            case H -> OperandSize.WORD;
            case W -> OperandSize.DWORD;
            case DW -> OperandSize.QWORD;
        };
    }
}
