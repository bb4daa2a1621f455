package dev.turnout.x86.lower;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.ConcreteAlgebra;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.SwapOp;
import dev.turnout.bpf.isa.Width;
import dev.turnout.x86.asm.Assembler;
import dev.turnout.x86.isa.Arith;
import dev.turnout.x86.isa.Feature;
import dev.turnout.x86.isa.Gpr;
import dev.turnout.x86.isa.OperandSize;
import dev.turnout.x86.isa.Shift;
import dev.turnout.x86.isa.Unary;
import dev.turnout.x86.isa.VexOp;

/** Arithmetic. 32-bit instructions clear the upper half on both machines, so a width is an operand size and nothing else. */
final class ArithmeticLowering {
    private final Assembler asm;
    private final boolean flaglessShifts;
    private final DivisionLowering division;

    ArithmeticLowering(Draft draft) {
        this.asm = draft.asm;
        this.flaglessShifts = draft.features.contains(Feature.BMI2);
        this.division = new DivisionLowering(asm);
    }

    void alu(Insn.Alu alu) {
        Gpr dst = Registers.of(alu.dst());
        OperandSize size = Registers.of(alu.width());
        switch (alu.src()) {
            case Operand.Register(var src) -> register(alu.op(), size, dst, Registers.of(src));
            case Operand.Immediate(int value) -> immediate(alu.op(), alu.width(), dst, value);
        }
    }

    private void register(AluOp op, OperandSize size, Gpr dst, Gpr src) {
        switch (op) {
            case ADD -> asm.arith(Arith.ADD, size, dst, src);
            case SUB -> asm.arith(Arith.SUB, size, dst, src);
            case OR -> asm.arith(Arith.OR, size, dst, src);
            case AND -> asm.arith(Arith.AND, size, dst, src);
            case XOR -> asm.arith(Arith.XOR, size, dst, src);
            case MUL -> asm.imul(size, dst, src);
            case MOV -> {
                if (size == OperandSize.DWORD || dst != src) {
                    asm.mov(size, dst, src);
                }
            }
            case MOVSX8 -> asm.signExtend(OperandSize.BYTE, size, dst, src);
            case MOVSX16 -> asm.signExtend(OperandSize.WORD, size, dst, src);
            case MOVSX32 -> asm.signExtend(OperandSize.DWORD, size, dst, src);
            case LSH -> shift(Shift.SHL, VexOp.SHLX, size, dst, src);
            case RSH -> shift(Shift.SHR, VexOp.SHRX, size, dst, src);
            case ARSH -> shift(Shift.SAR, VexOp.SARX, size, dst, src);
            case DIV, SDIV, MOD, SMOD -> division.byRegister(op, size, dst, src);
        }
    }

    private void immediate(AluOp op, Width width, Gpr dst, int value) {
        OperandSize size = Registers.of(width);
        switch (op) {
            case ADD -> asm.arith(Arith.ADD, size, dst, value);
            case SUB -> asm.arith(Arith.SUB, size, dst, value);
            case OR -> asm.arith(Arith.OR, size, dst, value);
            case AND -> and(size, dst, value);
            case XOR -> asm.arith(Arith.XOR, size, dst, value);
            case MUL -> asm.imul(size, dst, dst, value);
            case MOV, MOVSX8, MOVSX16, MOVSX32 ->
                constant(dst, op.result(ConcreteAlgebra.INSTANCE, width, 0L, (long) value));
            case LSH -> shift(Shift.SHL, width, dst, value);
            case RSH -> shift(Shift.SHR, width, dst, value);
            case ARSH -> shift(Shift.SAR, width, dst, value);
            case DIV, SDIV, MOD, SMOD -> division.byConstant(op, size, dst, value);
        }
    }

    /** Loses the flags, which hold nothing between two BPF instructions. */
    void constant(Gpr dst, long value) {
        if (value == 0) {
            asm.arith(Arith.XOR, OperandSize.DWORD, dst, dst);
        } else {
            asm.movImm(dst, value);
        }
    }

    private void and(OperandSize size, Gpr dst, int mask) {
        switch (mask) {
            case 0xff -> asm.zeroExtend(OperandSize.BYTE, dst, dst);
            case 0xffff -> asm.zeroExtend(OperandSize.WORD, dst, dst);
            // A mask without sign clears the upper half in any case.
            default -> asm.arith(Arith.AND, mask >= 0 ? OperandSize.DWORD : size, dst, mask);
        }
    }

    private void shift(Shift op, Width width, Gpr dst, int count) {
        int masked = count & (width.bits() - 1);
        if (masked != 0) {
            asm.shift(op, Registers.of(width), dst, masked);
        } else if (width == Width.W32) {
            asm.mov(OperandSize.DWORD, dst, dst);
        }
    }

    /** The processor takes counts modulo the width, as BPF does. */
    private void shift(Shift op, VexOp flagless, OperandSize size, Gpr dst, Gpr count) {
        if (flaglessShifts) {
            asm.vex(flagless, size, dst, dst, count);
        } else if (dst == Gpr.RCX) {
            asm.mov(OperandSize.QWORD, Registers.SCRATCH, Gpr.RCX);
            if (count != Gpr.RCX) {
                asm.mov(OperandSize.DWORD, Gpr.RCX, count);
            }
            asm.shiftCl(op, size, Registers.SCRATCH);
            asm.mov(OperandSize.QWORD, Gpr.RCX, Registers.SCRATCH);
        } else if (count == Gpr.RCX) {
            asm.shiftCl(op, size, dst);
        } else {
            asm.mov(OperandSize.QWORD, Registers.SCRATCH, Gpr.RCX);
            asm.mov(OperandSize.DWORD, Gpr.RCX, count);
            asm.shiftCl(op, size, dst);
            asm.mov(OperandSize.QWORD, Gpr.RCX, Registers.SCRATCH);
        }
    }

    void negate(Insn.Neg neg) {
        asm.unary(Unary.NEG, Registers.of(neg.width()), Registers.of(neg.dst()));
    }

    void swap(Insn.Swap swap) {
        Gpr dst = Registers.of(swap.dst());
        boolean reverses = swap.op() != SwapOp.LE;
        switch (swap.bits()) {
            case 16 -> {
                if (reverses) {
                    asm.shift(Shift.ROR, OperandSize.WORD, dst, 8);
                }
                asm.zeroExtend(OperandSize.WORD, dst, dst);
            }
            case 32 -> {
                if (reverses) {
                    asm.bswap(OperandSize.DWORD, dst);
                } else {
                    asm.mov(OperandSize.DWORD, dst, dst);
                }
            }
            case 64 -> {
                if (reverses) {
                    asm.bswap(OperandSize.QWORD, dst);
                }
            }
            default -> throw new IllegalStateException("a swap of " + swap.bits() + " bits");
        }
    }
}
