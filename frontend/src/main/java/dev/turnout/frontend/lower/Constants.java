package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.MemoryImage;
import dev.turnout.frontend.type.Type;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.UnaryOp;
import dev.turnout.ir.model.Value;

/**
 * Values known while compiling. The constant of a {@code beN} is the number that it means; what a register holds is the
 * number that a little-endian load of its bytes gives, so it is swapped here, once and for all.
 */
final class Constants {
    private final FunctionBuilder code;
    private final Copies copies;
    private final ObjectLowering object;

    Constants(FunctionBuilder code, Copies copies, ObjectLowering object) {
        this.code = code;
        this.copies = copies;
        this.object = object;
    }

    /** A constant as an operand; one that lives in memory is put into read-only data. */
    Operand of(Constant constant, Type type) {
        return switch (Shape.of(type)) {
            case NOTHING -> Operand.Nothing.NOTHING;
            case SCALAR -> new Operand.Scalar(scalar(constant, type));
            case PAIR -> {
                Type of = ((Type.Maybe) type).of();
                yield constant instanceof Constant.Present(Constant inside)
                        ? new Operand.Pair(scalar(inside, of), code.constant(Int.I1, 1))
                        : new Operand.Pair(code.constant(Shape.integer(of), 0), code.constant(Int.I1, 0));
            }
            case MEMORY -> {
                ByteString image = MemoryImage.of(type, constant);
                Value data = code.emit(new Operation.Address(Region.GLOBAL, object.readOnlyData(image, type)));
                yield new Operand.InMemory(Address.of(data));
            }
        };
    }

    /** Stores a constant of any type. */
    void store(Constant constant, Type type, Address at) {
        if (Shape.of(type) == Shape.MEMORY && Shape.size(type) > Copies.UNROLLED) {
            copies.copy(type, of(constant, type).address(), at);
        } else if (Shape.of(type) == Shape.MEMORY) {
            copies.store(MemoryImage.of(type, constant), at);
        } else {
            copies.memory().store(type, at, of(constant, type));
        }
    }

    /** The zero of a type as an operand; of what lives in memory, zeroed memory. */
    Operand zero(Type type) {
        return switch (Shape.of(type)) {
            case NOTHING -> Operand.Nothing.NOTHING;
            case SCALAR -> new Operand.Scalar(zeroScalar(Shape.scalar(type)));
            case PAIR -> new Operand.Pair(code.constant(Shape.integer(type), 0), code.constant(Int.I1, 0));
            case MEMORY -> {
                Address slot = Address.of(code.slot(Shape.size(type), 8, "zero"));
                copies.zero(Shape.size(type), slot);
                yield new Operand.InMemory(slot);
            }
        };
    }

    private Value zeroScalar(dev.turnout.ir.model.Type type) {
        return type instanceof Int number
                ? code.constant(number, 0)
                : code.emit(new Operation.Null((dev.turnout.ir.model.Type.Ptr) type));
    }

    private Value scalar(Constant constant, Type type) {
        return switch (constant) {
            case Constant.Number(long bits) -> code.constant(Shape.integer(type), wire(bits, type));
            case Constant.Absent _ -> zeroScalar(Shape.scalar(type));
            // ?void that is there.
            case Constant.Present _ -> code.constant(Int.I1, 1);
            case Constant.Elements _, Constant.Repeat _, Constant.Bytes _, Constant.Fields _ ->
                throw new IllegalArgumentException(constant + " is no " + type);
        };
    }

    /** The number that a register holds for a constant of this type. */
    static long wire(long number, Type type) {
        return type instanceof Type.BigEndian big
                ? UnaryOp.BSWAP.apply(new Int(big.bits()), number)
                : Shape.integer(type).truncate(number);
    }
}
