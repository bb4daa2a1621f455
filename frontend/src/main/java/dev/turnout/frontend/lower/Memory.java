package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.Type;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;

/**
 * Loads and stores of typed values. A {@code bool} is a byte in memory and true if it is not 0, whoever wrote it; a nullable
 * number is the number and, behind it, a byte that says whether it is there.
 */
final class Memory {
    private final FunctionBuilder code;
    private final Copies copies;

    Memory(FunctionBuilder code, Copies copies) {
        this.code = code;
        this.copies = copies;
    }

    /** The value at {@code at}; of what lives in memory, that place itself. */
    Operand load(Type type, Address at) {
        return switch (Shape.of(type)) {
            case NOTHING -> Operand.Nothing.NOTHING;
            case SCALAR -> new Operand.Scalar(loadScalar(type, at));
            case PAIR -> {
                Type.Maybe maybe = (Type.Maybe) type;
                Value present = loadBool(presence(maybe, at));
                yield new Operand.Pair(loadScalar(maybe.of(), at), present);
            }
            case MEMORY -> new Operand.InMemory(at);
        };
    }

    /** Stores a value; what lives in memory is copied. */
    void store(Type type, Address at, Operand operand) {
        switch (operand) {
            case Operand.Nothing _ -> {}
            case Operand.Scalar scalar -> storeScalar(at, scalar.value());
            case Operand.Pair pair -> {
                storeScalar(at, pair.value());
                storeScalar(presence((Type.Maybe) type, at), pair.present());
            }
            case Operand.InMemory memory -> copies.copy(type, memory.address(), at);
        }
    }

    /** Where the byte stands that says whether a nullable at {@code at} is there. */
    static Address presence(Type.Maybe maybe, Address at) {
        return at.plus(Shape.size(maybe.of()));
    }

    Value loadScalar(Type type, Address at) {
        dev.turnout.ir.model.Type scalar = Shape.scalar(type);
        if (scalar.equals(Int.I1)) {
            return loadBool(at);
        }
        return scalar instanceof Int number ? loadNumber(number, at, ByteOrder.LITTLE) : loadPointer(scalar, at);
    }

    Value loadBool(Address at) {
        return isNotZero(loadNumber(Int.I8, at, ByteOrder.LITTLE));
    }

    Value isNotZero(Value number) {
        return code.compare(CompareOp.NE, number, code.constant((Int) number.type(), 0));
    }

    private Value loadPointer(dev.turnout.ir.model.Type type, Address at) {
        Address near = near(at);
        return code.load(type, near.base(), (int) near.offset());
    }

    /** A number of {@code width}; in pieces where the place is not aligned and has to be. */
    Value loadNumber(Int width, Address at, ByteOrder order) {
        int bytes = width.bytes();
        Address near = near(at);
        if (near.allows(bytes)) {
            return code.emit(
                    new Operation.Load(width, near.base(), (int) near.offset(), bytes == 1 ? ByteOrder.LITTLE : order));
        }
        int step = near.widest(bytes / 2);
        Value all = code.constant(width, 0);
        for (int i = 0; i < bytes; i += step) {
            Value piece = code.resize(loadNumber(new Int(step * 8), near.plus(i), order), width);
            int place = order == ByteOrder.LITTLE ? i : bytes - step - i;
            all = code.binary(BinaryOp.OR, all, shifted(BinaryOp.SHL, piece, place * 8));
        }
        return all;
    }

    /** Stores a number, a truth value (as a byte) or a pointer. */
    void storeScalar(Address at, Value value) {
        if (!(value.type() instanceof Int width)) {
            Address near = near(at);
            code.store(near.base(), (int) near.offset(), value);
            return;
        }
        storeNumber(at, width.bits() == 1 ? code.resize(value, Int.I8) : value, ByteOrder.LITTLE);
    }

    void storeNumber(Address at, Value value, ByteOrder order) {
        Int width = (Int) value.type();
        int bytes = width.bytes();
        Address near = near(at);
        if (near.allows(bytes)) {
            code.emit(new Operation.Store(
                    near.base(), (int) near.offset(), value, bytes == 1 ? ByteOrder.LITTLE : order));
            return;
        }
        int step = near.widest(bytes / 2);
        for (int i = 0; i < bytes; i += step) {
            int place = order == ByteOrder.LITTLE ? i : bytes - step - i;
            Value piece = shifted(BinaryOp.LSHR, value, place * 8);
            storeNumber(near.plus(i), code.resize(piece, new Int(step * 8)), order);
        }
    }

    private Value shifted(BinaryOp op, Value value, int bits) {
        return bits == 0 ? value : code.binary(op, value, code.constant((Int) value.type(), bits));
    }

    /** The same place with an offset that fits a load or store: 16 bits, signed. */
    private Address near(Address at) {
        return at.offset() + 8 == (short) (at.offset() + 8) && at.offset() >= Short.MIN_VALUE
                ? at
                : new Address(code.offset(at.base(), at.offset()), 0, at.isMultipleOf(8) ? 8 : at.widest(8));
    }

    /** A pointer to the place. */
    Value pointer(Address at) {
        return code.offset(at.base(), at.offset());
    }
}
