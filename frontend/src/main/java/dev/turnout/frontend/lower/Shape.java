package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.ir.model.Region;

/** How values of a type live in the IR. */
enum Shape {
    /** {@code void}. */
    NOTHING,
    /** One value: numbers, truth values, enums, references and functions with their nullable forms, {@code ?void}. */
    SCALAR,
    /** Two values, the number and whether it is there: {@code ?u32} and its like. */
    PAIR,
    /** Memory: structs, arrays, cursors, and their nullable forms. */
    MEMORY;

    /** Bytes of a cursor: pointer to the packet, pointer to its end, offset of the position. */
    static final int CURSOR_BYTES = 24;

    static Shape of(Type type) {
        return switch (type) {
            case Type.Void _ -> NOTHING;
            case Type.Int _,
                    Type.Bits _,
                    Type.Bool _,
                    Type.BigEndian _,
                    EnumType _,
                    Type.Ref _,
                    Type.Own _,
                    Type.SpinLock _,
                    Type.Function _,
                    Type.Packet _,
                    Type.Text _ -> SCALAR;
            case Type.Cursor _, Type.Slice _, StructType _, Type.Array _ -> MEMORY;
            case Type.Maybe maybe ->
                switch (maybe.of()) {
                    case Type.Ref ref when ref.kernel() -> PAIR;
                    case Type.Ref _, Type.Own _, Type.Function _, Type.Void _ -> SCALAR;
                    case Type of -> of(of) == SCALAR ? PAIR : MEMORY;
                };
            case Type.Context _, Type.Map _, Type.Exact _, Type.Null _, Type.Never _, Type.Poison _ ->
                throw new IllegalArgumentException(type + " has no values");
        };
    }

    /** The IR type of a scalar; of a pair the type of its number. */
    static dev.turnout.ir.model.Type scalar(Type type) {
        return switch (type) {
            case Type.Int number -> new dev.turnout.ir.model.Type.Int(number.bits());
            case Type.Bits bits -> scalar(bits.read());
            case Type.Bool _ -> dev.turnout.ir.model.Type.Int.I1;
            case Type.BigEndian number -> new dev.turnout.ir.model.Type.Int(number.bits());
            case EnumType enumeration -> scalar(enumeration.underlying());
            case Type.Ref ref ->
                ref.kernel() ? dev.turnout.ir.model.Type.Int.I64 : dev.turnout.ir.model.Type.ptr(region(ref.to()));
            case Type.Own _ -> dev.turnout.ir.model.Type.ptr(Region.MAP_VALUE);
            case Type.SpinLock _ -> dev.turnout.ir.model.Type.Int.I32;
            case Type.Function _ -> dev.turnout.ir.model.Type.ptr(Region.FUNCTION);
            // Handles of the world that a test runs in.
            case Type.Packet _, Type.Text _ -> dev.turnout.ir.model.Type.Int.I64;
            case Type.Maybe maybe ->
                maybe.of() instanceof Type.Void ? dev.turnout.ir.model.Type.Int.I1 : scalar(maybe.of());
            case Type.Void _,
                    Type.Cursor _,
                    Type.Slice _,
                    StructType _,
                    Type.Array _,
                    Type.Context _,
                    Type.Map _,
                    Type.Exact _,
                    Type.Null _,
                    Type.Never _,
                    Type.Poison _ -> throw new IllegalArgumentException(type + " is no scalar");
        };
    }

    /** The integer type of a number, truth value or enum. */
    static dev.turnout.ir.model.Type.Int integer(Type type) {
        return (dev.turnout.ir.model.Type.Int) scalar(type);
    }

    /** Whether numbers of this type carry a sign. */
    static boolean signed(Type type) {
        if (type instanceof Type.Int number) {
            return number.signed();
        }
        if (type instanceof EnumType enumeration) {
            return enumeration.underlying().signed();
        }
        return type instanceof Type.Maybe maybe && signed(maybe.of());
    }

    /** Bytes in memory. */
    static int size(Type type) {
        return switch (type) {
            case Type.Cursor _ -> CURSOR_BYTES;
            case Type.Packet _, Type.Text _ -> 8;
            default -> Math.toIntExact(type.size());
        };
    }

    /** Where a reference to a {@code to} can lead: contexts and cursors live in one place only. */
    private static Region region(Type to) {
        if (to instanceof Type.Context) {
            return Region.CONTEXT;
        }
        if (to instanceof Type.Map) {
            return Region.MAP;
        }
        return to instanceof Type.Cursor ? Region.STACK : Region.ANY;
    }
}
