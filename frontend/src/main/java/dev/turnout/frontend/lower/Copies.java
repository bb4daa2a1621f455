package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.Type;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.program.PacketAccess;

/**
 * Whole values from place to place, with the widest loads and stores that are aligned; a loop once unrolling would make
 * more than {@link #UNROLLED} bytes of it. BPF has no instruction for it, and no helper that every program may call.
 */
final class Copies {
    /** Bytes up to which copies are straight code: 64 moves of 8 bytes, as many as LLVM unrolls. */
    static final int UNROLLED = 512;

    private final FunctionBuilder code;
    private final Memory memory;
    private final PacketAccess packets;

    Copies(FunctionBuilder code, PacketAccess packets) {
        this.code = code;
        this.packets = packets;
        this.memory = new Memory(code, this);
    }

    /** The loads and stores that go with these copies. */
    Memory memory() {
        return memory;
    }

    /**
     * Copies a value. Out of memory that others may have written its padding does not come along: keys and values must
     * compare equal when their fields do.
     */
    void copy(Type type, Address from, Address to) {
        if (type instanceof Type.Cursor) {
            copyCursor(from, to);
            return;
        }
        if (type instanceof Type.Slice) {
            for (Slices.Word word : Slices.Word.values()) {
                code.store(
                        to.base(),
                        (int) to.offset() + word.offset(),
                        code.load(word.type(), from.base(), (int) from.offset() + word.offset()));
            }
            return;
        }
        copyBytes(Shape.size(type), from, to);
        if (from.region() != Region.STACK) {
            for (Padding.Gap gap : Padding.of(type)) {
                zero(gap.size(), to.plus(gap.offset()));
            }
        }
    }

    /** Word by word with the types of the words: two pointers and a number. */
    private void copyCursor(Address from, Address to) {
        for (Cursors.Word word : Cursors.Word.values()) {
            Value value = code.load(word.type(packets), from.base(), (int) from.offset() + word.offset());
            code.store(to.base(), (int) to.offset() + word.offset(), value);
        }
    }

    private void copyBytes(int size, Address from, Address to) {
        if (size > UNROLLED) {
            loop(
                    size,
                    (done, width) -> memory.storeNumber(
                            indexed(to, done),
                            memory.loadNumber(width, indexed(from, done), ByteOrder.LITTLE),
                            ByteOrder.LITTLE));
            return;
        }
        for (int done = 0; done < size; ) {
            Address source = from.plus(done);
            Address target = to.plus(done);
            int bytes = Math.min(source.widest(size - done), target.widest(size - done));
            Value chunk = memory.loadNumber(new Int(bytes * 8), source, ByteOrder.LITTLE);
            memory.storeNumber(target, chunk, ByteOrder.LITTLE);
            done += bytes;
        }
    }

    /** Clears bytes. */
    void zero(int size, Address to) {
        if (size > UNROLLED) {
            loop(
                    size,
                    (done, width) -> memory.storeNumber(indexed(to, done), code.constant(width, 0), ByteOrder.LITTLE));
            return;
        }
        store(ByteString.zeros(size), to);
    }

    /** Stores bytes that are known. */
    void store(ByteString bytes, Address to) {
        for (int done = 0; done < bytes.size(); ) {
            Address target = to.plus(done);
            int width = target.widest(bytes.size() - done);
            memory.storeNumber(target, code.constant(new Int(width * 8), number(bytes, done, width)), ByteOrder.LITTLE);
            done += width;
        }
    }

    /** The little-endian number in {@code width} bytes from {@code from} on. */
    static long number(ByteString bytes, int from, int width) {
        long number = 0;
        for (int i = width - 1; i >= 0; i--) {
            number = (number << 8) | (bytes.at(from + i) & 0xff);
        }
        return number;
    }

    /** What a loop does with {@code width} at byte {@code done}, an i64. */
    private interface Step {
        void at(Value done, Int width);
    }

    /** Eight bytes a round while they last, then the rest; the bound is a constant, which every verifier sees. */
    private void loop(int size, Step step) {
        int words = size / 8 * 8;
        Label head = code.newBlock(Int.I64);
        Label body = code.newBlock();
        Label done = code.newBlock();
        Value at = code.parameter(head, 0);
        code.jump(head, code.constant(Int.I64, 0));
        code.switchTo(head);
        code.branch(code.compare(CompareOp.ULT, at, code.constant(Int.I64, words)), body, done);
        code.switchTo(body);
        step.at(at, Int.I64);
        code.jump(head, code.binary(BinaryOp.ADD, at, code.constant(Int.I64, 8)));
        code.switchTo(done);
        for (int i = words; i < size; i++) {
            step.at(code.constant(Int.I64, i), Int.I8);
        }
    }

    private Address indexed(Address base, Value index) {
        Value pointer = code.emit(new Operation.Offset(memory.pointer(base), index));
        return new Address(pointer, 0, base.widest(8));
    }
}
