package dev.turnout.bpf.asm;

import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.Code;
import dev.turnout.ir.model.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Instructions to words: opcode, registers (destination in the low nibble), 16-bit offset, 32-bit immediate, little endian.
 * RFC 9669, section 3. An instruction that no word can hold is our own mistake and throws.
 */
public final class Encoder {
    private Encoder() {}

    /** All of the code, eight bytes a slot. */
    public static ByteString encode(Code code) {
        ByteBuffer out = ByteBuffer.allocate(Math.multiplyExact(code.size(), 8)).order(ByteOrder.LITTLE_ENDIAN);
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            Insn insn = code.at(slot);
            out.putLong(word(insn));
            if (insn instanceof Insn.Wide wide) {
                out.putLong(secondWord(wide));
            }
        }
        return ByteString.copyOf(out.array());
    }

    /** The second slot of a wide load: all zero but for the upper half of the constant. */
    public static long secondWord(Insn.Wide wide) {
        return (long) wide.high() << 32;
    }

    /** The (first) slot of an instruction. */
    public static long word(Insn insn) {
        return switch (insn) {
            case Insn.Alu alu -> alu(alu);
            case Insn.Neg(Width width, Reg dst) -> word(width == Width.W64 ? 0x87 : 0x84, dst, 0, 0, 0);
            case Insn.Swap swap -> word(swap.op().opcode(), swap.dst(), 0, 0, swap.bits());
            case Insn.CastSpace cast -> word(0xbf, cast.dst(), cast.src().number(), 1, cast.spaces());
            case Insn.Wide wide -> word(0x18, wide.dst(), wide.kind().code(), 0, wide.low());
            case Insn.Load load ->
                word(
                        (load.signed() ? 0x81 : 0x61) | load.size().code(),
                        load.dst(),
                        load.base().number(),
                        load.offset(),
                        0);
            case Insn.Store store ->
                switch (store.value()) {
                    case Operand.Register(Reg value) ->
                        word(0x63 | store.size().code(), store.base(), value.number(), store.offset(), 0);
                    case Operand.Immediate(int value) ->
                        word(0x62 | store.size().code(), store.base(), 0, store.offset(), value);
                };
            case Insn.Atomic atomic -> atomic(atomic);
            case Insn.PacketLoad load ->
                word(
                        (load.indexed() ? 0x40 : 0x20) | load.size().code(),
                        Reg.R0,
                        load.indexed() ? load.index().number() : 0,
                        0,
                        load.imm());
            case Insn.Jump(boolean far, int distance) -> jump(far, 0, distance);
            case Insn.StaticJump(boolean far, boolean nop, int distance) -> jump(far, nop ? 3 : 1, distance);
            case Insn.JumpIf jump -> jumpIf(jump);
            case Insn.MayGoto(int distance) -> word(0xe5, Reg.R0, 0, distance, 0);
            case Insn.JumpIndirect(Reg target) -> word(0x0d, target, 0, 0, 0);
            case Insn.CallHelper(int id) -> word(0x85, Reg.R0, 0, 0, id);
            case Insn.CallLocal(int distance) -> word(0x85, Reg.R0, 1, 0, distance);
            case Insn.CallKernel(int btfId, int module) -> word(0x85, Reg.R0, 2, module, btfId);
            case Insn.CallIndirect(Reg target) -> word(0x8d, target, 0, 0, 0);
            case Insn.Exit _ -> word(0x95, Reg.R0, 0, 0, 0);
        };
    }

    private static long alu(Insn.Alu alu) {
        int opcode = alu.op().code() | (alu.width() == Width.W64 ? 0x07 : 0x04);
        return switch (alu.src()) {
            case Operand.Register(Reg src) ->
                word(opcode | 0x08, alu.dst(), src.number(), alu.op().offset(), 0);
            case Operand.Immediate(int value) -> {
                if (alu.op().isSignExtension()) {
                    throw new IllegalArgumentException(alu + ": a sign-extending move takes a register");
                }
                yield word(opcode, alu.dst(), 0, alu.op().offset(), value);
            }
        };
    }

    private static long atomic(Insn.Atomic atomic) {
        boolean loads = atomic.op() == AtomicOp.LOAD_ACQUIRE;
        Reg dst = loads ? atomic.value() : atomic.base();
        Reg src = loads ? atomic.base() : atomic.value();
        return word(
                0xc3 | atomic.size().code(),
                dst,
                src.number(),
                atomic.offset(),
                atomic.op().code());
    }

    private static long jump(boolean far, int src, int distance) {
        return far ? word(0x06, Reg.R0, src, 0, distance) : word(0x05, Reg.R0, src, distance, 0);
    }

    private static long jumpIf(Insn.JumpIf jump) {
        int opcode = jump.op().code() | (jump.width() == Width.W64 ? 0x05 : 0x06);
        return switch (jump.src()) {
            case Operand.Register(Reg src) -> word(opcode | 0x08, jump.dst(), src.number(), jump.distance(), 0);
            case Operand.Immediate(int value) -> word(opcode, jump.dst(), 0, jump.distance(), value);
        };
    }

    private static long word(int opcode, Reg dst, int src, int offset, int immediate) {
        if (dst == Reg.AX || src == Reg.AX.number()) {
            throw new IllegalArgumentException("no instruction word names the hidden register");
        }
        if (offset != (short) offset) {
            throw new IllegalArgumentException("offset " + offset + " does not fit 16 bits");
        }
        return opcode | dst.number() << 8 | src << 12 | (offset & 0xffffL) << 16 | (long) immediate << 32;
    }
}
