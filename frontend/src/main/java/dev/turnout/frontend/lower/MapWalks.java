package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.DebugTypes;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.DebugType;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;
import java.util.List;

/**
 * {@code m.each(f, &state)}. The machine calls a function of four arguments, the map the first, which gives 1 to end the walk;
 * the user's takes three and gives false. Between them stands a function of ours that calls the user's.
 */
final class MapWalks {
    private MapWalks() {}

    /** The call in a function. */
    static Value walk(FunctionLowering fn, Builtin.MapEach each) {
        FunctionBuilder code = fn.code;
        Value state = fn.expressions.value(each.state());
        fn.at(each.span());
        Value step = code.emit(new Operation.Address(Region.FUNCTION, fn.object.step(each, fn.packets)));
        return fn.expressions.helper(
                "for_each_map_elem", Int.I64, fn.maps.map(each.map()), step, state, code.constant(Int.I64, 0));
    }

    /**
     * The function that the machine calls.
     *
     * @param callee the user's function, as the object calls it
     */
    static Function step(String name, String callee, Builtin.MapEach each, DebugTypes types, Location at) {
        FunctionBuilder code = new FunctionBuilder(
                name, new Function.Kind.Subprogram(Function.Inlining.NEVER), Int.I64, signature(each, types), at);
        code.parameter(dev.turnout.ir.model.Type.ptr(Region.MAP));
        Value key = code.parameter(dev.turnout.ir.model.Type.ptr(Region.MAP_VALUE));
        Value value = code.parameter(dev.turnout.ir.model.Type.ptr(Region.MAP_VALUE));
        Value state = code.parameter(dev.turnout.ir.model.Type.ptr(Region.STACK));
        Value goOn = code.emit(new Operation.Call(callee, List.of(key, value, state), Int.I1));
        code.returns(code.binary(BinaryOp.XOR, code.resize(goOn, Int.I64), code.constant(Int.I64, 1)));
        return code.build();
    }

    private static DebugType.Function signature(Builtin.MapEach each, DebugTypes types) {
        return new DebugType.Function(
                List.of(
                        new DebugType.Parameter("map", new DebugType.Pointer(new DebugType.Void())),
                        new DebugType.Parameter(
                                "key",
                                new DebugType.Pointer(types.of(each.map().type().key()))),
                        new DebugType.Parameter(
                                "value",
                                new DebugType.Pointer(types.of(each.map().type().value()))),
                        new DebugType.Parameter("state", types.of(each.state().type()))),
                types.of(Type.Int.I64));
    }
}
