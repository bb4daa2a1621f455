package dev.turnout.runtime.interpreter;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.ConcreteAlgebra;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Width;

/**
 * The rows' meanings, each called by its own name: the compiler of the JVM sees through a call on a constant, so numbers are
 * not boxed, which a call on {@code op} would do for every instruction.
 */
final class Arithmetic {
    private static final ConcreteAlgebra ON = ConcreteAlgebra.INSTANCE;

    private Arithmetic() {}

    static long result(AluOp op, Width width, long dst, long src) {
        return switch (op) {
            case ADD -> AluOp.ADD.result(ON, width, dst, src);
            case SUB -> AluOp.SUB.result(ON, width, dst, src);
            case MUL -> AluOp.MUL.result(ON, width, dst, src);
            case DIV -> AluOp.DIV.result(ON, width, dst, src);
            case SDIV -> AluOp.SDIV.result(ON, width, dst, src);
            case OR -> AluOp.OR.result(ON, width, dst, src);
            case AND -> AluOp.AND.result(ON, width, dst, src);
            case LSH -> AluOp.LSH.result(ON, width, dst, src);
            case RSH -> AluOp.RSH.result(ON, width, dst, src);
            case MOD -> AluOp.MOD.result(ON, width, dst, src);
            case SMOD -> AluOp.SMOD.result(ON, width, dst, src);
            case XOR -> AluOp.XOR.result(ON, width, dst, src);
            case MOV -> AluOp.MOV.result(ON, width, dst, src);
            case MOVSX8 -> AluOp.MOVSX8.result(ON, width, dst, src);
            case MOVSX16 -> AluOp.MOVSX16.result(ON, width, dst, src);
            case MOVSX32 -> AluOp.MOVSX32.result(ON, width, dst, src);
            case ARSH -> AluOp.ARSH.result(ON, width, dst, src);
        };
    }

    static boolean test(JumpOp op, Width width, long dst, long src) {
        return switch (op) {
            case JEQ -> JumpOp.JEQ.test(width, dst, src);
            case JGT -> JumpOp.JGT.test(width, dst, src);
            case JGE -> JumpOp.JGE.test(width, dst, src);
            case JSET -> JumpOp.JSET.test(width, dst, src);
            case JNE -> JumpOp.JNE.test(width, dst, src);
            case JSGT -> JumpOp.JSGT.test(width, dst, src);
            case JSGE -> JumpOp.JSGE.test(width, dst, src);
            case JLT -> JumpOp.JLT.test(width, dst, src);
            case JLE -> JumpOp.JLE.test(width, dst, src);
            case JSLT -> JumpOp.JSLT.test(width, dst, src);
            case JSLE -> JumpOp.JSLE.test(width, dst, src);
        };
    }

    static long negate(Width width, long value) {
        return ON.negate(width, value);
    }
}
