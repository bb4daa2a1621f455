package dev.turnout.bpf.select;

import static dev.turnout.bpf.isa.Width.W32;
import static dev.turnout.bpf.isa.Width.W64;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.SwapOp;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.machine.MachineInsn;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.UnaryOp;
import dev.turnout.ir.model.Value;
import org.jspecify.annotations.Nullable;

/** Numbers from numbers: two-address forms, immediates, 32-bit forms, and what cpu v3 lacks. */
final class ArithmeticSelection {
    private final ValueRegisters values;

    ArithmeticSelection(ValueRegisters values) {
        this.values = values;
    }

    void unary(Value result, Operation.Unary unary) {
        int bits = ValueRegisters.bits(unary.a());
        if (unary.op() == UnaryOp.BSWAP
                && values.uses.definition(unary.a()) instanceof Operation.Load load
                && load.order() == ByteOrder.BIG
                && values.uses.onlySwapped(values.uses.root(unary.a()))) {
            values.rename(result, unary.a());
            return;
        }
        int dst = values.out.newRegister();
        values.into(unary.a(), dst);
        switch (unary.op()) {
            case NEG -> values.emit(new MachineInsn.Negate(ValueRegisters.width(result), dst));
            case NOT ->
                values.emit(new MachineInsn.AluImmediate(
                        AluOp.XOR, ValueRegisters.width(result), dst, bits >= 32 ? -1 : (1 << bits) - 1));
            case BSWAP -> values.emit(new MachineInsn.Swap(SwapOp.BE, bits, dst));
        }
        values.define(result, dst, KnownBits.after(unary.op(), bits, values.known(unary.a())));
    }

    void binary(Value result, Operation.Binary binary) {
        if (values.uses.onlyTestedForZero(result, binary)) {
            return;
        }
        BinaryOp op = binary.op();
        Value a = binary.a();
        Value b = binary.b();
        if (op.commutative()
                && values.uses.constant(b) == null
                && (values.uses.constant(a) != null || values.uses.prefersSecond(result, a, b))) {
            a = binary.b();
            b = binary.a();
        }
        Operation.Const constant = values.uses.constant(b);
        int bits = ValueRegisters.bits(a);
        int known = KnownBits.after(
                op, bits, values.known(a), values.known(b), constant == null ? -1 : constant.value(), constant != null);
        int dst = values.out.newRegister();
        switch (op) {
            case ADD, SUB, MUL, AND, OR, XOR, UDIV, UREM -> {
                values.into(a, dst);
                if (constant == null || !immediate(op, bits, dst, constant.value())) {
                    arithmetic(op, ValueRegisters.width(result), dst, values.reg(b));
                }
            }
            case SHL, LSHR -> {
                values.into(a, dst);
                shift(op == BinaryOp.SHL ? AluOp.LSH : AluOp.RSH, bits, dst, b, constant);
            }
            case ASHR -> {
                signExtended(a, bits < 32 ? 32 : bits, dst);
                shift(AluOp.ARSH, bits, dst, b, constant);
            }
            case SDIV, SREM -> {
                int wide = Math.max(32, bits);
                signExtended(a, wide, dst);
                int divisor = bits < 32 ? values.out.newRegister() : values.reg(b);
                if (bits < 32) {
                    signExtended(b, wide, divisor);
                }
                divideSigned(op == BinaryOp.SDIV, ValueRegisters.width(result), dst, divisor);
            }
        }
        values.define(result, dst, known);
    }

    void arithmetic(BinaryOp op, Width width, int dst, int src) {
        AluOp alu = switch (op) {
            case ADD -> AluOp.ADD;
            case SUB -> AluOp.SUB;
            case MUL -> AluOp.MUL;
            case AND -> AluOp.AND;
            case OR -> AluOp.OR;
            case XOR -> AluOp.XOR;
            case UDIV -> AluOp.DIV;
            case UREM -> AluOp.MOD;
            case SHL, LSHR, ASHR, SDIV, SREM -> throw new IllegalStateException(op.word());
        };
        values.emit(new MachineInsn.Alu(alu, width, dst, src));
    }

    /** Computes with a constant in the instruction; whether there is such a form. */
    boolean immediate(BinaryOp op, int bits, int dst, long value) {
        Width width = bits == 64 ? W64 : W32;
        boolean power = Long.bitCount(value) == 1;
        int log = Long.numberOfTrailingZeros(value);
        if (op == BinaryOp.AND && bits == 64 && value >>> 32 == 0) {
            // The 32-bit form clears the upper half by itself.
            if (value == 0xffff_ffffL) {
                values.emit(new MachineInsn.Alu(AluOp.MOV, W32, dst, dst));
            } else {
                values.emit(new MachineInsn.AluImmediate(AluOp.AND, W32, dst, (int) value));
            }
            return true;
        }
        if (power && op == BinaryOp.MUL) {
            values.emit(new MachineInsn.AluImmediate(AluOp.LSH, width, dst, log));
            return true;
        }
        if (power && op == BinaryOp.UDIV) {
            values.emit(new MachineInsn.AluImmediate(AluOp.RSH, width, dst, log));
            return true;
        }
        if (power && op == BinaryOp.UREM && (width == W32 || ValueRegisters.fits(value - 1))) {
            values.emit(new MachineInsn.AluImmediate(AluOp.AND, width, dst, (int) (value - 1)));
            return true;
        }
        if (width == W64 && !ValueRegisters.fits(value)) {
            return false;
        }
        int small = (int) value;
        switch (op) {
            case ADD -> values.emit(new MachineInsn.AluImmediate(AluOp.ADD, width, dst, small));
            case SUB -> {
                if (small == Integer.MIN_VALUE && width == W64) {
                    values.emit(new MachineInsn.AluImmediate(AluOp.SUB, width, dst, small));
                } else {
                    values.emit(new MachineInsn.AluImmediate(AluOp.ADD, width, dst, -small));
                }
            }
            case MUL -> values.emit(new MachineInsn.AluImmediate(AluOp.MUL, width, dst, small));
            case AND -> values.emit(new MachineInsn.AluImmediate(AluOp.AND, width, dst, small));
            case OR -> values.emit(new MachineInsn.AluImmediate(AluOp.OR, width, dst, small));
            case XOR -> values.emit(new MachineInsn.AluImmediate(AluOp.XOR, width, dst, small));
            // By a constant zero is refused by Linux; in a register its meaning is defined.
            case UDIV, UREM -> {
                if (small == 0) {
                    return false;
                }
                values.emit(
                        new MachineInsn.AluImmediate(op == BinaryOp.UDIV ? AluOp.DIV : AluOp.MOD, width, dst, small));
            }
            case SHL, LSHR, ASHR, SDIV, SREM -> throw new IllegalStateException(op.word());
        }
        return true;
    }

    void shift(AluOp op, int bits, int dst, Value count, Operation.@Nullable Const constant) {
        Width width = bits == 64 ? W64 : W32;
        if (constant != null) {
            values.emit(new MachineInsn.AluImmediate(op, width, dst, (int) (constant.value() & (bits - 1))));
            return;
        }
        int by = values.reg(count);
        if (bits < 32 && values.known(count) > KnownBits.of(bits - 1)) {
            int masked = values.out.newRegister();
            values.into(count, masked);
            values.emit(new MachineInsn.AluImmediate(AluOp.AND, W32, masked, bits - 1));
            by = masked;
        }
        values.emit(new MachineInsn.Alu(op, width, dst, by));
    }

    /** Puts {@code value} with its sign into {@code dst}, as a number of 32 or 64 bits. */
    void signExtended(Value value, int to, int dst) {
        int from = ValueRegisters.bits(value);
        Operation.Const constant = values.uses.constant(value);
        if (constant != null) {
            long number = constant.type().signed(constant.value());
            values.emit(new MachineInsn.Constant(dst, to == 32 ? number & 0xffff_ffffL : number));
            return;
        }
        if (from >= to) {
            values.into(value, dst);
            return;
        }
        Width width = to == 64 ? W64 : W32;
        if (from == 1) {
            values.into(value, dst);
            values.emit(new MachineInsn.Negate(width, dst));
        } else if (values.v4()) {
            AluOp op = from == 8 ? AluOp.MOVSX8 : from == 16 ? AluOp.MOVSX16 : AluOp.MOVSX32;
            values.emit(new MachineInsn.Alu(op, width, dst, values.reg(value)));
        } else {
            values.into(value, dst);
            values.emit(new MachineInsn.AluImmediate(AluOp.LSH, width, dst, to - from));
            values.emit(new MachineInsn.AluImmediate(AluOp.ARSH, width, dst, to - from));
        }
    }

    /**
     * Signed division. Before cpu v4 from the unsigned one: with {@code s} the sign as 0 or -1, {@code (x ^ s) - s} is the
     * magnitude, and the same formula puts a sign back. The minimum by -1 comes out as the minimum, by 0 as BPF says.
     */
    void divideSigned(boolean quotient, Width width, int dst, int divisor) {
        if (values.v4()) {
            values.emit(new MachineInsn.Alu(quotient ? AluOp.SDIV : AluOp.SMOD, width, dst, divisor));
            return;
        }
        int sign = values.out.newRegister();
        int divisorSign = values.out.newRegister();
        int magnitude = values.out.newRegister();
        int last = width.bits() - 1;
        values.emit(new MachineInsn.Move(sign, dst));
        values.emit(new MachineInsn.AluImmediate(AluOp.ARSH, width, sign, last));
        values.emit(new MachineInsn.Move(divisorSign, divisor));
        values.emit(new MachineInsn.AluImmediate(AluOp.ARSH, width, divisorSign, last));
        values.emit(new MachineInsn.Move(magnitude, divisor));
        values.emit(new MachineInsn.Alu(AluOp.XOR, width, magnitude, divisorSign));
        values.emit(new MachineInsn.Alu(AluOp.SUB, width, magnitude, divisorSign));
        values.emit(new MachineInsn.Alu(AluOp.XOR, width, dst, sign));
        values.emit(new MachineInsn.Alu(AluOp.SUB, width, dst, sign));
        values.emit(new MachineInsn.Alu(quotient ? AluOp.DIV : AluOp.MOD, width, dst, magnitude));
        if (quotient) {
            values.emit(new MachineInsn.Alu(AluOp.XOR, width, sign, divisorSign));
        }
        values.emit(new MachineInsn.Alu(AluOp.XOR, width, dst, sign));
        values.emit(new MachineInsn.Alu(AluOp.SUB, width, dst, sign));
    }

    void convert(Value result, Operation.Convert convert) {
        Value a = convert.a();
        switch (convert.op()) {
            case TRUNC -> values.rename(result, a);
            // Its operand is exposed, so clear above its width.
            case ZEXT -> values.rename(result, a);
            case SEXT -> {
                if (values.uses.definition(a) instanceof Operation.Load load
                        && values.isSignedLoad(values.uses.root(a), load)) {
                    values.register[result.index()] = values.reg(a);
                    values.significant[result.index()] = 64;
                    if (values.uses.isExposed(result) && convert.type().bits() < 64) {
                        int dst = values.out.newRegister();
                        values.clear(dst, values.reg(a), convert.type().bits());
                        values.register[result.index()] = dst;
                        values.significant[result.index()] = convert.type().bits();
                    }
                    return;
                }
                int dst = values.out.newRegister();
                int to = convert.type().bits() == 64 ? 64 : 32;
                signExtended(a, to, dst);
                values.define(result, dst, to);
            }
        }
    }
}
