package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.DebugTypes;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.DebugType;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * How values get into and out of functions. BPF passes five words and gives back one.
 *
 * <table>
 * <caption>By shape</caption>
 * <tr><th>value</th><th>parameter</th><th>result</th></tr>
 * <tr><td>scalar</td><td>itself</td><td>itself</td></tr>
 * <tr><td>{@code ?T}, at most 32 bits</td><td colspan="2">an i64: the number, and 1 in bit 32 if it is there</td></tr>
 * <tr><td>{@code ?T}, 64 bits</td><td>a reference to a copy</td><td>a hidden reference to the number; i1 "present"</td></tr>
 * <tr><td>in memory</td><td>a reference to a copy</td><td>a hidden reference</td></tr>
 * </table>
 */
final class CallConvention {
    private static final int PRESENT_BIT = 32;

    private CallConvention() {}

    /** How a value passes. */
    enum Way {
        NOTHING,
        DIRECT,
        PACKED,
        BY_REFERENCE,
        /** As two values: where the rows of a slice are, and how many. */
        SPLIT
    }

    static Way way(Type type) {
        return switch (Shape.of(type)) {
            case NOTHING -> Way.NOTHING;
            case SCALAR -> Way.DIRECT;
            case PAIR -> Shape.integer(type).bits() <= PRESENT_BIT ? Way.PACKED : Way.BY_REFERENCE;
            case MEMORY -> type instanceof Type.Slice ? Way.SPLIT : Way.BY_REFERENCE;
        };
    }

    /** The IR type of a parameter. */
    static dev.turnout.ir.model.Type parameter(Type type) {
        return switch (way(type)) {
            case NOTHING, SPLIT -> throw new IllegalArgumentException("one parameter of " + type);
            case DIRECT -> Shape.scalar(type);
            case PACKED -> Int.I64;
            case BY_REFERENCE -> dev.turnout.ir.model.Type.ptr(Region.STACK);
        };
    }

    /** Whether the first parameter is a reference to where the result goes. */
    static boolean hiddenResult(Type result) {
        return way(result) == Way.BY_REFERENCE;
    }

    /** The IR type of what a function returns. */
    static dev.turnout.ir.model.Type result(Type type) {
        return switch (way(type)) {
            case NOTHING -> dev.turnout.ir.model.Type.Void.VOID;
            case DIRECT -> Shape.scalar(type);
            case PACKED -> Int.I64;
            case BY_REFERENCE -> Shape.of(type) == Shape.PAIR ? Int.I1 : dev.turnout.ir.model.Type.Void.VOID;
            case SPLIT -> throw new IllegalArgumentException("no function returns " + type);
        };
    }

    /** The signature as BTF shows it: hidden parameters are there, what is packed is a number. */
    static DebugType.Function signature(DebugTypes types, Symbol.FunctionSymbol function) {
        List<DebugType.Parameter> parameters = new ArrayList<>();
        if (hiddenResult(function.result())) {
            parameters.add(new DebugType.Parameter("result", new DebugType.Pointer(types.of(function.result()))));
        }
        for (Symbol.Local parameter : function.parameters()) {
            parameters.add(new DebugType.Parameter(parameter.name(), debug(types, parameter.type())));
            if (way(parameter.type()) == Way.SPLIT) {
                parameters.add(new DebugType.Parameter(parameter.name() + "_len", types.of(Type.Int.U32)));
            }
        }
        DebugType result = switch (way(function.result())) {
            case NOTHING -> new DebugType.Void();
            case DIRECT -> debug(types, function.result());
            case PACKED -> types.of(Type.Int.U64);
            case BY_REFERENCE ->
                Shape.of(function.result()) == Shape.PAIR ? types.of(Type.Bool.BOOL) : new DebugType.Void();
            case SPLIT -> throw new IllegalArgumentException("no function returns " + function.result());
        };
        return new DebugType.Function(parameters, result);
    }

    private static DebugType debug(DebugTypes types, Type type) {
        if (type instanceof Type.Maybe maybe && maybe.of() instanceof Type.Void) {
            return types.of(Type.Bool.BOOL);
        }
        return switch (way(type)) {
            case NOTHING, DIRECT, SPLIT -> types.of(type);
            case PACKED -> types.of(Type.Int.U64);
            case BY_REFERENCE -> new DebugType.Pointer(types.of(type));
        };
    }

    static Value pack(FunctionBuilder code, Operand.Pair pair) {
        Value flag =
                code.binary(BinaryOp.SHL, code.resize(pair.present(), Int.I64), code.constant(Int.I64, PRESENT_BIT));
        return code.binary(BinaryOp.OR, code.resize(pair.value(), Int.I64), flag);
    }

    static Operand.Pair unpack(FunctionBuilder code, Value packed, Type type) {
        Value flag = code.binary(BinaryOp.LSHR, packed, code.constant(Int.I64, PRESENT_BIT));
        return new Operand.Pair(code.resize(packed, Shape.integer(type)), code.resize(flag, Int.I1));
    }
}
