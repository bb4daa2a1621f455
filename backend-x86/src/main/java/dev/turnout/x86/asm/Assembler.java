package dev.turnout.x86.asm;

import dev.turnout.x86.isa.Arith;
import dev.turnout.x86.isa.Bare;
import dev.turnout.x86.isa.BitCount;
import dev.turnout.x86.isa.BitTest;
import dev.turnout.x86.isa.Branch;
import dev.turnout.x86.isa.Condition;
import dev.turnout.x86.isa.Conditional;
import dev.turnout.x86.isa.DoubleShift;
import dev.turnout.x86.isa.Encoding;
import dev.turnout.x86.isa.Exchange;
import dev.turnout.x86.isa.Extend;
import dev.turnout.x86.isa.Form;
import dev.turnout.x86.isa.Gpr;
import dev.turnout.x86.isa.Move;
import dev.turnout.x86.isa.Multiply;
import dev.turnout.x86.isa.OperandSize;
import dev.turnout.x86.isa.Shift;
import dev.turnout.x86.isa.Stack;
import dev.turnout.x86.isa.Swap;
import dev.turnout.x86.isa.Test;
import dev.turnout.x86.isa.Unary;
import dev.turnout.x86.isa.VexOp;
import org.jspecify.annotations.Nullable;

/**
 * Writes machine code. One method a shape of instruction; the operation is a row of its family, the destination stands first.
 * Immediates take the shortest encoding that means the same. Lives for one piece of code, in one thread.
 */
public final class Assembler {
    private final Code code;

    private Assembler(boolean listing) {
        code = new Code(listing);
    }

    /** Writes bytes only. */
    public Assembler() {
        this(false);
    }

    /** Writes a listing too, which costs several times as much. */
    public static Assembler listing() {
        return new Assembler(true);
    }

    // Moves.

    public void mov(OperandSize size, Gpr dst, Gpr src) {
        code.emit(Move.MOV_TO.encoding(), size, src, dst, 0);
    }

    /**
     * The 64-bit constant {@code value}, in the shortest move: 5 bytes where it fits 32 bits unsigned, 7 signed, else 10. The
     * flags stay; clearing by xor, which changes them, is the caller's choice.
     */
    public void movImm(Gpr dst, long value) {
        if (value == (value & 0xffff_ffffL)) {
            code.emit(Move.MOV_DWORD.encoding(), OperandSize.DWORD, null, dst, value);
        } else if (value == (int) value) {
            code.emit(Move.MOV_IMMEDIATE.encoding(), OperandSize.QWORD, null, dst, value);
        } else {
            code.emit(Move.MOVABS.encoding(), OperandSize.QWORD, null, dst, value);
        }
    }

    /** A 64-bit constant in ten bytes whatever its value; the label is that of its eight bytes. */
    public Label movImm64(Gpr dst, long value) {
        code.emit(Move.MOVABS.encoding(), OperandSize.QWORD, null, dst, value);
        return code.behind(-8);
    }

    /** The final address of {@code label}, relative to rip. */
    public void movAddress(Gpr dst, Label label) {
        lea(OperandSize.QWORD, dst, Mem.relative(label));
    }

    public void lea(OperandSize size, Gpr dst, Mem address) {
        code.emit(Move.LEA.encoding(), size, dst, address, 0);
    }

    /** Loads {@code size} bytes and leaves the bytes above, except that 32 bits clear the upper half. */
    public void load(OperandSize size, Gpr dst, Mem src) {
        code.emit(Move.MOV_FROM.encoding(), size, dst, src, 0);
    }

    public void store(OperandSize size, Mem dst, Gpr src) {
        code.emit(Move.MOV_TO.encoding(), size, src, dst, 0);
    }

    /** Stores the low {@code size} bytes of the constant; eight bytes of it are {@code value} with its sign. */
    public void store(OperandSize size, Mem dst, int value) {
        code.emit(Move.MOV_IMMEDIATE.encoding(), size, null, dst, value);
    }

    /** {@code dst} = {@code from} bytes of {@code src}, zero-extended to 64 bits. */
    public void zeroExtend(OperandSize from, Gpr dst, Gpr src) {
        switch (from) {
            case BYTE -> code.emit(Extend.ZERO_BYTE.rm(), OperandSize.DWORD, dst, src, 0);
            case WORD -> code.emit(Extend.ZERO_WORD.rm(), OperandSize.DWORD, dst, src, 0);
            case DWORD, QWORD -> mov(from, dst, src);
        }
    }

    /** {@code dst} = {@code from} bytes of memory, zero-extended to 64 bits. */
    public void loadZero(OperandSize from, Gpr dst, Mem src) {
        switch (from) {
            case BYTE -> code.emit(Extend.ZERO_BYTE.rm(), OperandSize.DWORD, dst, src, 0);
            case WORD -> code.emit(Extend.ZERO_WORD.rm(), OperandSize.DWORD, dst, src, 0);
            case DWORD, QWORD -> load(from, dst, src);
        }
    }

    /** {@code dst} = {@code from} bytes of {@code src} with their sign; to 32 bits the upper half becomes zero. */
    public void signExtend(OperandSize from, OperandSize to, Gpr dst, Gpr src) {
        if (from == to) {
            mov(to, dst, src);
        } else {
            code.emit(signed(from, to), to, dst, src, 0);
        }
    }

    /** {@code dst} = {@code from} bytes of memory with their sign; to 32 bits the upper half becomes zero. */
    public void loadSigned(OperandSize from, OperandSize to, Gpr dst, Mem src) {
        if (from == to) {
            load(to, dst, src);
        } else {
            code.emit(signed(from, to), to, dst, src, 0);
        }
    }

    private static Encoding signed(OperandSize from, OperandSize to) {
        return switch (from) {
            case BYTE -> Extend.SIGN_BYTE.rm();
            case WORD -> Extend.SIGN_WORD.rm();
            case DWORD -> Extend.SIGN_DWORD.rm();
            case QWORD -> throw new IllegalArgumentException("nothing to extend from QWORD to " + to);
        };
    }

    /** Loads with the bytes reversed. Needs MOVBE. */
    public void loadSwapped(OperandSize size, Gpr dst, Mem src) {
        code.emit(Move.MOVBE_FROM.encoding(), size, dst, src, 0);
    }

    /** Stores with the bytes reversed. Needs MOVBE. */
    public void storeSwapped(OperandSize size, Mem dst, Gpr src) {
        code.emit(Move.MOVBE_TO.encoding(), size, src, dst, 0);
    }

    public void cmov(Condition condition, OperandSize size, Gpr dst, Gpr src) {
        code.emit(Conditional.CMOVCC.on(condition), size, dst, src, 0);
    }

    public void cmov(Condition condition, OperandSize size, Gpr dst, Mem src) {
        code.emit(Conditional.CMOVCC.on(condition), size, dst, src, 0);
    }

    /** One byte, 0 or 1; the rest of the register stays. */
    public void set(Condition condition, Gpr dst) {
        code.emit(Conditional.SETCC.on(condition), OperandSize.BYTE, null, dst, 0);
    }

    public void set(Condition condition, Mem dst) {
        code.emit(Conditional.SETCC.on(condition), OperandSize.BYTE, null, dst, 0);
    }

    // Arithmetic.

    public void arith(Arith op, OperandSize size, Gpr dst, Gpr src) {
        code.emit(op.mr(), size, src, dst, 0);
    }

    public void arith(Arith op, OperandSize size, Gpr dst, Mem src) {
        code.emit(op.rm(), size, dst, src, 0);
    }

    public void arith(Arith op, OperandSize size, Mem dst, Gpr src) {
        code.emit(op.mr(), size, src, dst, 0);
    }

    /** The immediate is taken with its sign; of narrower operations its low bits count. */
    public void arith(Arith op, OperandSize size, Gpr dst, int immediate) {
        int value = Code.truncate(size, immediate);
        boolean small = size != OperandSize.BYTE && value == (byte) value;
        if (dst == Gpr.RAX && !small) {
            code.emit(op.ai(), size, null, dst, value);
        } else {
            code.emit(small ? op.mi8() : op.mi(), size, null, dst, value);
        }
    }

    public void arith(Arith op, OperandSize size, Mem dst, int immediate) {
        int value = Code.truncate(size, immediate);
        boolean small = size != OperandSize.BYTE && value == (byte) value;
        code.emit(small ? op.mi8() : op.mi(), size, null, dst, value);
    }

    public void test(OperandSize size, Gpr first, Gpr second) {
        code.emit(Test.TEST.mr(), size, second, first, 0);
    }

    public void test(OperandSize size, Mem first, Gpr second) {
        code.emit(Test.TEST.mr(), size, second, first, 0);
    }

    public void test(OperandSize size, Gpr first, int immediate) {
        int value = Code.truncate(size, immediate);
        code.emit(first == Gpr.RAX ? Test.TEST.ai() : Test.TEST.mi(), size, null, first, value);
    }

    public void test(OperandSize size, Mem first, int immediate) {
        code.emit(Test.TEST.mi(), size, null, first, Code.truncate(size, immediate));
    }

    public void imul(OperandSize size, Gpr dst, Gpr src) {
        code.emit(Multiply.IMUL.rm(), size, dst, src, 0);
    }

    public void imul(OperandSize size, Gpr dst, Mem src) {
        code.emit(Multiply.IMUL.rm(), size, dst, src, 0);
    }

    public void imul(OperandSize size, Gpr dst, Gpr src, int factor) {
        int value = Code.truncate(size, factor);
        code.emit(value == (byte) value ? Multiply.IMUL.rmi8() : Multiply.IMUL.rmi(), size, dst, src, value);
    }

    public void imul(OperandSize size, Gpr dst, Mem src, int factor) {
        int value = Code.truncate(size, factor);
        code.emit(value == (byte) value ? Multiply.IMUL.rmi8() : Multiply.IMUL.rmi(), size, dst, src, value);
    }

    public void unary(Unary op, OperandSize size, Gpr operand) {
        code.emit(op.m(), size, null, operand, 0);
    }

    public void unary(Unary op, OperandSize size, Mem operand) {
        code.emit(op.m(), size, null, operand, 0);
    }

    /** By a constant from 0 to 63; the processor takes it modulo the size. By 0 nothing changes, but an instruction is written. */
    public void shift(Shift op, OperandSize size, Gpr dst, int count) {
        code.emit(count == 1 ? op.byOne() : op.byImmediate(), size, null, dst, checkCount(count));
    }

    public void shift(Shift op, OperandSize size, Mem dst, int count) {
        code.emit(count == 1 ? op.byOne() : op.byImmediate(), size, null, dst, checkCount(count));
    }

    /** By the low bits of cl. */
    public void shiftCl(Shift op, OperandSize size, Gpr dst) {
        code.emit(op.byCl(), size, null, dst, 0);
    }

    public void shiftCl(Shift op, OperandSize size, Mem dst) {
        code.emit(op.byCl(), size, null, dst, 0);
    }

    /** Shifts {@code dst} and fills it from {@code src}. */
    public void shift(DoubleShift op, OperandSize size, Gpr dst, Gpr src, int count) {
        code.emit(op.byImmediate(), size, src, dst, checkCount(count));
    }

    public void shiftCl(DoubleShift op, OperandSize size, Gpr dst, Gpr src) {
        code.emit(op.byCl(), size, src, dst, 0);
    }

    private static int checkCount(int count) {
        if (count < 0 || count > 63) {
            throw new IllegalArgumentException("a shift by " + count);
        }
        return count;
    }

    public void bswap(OperandSize size, Gpr operand) {
        code.emit(Swap.BSWAP.o(), size, null, operand, 0);
    }

    public void bitTest(BitTest op, OperandSize size, Gpr operand, Gpr bit) {
        code.emit(op.mr(), size, bit, operand, 0);
    }

    /** {@code bit} from 0 to 63, modulo the size. */
    public void bitTest(BitTest op, OperandSize size, Gpr operand, int bit) {
        code.emit(op.mi(), size, null, operand, checkCount(bit));
    }

    public void bitTest(BitTest op, OperandSize size, Mem operand, int bit) {
        code.emit(op.mi(), size, null, operand, checkCount(bit));
    }

    public void bitCount(BitCount op, OperandSize size, Gpr dst, Gpr src) {
        code.emit(op.rm(), size, dst, src, 0);
    }

    public void bitCount(BitCount op, OperandSize size, Gpr dst, Mem src) {
        code.emit(op.rm(), size, dst, src, 0);
    }

    /** Three registers, in the order of the row's text: {@code shlx dst, source, count}; {@code andn dst, first, second}. */
    public void vex(VexOp op, OperandSize size, Gpr dst, Gpr first, Gpr second) {
        boolean countInVex = op.encoding().form() == Form.RMV;
        code.emit(op.encoding(), size, dst, countInVex ? first : second, countInVex ? second : first, 0);
    }

    /** A shift of memory by a register: {@code shlx dst, [source], count}. */
    public void vex(VexOp op, OperandSize size, Gpr dst, Mem source, Gpr count) {
        code.emit(op.encoding(), size, dst, source, count, 0);
    }

    /** {@code andn dst, first, [second]}. */
    public void vex(VexOp op, OperandSize size, Gpr dst, Gpr first, Mem second) {
        code.emit(op.encoding(), size, dst, second, first, 0);
    }

    /** Rotates right by a constant, flags untouched. */
    public void rorx(OperandSize size, Gpr dst, Gpr src, int count) {
        code.emit(VexOp.RORX.encoding(), size, dst, src, checkCount(count));
    }

    public void rorx(OperandSize size, Gpr dst, Mem src, int count) {
        code.emit(VexOp.RORX.encoding(), size, dst, src, checkCount(count));
    }

    /** blsr, blsmsk, blsi. */
    public void vex(VexOp op, OperandSize size, Gpr dst, Gpr src) {
        code.emit(op.encoding(), size, null, src, dst, 0);
    }

    // Atomic operations on memory.

    /** All but cmp, which writes no memory. */
    public void lock(Arith op, OperandSize size, Mem dst, Gpr src) {
        if (op == Arith.CMP) {
            throw new IllegalArgumentException("cmp writes no memory to lock");
        }
        code.lock();
        code.emit(op.mr(), size, src, dst, 0);
    }

    /** inc, dec, neg, not. */
    public void lock(Unary op, OperandSize size, Mem place) {
        switch (op) {
            case INC, DEC, NEG, NOT -> {
                code.lock();
                code.emit(op.m(), size, null, place, 0);
            }
            case MUL, IMUL, DIV, IDIV ->
                throw new IllegalArgumentException(op.mnemonic() + " writes no memory to lock");
        }
    }

    /** The bit as it was, into the carry; {@code bit} from 0 to 63, modulo the size. */
    public void lock(BitTest op, OperandSize size, Mem place, int bit) {
        if (op == BitTest.BT) {
            throw new IllegalArgumentException("bt writes no memory to lock");
        }
        code.lock();
        code.emit(op.mi(), size, null, place, checkCount(bit));
    }

    /** Exchanges register and memory, atomically; cmpxchg compares with rax. */
    public void lock(Exchange op, OperandSize size, Mem place, Gpr operand) {
        if (op != Exchange.XCHG) {
            code.lock();
        }
        code.emit(op.mr(), size, operand, place, 0);
    }

    public void exchange(Exchange op, OperandSize size, Gpr first, Gpr second) {
        code.emit(op.mr(), size, second, first, 0);
    }

    // Control.

    /** A jump, which is there even if it leads to the next instruction. */
    public void jump(Label target) {
        code.jump(Sites.JUMP, target);
    }

    /** Control goes on at {@code target}: nothing if that is the next instruction, else a jump. */
    public void continueAt(Label target) {
        code.jump(Sites.CONTINUE, target);
    }

    public void jump(Condition condition, Label target) {
        code.jump(condition.code(), target);
    }

    public void jump(Gpr target) {
        code.emit(Branch.JMP_INDIRECT.encoding(), OperandSize.QWORD, null, target, 0);
    }

    /** To the address in memory. */
    public void jump(Mem target) {
        code.emit(Branch.JMP_INDIRECT.encoding(), OperandSize.QWORD, null, target, 0);
    }

    public void call(Label target) {
        code.distant(Branch.CALL.encoding(), target);
    }

    /**
     * A call of a place outside of this code; the label is that of its distance, 32 bits that are zero until whoever gives the
     * code an address fills them in.
     */
    public Label callOutside() {
        return code.outside(Branch.CALL.encoding());
    }

    public void call(Gpr target) {
        code.emit(Branch.CALL_INDIRECT.encoding(), OperandSize.QWORD, null, target, 0);
    }

    /** The function whose address lies in memory. */
    public void call(Mem target) {
        code.emit(Branch.CALL_INDIRECT.encoding(), OperandSize.QWORD, null, target, 0);
    }

    public void push(Gpr register) {
        code.emit(Stack.PUSH.encoding(), OperandSize.QWORD, null, register, 0);
    }

    public void push(Mem src) {
        code.emit(Stack.PUSH_MEMORY.encoding(), OperandSize.QWORD, null, src, 0);
    }

    /** Eight bytes: {@code value} with its sign. */
    public void push(int value) {
        code.immediate((value == (byte) value ? Stack.PUSH_BYTE : Stack.PUSH_DWORD).encoding(), value);
    }

    public void pop(Gpr register) {
        code.emit(Stack.POP.encoding(), OperandSize.QWORD, null, register, 0);
    }

    public void pop(Mem dst) {
        code.emit(Stack.POP_MEMORY.encoding(), OperandSize.QWORD, null, dst, 0);
    }

    /** An instruction without operands: {@code bare(Bare.RET)}. */
    public void bare(Bare op) {
        code.bare(op.encoding());
    }

    // Places and data.

    /** Places {@code label} here. */
    public void place(Label label) {
        code.place(label);
    }

    /** A label that is placed here: a position that stays right when the code's layout is decided. */
    public Label here() {
        return code.behind(0);
    }

    /** The number of bytes so far with each jump at its shortest: a lower bound, for estimates. */
    public int position() {
        return code.position();
    }

    /** Padding to a multiple of {@code bytes}, a power of two up to 64, in as few instructions as can be. */
    public void align(int bytes) {
        code.align(bytes);
    }

    /** Exactly {@code bytes} that do nothing, in as few instructions as can be. */
    public void nop(int bytes) {
        code.nop(bytes);
    }

    /**
     * A static branch's cell: eight aligned bytes, which one store of eight bytes turns from one way to the other. Its words are
     * {@link BranchCell#passing} and {@link BranchCell#jumping}.
     *
     * @param target where it jumps; to go on behind the cell, null
     */
    public Label cell(BranchCell form, @Nullable Label target) {
        code.align(BranchCell.SIZE);
        Label cell = here();
        switch (form) {
            case NOP_OR_JUMP -> {
                if (target == null) {
                    code.nop(8);
                } else {
                    code.distant(Branch.JMP.encoding(), target);
                    code.nop(3);
                }
            }
            case DISTANCE -> {
                Label behind = new Label();
                code.nop(3);
                code.distant(Branch.JMP.encoding(), target == null ? behind : target);
                code.place(behind);
            }
        }
        return cell;
    }

    /** Eight bytes of data. */
    public void quad(long value) {
        code.quad(value);
    }

    /** Eight bytes that will hold the address of {@code label}; see {@link AssembledCode#absolutes}. */
    public void quad(Label label) {
        code.quad(label);
    }

    /** Raw bytes. */
    public void bytes(byte... values) {
        code.bytes(values);
    }

    /** Decides the layout and returns the code. The assembler has done its work then and refuses more. */
    public AssembledCode finish() {
        return code.finish();
    }
}
