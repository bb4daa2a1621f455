package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;

/** Hash and checksum over the bytes of a value, as straight code: the length is known from the type. */
final class Checksums {
    private final FunctionLowering fn;
    private final FunctionBuilder code;

    Checksums(FunctionLowering fn) {
        this.fn = fn;
        this.code = fn.code;
    }

    private static int size(TypedExpr reference) {
        return Shape.size(((Type.Ref) reference.type()).to());
    }

    /**
     * Bob Jenkins' lookup3 ({@code hashlittle}, 2006, public domain) in the variant of the kernel: twelve
     * bytes a round, the rest padded with zeros.
     */
    Value jenkins(Builtin.JenkinsHash hash) {
        Address at = Address.of(fn.expressions.value(hash.target()));
        Value seed = fn.expressions.value(hash.seed());
        fn.at(hash.span());
        int size = size(hash.target());
        Value start = code.binary(BinaryOp.ADD, seed, word(0xdeadbeefL + size));
        Mix mix = new Mix(start, start, start);
        int done = 0;
        for (; size - done > 12; done += 12) {
            mix = new Mix(
                    add(mix.a, word(at.plus(done), 4)),
                    add(mix.b, word(at.plus(done + 4L), 4)),
                    add(mix.c, word(at.plus(done + 8L), 4)));
            mix = mix(mix);
        }
        int left = size - done;
        if (left == 0) {
            return mix.c;
        }
        return last(new Mix(
                add(mix.a, word(at.plus(done), Math.min(4, left))),
                left > 4 ? add(mix.b, word(at.plus(done + 4L), Math.min(4, left - 4))) : mix.b,
                left > 8 ? add(mix.c, word(at.plus(done + 8L), left - 8)) : mix.c));
    }

    private record Mix(Value a, Value b, Value c) {}

    private Mix mix(Mix from) {
        Value a = xor(sub(from.a, from.c), turn(from.c, 4));
        Value c = add(from.c, from.b);
        Value b = xor(sub(from.b, a), turn(a, 6));
        a = add(a, c);
        c = xor(sub(c, b), turn(b, 8));
        b = add(b, a);
        a = xor(sub(a, c), turn(c, 16));
        c = add(c, b);
        b = xor(sub(b, a), turn(a, 19));
        a = add(a, c);
        c = xor(sub(c, b), turn(b, 4));
        b = add(b, a);
        return new Mix(a, b, c);
    }

    private Value last(Mix from) {
        Value c = sub(xor(from.c, from.b), turn(from.b, 14));
        Value a = sub(xor(from.a, c), turn(c, 11));
        Value b = sub(xor(from.b, a), turn(a, 25));
        c = sub(xor(c, b), turn(b, 16));
        a = sub(xor(a, c), turn(c, 4));
        b = sub(xor(b, a), turn(a, 14));
        return sub(xor(c, b), turn(b, 24));
    }

    /** Up to four bytes, the first one lowest. */
    private Value word(Address at, int bytes) {
        if (bytes == 4) {
            return fn.memory.loadNumber(Int.I32, at, ByteOrder.LITTLE);
        }
        Value all = word(0);
        for (int i = 0; i < bytes; i++) {
            Value one = code.resize(fn.memory.loadNumber(Int.I8, at.plus(i), ByteOrder.LITTLE), Int.I32);
            all = code.binary(BinaryOp.OR, all, code.binary(BinaryOp.SHL, one, word(8L * i)));
        }
        return all;
    }

    private Value word(long value) {
        return code.constant(Int.I32, value);
    }

    private Value add(Value a, Value b) {
        return code.binary(BinaryOp.ADD, a, b);
    }

    private Value sub(Value a, Value b) {
        return code.binary(BinaryOp.SUB, a, b);
    }

    private Value xor(Value a, Value b) {
        return code.binary(BinaryOp.XOR, a, b);
    }

    private Value turn(Value a, int by) {
        return code.binary(
                BinaryOp.OR, code.binary(BinaryOp.SHL, a, word(by)), code.binary(BinaryOp.LSHR, a, word(32 - by)));
    }

    /**
     * The ones' complement sum of RFC 1071. Sums of 16-bit words fit 64 bits for any length that a type can have, so the
     * carries are folded in once, at the end.
     */
    Value sum(Builtin.ChecksumSum checksum) {
        Address at = Address.of(fn.expressions.value(checksum.target()));
        fn.at(checksum.span());
        int size = size(checksum.target());
        int words = size / 2 * 2;
        Value sum = words <= Copies.UNROLLED ? straight(at, words) : loop(at, words);
        if (words < size) {
            Value last = code.resize(fn.memory.loadNumber(Int.I8, at.plus(words), ByteOrder.LITTLE), Int.I64);
            sum = add(sum, code.binary(BinaryOp.SHL, last, code.constant(Int.I64, 8)));
        }
        // At most 2^32 words of 16 bits: 48 bits, then 33, then 18, then 17, then 16. Two words already need one fold.
        int folds = size <= 2 ? 0 : size <= 0x10000 ? 2 : 4;
        for (int i = 0; i < folds; i++) {
            sum = add(
                    code.binary(BinaryOp.AND, sum, code.constant(Int.I64, 0xffff)),
                    code.binary(BinaryOp.LSHR, sum, code.constant(Int.I64, 16)));
        }
        return code.resize(sum, Int.I16);
    }

    private Value straight(Address at, int words) {
        Value sum = code.constant(Int.I64, 0);
        for (int i = 0; i < words; i += 2) {
            sum = add(sum, number(at.plus(i)));
        }
        return sum;
    }

    private Value number(Address at) {
        return code.resize(fn.memory.loadNumber(Int.I16, at, ByteOrder.BIG), Int.I64);
    }

    private Value loop(Address at, int words) {
        Label head = code.newBlock(Int.I64, Int.I64);
        Label body = code.newBlock();
        Label done = code.newBlock();
        Value index = code.parameter(head, 0);
        Value sum = code.parameter(head, 1);
        code.jump(head, code.constant(Int.I64, 0), code.constant(Int.I64, 0));
        code.switchTo(head);
        code.branch(code.compare(CompareOp.ULT, index, code.constant(Int.I64, words)), body, done);
        code.switchTo(body);
        Value here = code.emit(new Operation.Offset(fn.memory.pointer(at), index));
        Value next = code.binary(BinaryOp.ADD, index, code.constant(Int.I64, 2));
        code.jump(head, next, add(sum, number(new Address(here, 0, 2))));
        code.switchTo(done);
        return sum;
    }
}
