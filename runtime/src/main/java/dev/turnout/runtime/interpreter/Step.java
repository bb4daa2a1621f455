package dev.turnout.runtime.interpreter;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.SwapOp;
import dev.turnout.bpf.isa.Width;
import dev.turnout.stdlib.helper.HelperFunction;
import org.jspecify.annotations.Nullable;

/**
 * An instruction as the loop wants it: operands as numbers of registers, jumps as slots, maps as addresses, one class of
 * object, so that the loop has one switch and no cast. Fields that a kind does not name mean nothing for it.
 */
final class Step {
    /** What there is to do. */
    enum Kind {
        /** {@code dst = alu(width, dst, src)}. */
        ALU_REG,
        /** {@code dst = alu(width, dst, value)}. */
        ALU_IMM,
        /** {@code dst = -dst} in {@code width}. */
        NEG,
        /** {@code dst = swap(dst, bytes * 8)}. */
        SWAP,
        /** {@code dst = value}. */
        CONSTANT,
        /** {@code dst = *(src + value)}, {@code bytes} wide. */
        LOAD,
        /** The same with sign. */
        LOAD_SIGNED,
        /** {@code *(dst + value) = src}. */
        STORE_REG,
        /** {@code *(dst + value) = other}. */
        STORE_IMM,
        /** {@code *(dst + value)} and {@code src}. */
        ATOMIC,
        /** {@code r0 = ntoh(packet[value])}; with {@code src} added if {@code other} is 1. */
        PACKET_LOAD,
        /** To {@code target}. */
        JUMP,
        /** To {@code target} if {@code jump(width, dst, src)}. */
        JUMP_REG,
        /** To {@code target} if {@code jump(width, dst, value)}. */
        JUMP_IMM,
        /**
         * To {@code target} if key {@code other} has {@code value}; with {@code inverse} if it has another. If not, what
         * {@code otherwise} says of the same site.
         */
        STATIC_JUMP,
        MAY_GOTO,
        /** To the slot that {@code dst} is the address of. */
        JUMP_INDIRECT,
        HELPER,
        /** The function of the kernel whose body has number {@code other}. */
        KERNEL,
        CALL,
        /** The function whose address is in {@code dst}. */
        CALL_INDIRECT,
        EXIT
    }

    final Kind kind;
    int dst;
    int src;
    int bytes;
    long value;
    long other;
    boolean inverse;
    int target;

    @Nullable
    Step otherwise;

    Width width = Width.W64;
    AluOp alu = AluOp.MOV;
    JumpOp jump = JumpOp.JEQ;
    SwapOp swap = SwapOp.LE;
    AtomicOp atomic = AtomicOp.ADD;
    HelperFunction helper = HelperFunction.MAP_LOOKUP_ELEM;

    Step(Kind kind) {
        this.kind = kind;
    }

    Step dst(Reg reg) {
        dst = reg.number();
        return this;
    }

    Step src(Reg reg) {
        src = reg.number();
        return this;
    }

    Step size(Size size) {
        bytes = size.bytes();
        return this;
    }

    Step value(long number) {
        value = number;
        return this;
    }

    Step target(int slot) {
        target = slot;
        return this;
    }

    Step width(Width chosen) {
        width = chosen;
        return this;
    }
}
