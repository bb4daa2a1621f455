package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.helper.ResultKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls of functions, directly and through values, and of plain helpers. */
final class Calls {
    private final FunctionLowering fn;
    private final FunctionBuilder code;

    Calls(FunctionLowering fn) {
        this.fn = fn;
        this.code = fn.code;
    }

    Operand call(TypedExpr.Call call) {
        if (Shape.of(call.type()) == Shape.MEMORY) {
            Address slot = fn.slot(call.type(), "result");
            callInto(call, slot);
            return new Operand.InMemory(slot);
        }
        return finish(call.type(), direct(call, hidden(call.type())));
    }

    /** A call whose result goes into a place that the callee cannot see otherwise. */
    void callInto(TypedExpr.Call call, Address result) {
        direct(call, result);
    }

    private Called direct(TypedExpr.Call call, @Nullable Address hidden) {
        List<Value> arguments = arguments(call.arguments(), hidden);
        String target = fn.object.function(call.function(), fn.packets);
        if (fn.underLock()) {
            fn.object.locked().add(target);
        }
        fn.at(call.span());
        return new Called(code.emit(new Operation.Call(target, arguments, CallConvention.result(call.type()))), hidden);
    }

    Operand callThrough(TypedExpr.IndirectCall call) {
        if (Shape.of(call.type()) == Shape.MEMORY) {
            Address slot = fn.slot(call.type(), "result");
            callThroughInto(call, slot);
            return new Operand.InMemory(slot);
        }
        return finish(call.type(), indirect(call, hidden(call.type())));
    }

    void callThroughInto(TypedExpr.IndirectCall call, Address result) {
        indirect(call, result);
    }

    private Called indirect(TypedExpr.IndirectCall call, @Nullable Address hidden) {
        Value callee = fn.expressions.value(call.callee());
        List<Value> arguments = arguments(call.arguments(), hidden);
        fn.at(call.span());
        String family = fn.object.family((Type.Function) call.callee().type(), fn.packets);
        return new Called(
                code.emit(new Operation.CallPointer(callee, arguments, CallConvention.result(call.type()), family)),
                hidden);
    }

    /** What a call gave: its value, and where the hidden result is. */
    private record Called(Value value, @Nullable Address hidden) {}

    private @Nullable Address hidden(Type result) {
        return CallConvention.hiddenResult(result) ? fn.slot(result, "result") : null;
    }

    private Operand finish(Type type, Called called) {
        return switch (CallConvention.way(type)) {
            case NOTHING -> Operand.Nothing.NOTHING;
            case DIRECT -> new Operand.Scalar(called.value);
            case PACKED -> CallConvention.unpack(code, called.value, type);
            case SPLIT -> throw new IllegalArgumentException("no function returns " + type);
            case BY_REFERENCE -> {
                Address hidden = called.hidden;
                if (hidden == null) {
                    throw new IllegalStateException("the result has no place");
                }
                yield new Operand.Pair(fn.memory.loadScalar(((Type.Maybe) type).of(), hidden), called.value);
            }
        };
    }

    private List<Value> arguments(List<TypedExpr> given, @Nullable Address hidden) {
        List<Value> arguments = new ArrayList<>(given.size() + 1);
        if (hidden != null) {
            arguments.add(fn.memory.pointer(hidden));
        }
        for (TypedExpr argument : given) {
            if (CallConvention.way(argument.type()) == CallConvention.Way.SPLIT) {
                Slices.Parts parts = fn.slices.parts(argument);
                arguments.add(parts.rows());
                arguments.add(parts.length());
            } else {
                arguments.add(argument(argument));
            }
        }
        return arguments;
    }

    private Value argument(TypedExpr argument) {
        return switch (CallConvention.way(argument.type())) {
            case NOTHING, SPLIT -> throw new IllegalArgumentException("one argument of " + argument.type());
            case DIRECT -> fn.expressions.value(argument);
            case PACKED -> CallConvention.pack(code, (Operand.Pair) fn.expressions.lower(argument));
            case BY_REFERENCE -> {
                Address at = borrowed(argument);
                if (at == null) {
                    at = fn.slot(argument.type(), "arg");
                    fn.expressions.into(argument, at);
                }
                yield fn.memory.pointer(at);
            }
        };
    }

    /**
     * The place of an argument that need not be copied, since nobody can change it before the callee is done: a local
     * variable of this function, or a field of one, that nothing refers to. Null if there is none.
     */
    @Nullable
    Address borrowed(TypedExpr argument) {
        return Shape.of(argument.type()) == Shape.MEMORY
                        && argument instanceof TypedExpr.Load load
                        && isPrivate(load.place())
                ? fn.places.address(load.place())
                : null;
    }

    private static boolean isPrivate(Place place) {
        return switch (place) {
            case Place.Variable variable -> !variable.local().addressed();
            case Place.FieldOf field -> isPrivate(field.base());
            case Place.GlobalVariable _,
                    Place.Configuration _,
                    Place.ConstantData _,
                    Place.TableRows _,
                    Place.Deref _,
                    Place.Element _,
                    Place.MapSlot _,
                    Place.ContextSlot _,
                    Place.Temporary _ -> false;
        };
    }

    /** A function as a value. */
    Value reference(Symbol.FunctionSymbol function) {
        return code.emit(new Operation.Address(Region.FUNCTION, fn.object.value(function, fn.packets)));
    }

    /** A helper with numbers and plain references: every number goes in as 64 bits and comes out as such. */
    Operand helper(Builtin.HelperCall call) {
        List<Value> arguments = new ArrayList<>();
        for (TypedExpr argument : call.arguments()) {
            Value value = fn.expressions.value(argument);
            arguments.add(value.type() instanceof Int ? fn.expressions.wide(value, argument.type()) : value);
        }
        fn.at(call.span());
        boolean isVoid = call.helper().result() == ResultKind.VOID;
        Value outcome = code.emit(
                callOf(call.helper().word(), arguments, isVoid ? dev.turnout.ir.model.Type.Void.VOID : Int.I64));
        return Shape.of(call.type()) == Shape.NOTHING
                ? Operand.Nothing.NOTHING
                : new Operand.Scalar(number(outcome, call.type()));
    }

    /** A function of the kernel: numbers go in as 64 bits, and of the result as many count as its type has. */
    Operand kernel(Builtin.KernelCall call) {
        List<Value> arguments = new ArrayList<>();
        for (TypedExpr argument : call.arguments()) {
            Value value = fn.expressions.value(argument);
            arguments.add(value.type() instanceof Int ? fn.expressions.wide(value, argument.type()) : value);
        }
        fn.at(call.span());
        boolean isVoid = Shape.of(call.type()) == Shape.NOTHING;
        Value outcome = code.emit(new Operation.CallKernel(
                fn.object.kernelFunction(call.function()),
                arguments,
                isVoid ? dev.turnout.ir.model.Type.Void.VOID : Int.I64));
        return isVoid ? Operand.Nothing.NOTHING : new Operand.Scalar(number(outcome, call.type()));
    }

    /** {@code ctx.adjust_head(n)} and its like: an i1, whether the helper gave 0. */
    Value ofContext(Builtin.ContextCall call) {
        List<Value> arguments = new ArrayList<>();
        arguments.add(fn.expressions.value(call.context()));
        for (TypedExpr argument : call.arguments()) {
            Value value = fn.expressions.value(argument);
            if (argument.type() instanceof Type.Ref ref) {
                arguments.add(value);
                arguments.add(code.constant(Int.I64, Shape.size(ref.to())));
            } else {
                arguments.add(fn.expressions.wide(value, argument.type()));
            }
        }
        while (arguments.size() < call.helper().arguments().size()) {
            arguments.add(code.constant(Int.I64, 0));
        }
        fn.at(call.span());
        Value outcome = code.emit(callOf(call.helper().word(), arguments, Int.I64));
        return code.compare(CompareOp.EQ, outcome, code.constant(Int.I64, 0));
    }

    private Value number(Value outcome, Type type) {
        Int to = Shape.integer(type);
        return to.bits() == 1 ? fn.memory.isNotZero(outcome) : code.resize(outcome, to);
    }

    /** A call of a helper by its row's name: the row says how much of the program's memory it can change. */
    static Operation.CallHelper callOf(String helper, List<Value> arguments, dev.turnout.ir.model.Type result) {
        boolean quiet =
                HelperFunction.ofWord(helper).filter(HelperFunction::quiet).isPresent();
        return new Operation.CallHelper(helper, arguments, result, quiet);
    }

    /** {@code current::comm()}: the helper ends the name with a NUL. */
    void currentComm(Address at) {
        code.emit(callOf("get_current_comm", List.of(fn.memory.pointer(at), code.constant(Int.I64, 16)), Int.I64));
    }
}
