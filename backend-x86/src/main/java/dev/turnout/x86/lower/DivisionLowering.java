package dev.turnout.x86.lower;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.x86.asm.Assembler;
import dev.turnout.x86.asm.Label;
import dev.turnout.x86.isa.Arith;
import dev.turnout.x86.isa.Bare;
import dev.turnout.x86.isa.Condition;
import dev.turnout.x86.isa.Gpr;
import dev.turnout.x86.isa.OperandSize;
import dev.turnout.x86.isa.Unary;

/**
 * Division. The processor divides rdx:rax and faults where BPF has a result: by 0 the quotient is 0 and the remainder the
 * dividend; the minimum by −1 is itself, remainder 0. Both divisors are told apart first, the second for signed divisions only.
 * There x / −1 = −x and the remainder is 0, whatever x.
 */
final class DivisionLowering {
    private final Assembler asm;

    DivisionLowering(Assembler asm) {
        this.asm = asm;
    }

    void byConstant(AluOp op, OperandSize size, Gpr dst, int divisor) {
        if (divisor == 0) {
            byZero(op, size, dst);
        } else if (divisor == -1 && isSigned(op)) {
            byMinusOne(op, size, dst);
        } else {
            // As a 32-bit divisor only its low half is read.
            asm.movImm(Registers.SCRATCH, divisor);
            divide(op, size, dst, Registers.SCRATCH);
        }
    }

    void byRegister(AluOp op, OperandSize size, Gpr dst, Gpr src) {
        Gpr divisor = src;
        if (src == Gpr.RAX || src == Gpr.RDX) {
            asm.mov(size, Registers.SCRATCH, src);
            divisor = Registers.SCRATCH;
        }
        Label done = new Label();
        asm.test(size, divisor, divisor);
        if (isRemainder(op) && size == OperandSize.QWORD) {
            // The dividend is there already.
            asm.jump(Condition.E, done);
        } else {
            Label nonzero = new Label();
            asm.jump(Condition.NE, nonzero);
            byZero(op, size, dst);
            asm.jump(done);
            asm.place(nonzero);
        }
        if (isSigned(op)) {
            Label ordinary = new Label();
            asm.arith(Arith.CMP, size, divisor, -1);
            asm.jump(Condition.NE, ordinary);
            byMinusOne(op, size, dst);
            asm.jump(done);
            asm.place(ordinary);
        }
        divide(op, size, dst, divisor);
        asm.place(done);
    }

    private void byZero(AluOp op, OperandSize size, Gpr dst) {
        if (!isRemainder(op)) {
            asm.arith(Arith.XOR, OperandSize.DWORD, dst, dst);
        } else if (size == OperandSize.DWORD) {
            asm.mov(OperandSize.DWORD, dst, dst);
        }
    }

    private void byMinusOne(AluOp op, OperandSize size, Gpr dst) {
        if (isRemainder(op)) {
            asm.arith(Arith.XOR, OperandSize.DWORD, dst, dst);
        } else {
            asm.unary(Unary.NEG, size, dst);
        }
    }

    /** By a divisor that is neither in rax nor in rdx, and for which the processor has a result. */
    private void divide(AluOp op, OperandSize size, Gpr dst, Gpr divisor) {
        Gpr rax = Registers.SCRATCH_2;
        // If the divisor is the hidden register, it was not copied, and the other one is free.
        Gpr rdx = divisor == Registers.HIDDEN ? Registers.SCRATCH : Registers.HIDDEN;
        if (dst != Gpr.RAX) {
            asm.mov(OperandSize.QWORD, rax, Gpr.RAX);
            asm.mov(size, Gpr.RAX, dst);
        }
        if (dst != Gpr.RDX) {
            asm.mov(OperandSize.QWORD, rdx, Gpr.RDX);
        }
        if (isSigned(op)) {
            asm.bare(size == OperandSize.QWORD ? Bare.CQO : Bare.CDQ);
            asm.unary(Unary.IDIV, size, divisor);
        } else {
            asm.arith(Arith.XOR, OperandSize.DWORD, Gpr.RDX, Gpr.RDX);
            asm.unary(Unary.DIV, size, divisor);
        }
        Gpr result = isRemainder(op) ? Gpr.RDX : Gpr.RAX;
        if (dst != result) {
            asm.mov(size, dst, result);
        }
        if (dst != Gpr.RAX) {
            asm.mov(OperandSize.QWORD, Gpr.RAX, rax);
        }
        if (dst != Gpr.RDX) {
            asm.mov(OperandSize.QWORD, Gpr.RDX, rdx);
        }
    }

    private static boolean isSigned(AluOp op) {
        return op == AluOp.SDIV || op == AluOp.SMOD;
    }

    private static boolean isRemainder(AluOp op) {
        return op == AluOp.MOD || op == AluOp.SMOD;
    }
}
