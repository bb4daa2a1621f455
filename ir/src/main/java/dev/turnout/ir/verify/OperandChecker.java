package dev.turnout.ir.verify;

import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.UnaryOp;
import dev.turnout.ir.model.Value;
import java.util.List;
import java.util.function.Consumer;

/** The part of {@link IrChecker} that knows what each operation and terminator asks of its operands. */
final class OperandChecker {
    private final Function function;
    private final IrChecker.ModuleNames names;
    private final Consumer<String> report;

    OperandChecker(Function function, IrChecker.ModuleNames names, Consumer<String> report) {
        this.function = function;
        this.names = names;
        this.report = report;
    }

    void operation(Operation op, int block) {
        switch (op) {
            case Operation.Const _, Operation.Null _, Operation.Binary _, Operation.Convert _, Operation.Opaque _ -> {}
            case Operation.Unary one ->
                require(
                        one.op() != UnaryOp.BSWAP || bits(one.a()) >= 16,
                        "bswap needs 16, 32 or 64 bits, " + one.a() + " has " + bits(one.a()));
            case Operation.Compare one -> {
                notVoid(one.a().type());
                notVoid(one.b().type());
            }
            case Operation.Select one -> {
                truth(one.condition());
                notVoid(one.type());
            }
            case Operation.Offset one -> {
                pointer(one.base());
                typed(one.index(), Type.Int.I64);
            }
            case Operation.Difference one -> {
                pointer(one.a());
                pointer(one.b());
            }
            case Operation.Slot one -> {
                require(FunctionChecker.belongs(one, block), "a slot must stand in the entry block");
                require(one.size() > 0, "a slot needs a size");
                require(
                        one.align() > 0 && one.align() <= 8 && Integer.bitCount(one.align()) == 1,
                        "an alignment is 1, 2, 4 or 8, not " + one.align());
            }
            case Operation.Address one -> address(one);
            case Operation.Load one -> access(one.address(), one.offset(), one.type(), one.order());
            case Operation.Store one ->
                access(one.address(), one.offset(), one.value().type(), one.order());
            case Operation.LoadContext one -> {
                typed(one.context(), Type.ptr(Region.CONTEXT));
                notVoid(one.type());
                require(
                        one.bytes() > 0 && one.bytes() <= 8 && Integer.bitCount(one.bytes()) == 1,
                        "a field of the context has 1, 2, 4 or 8 bytes, not " + one.bytes());
            }
            case Operation.Atomic one -> {
                require(one.width().bits() >= 32, "an atomic operation is of i32 or i64, not " + one.width());
                access(one.address(), one.offset(), one.width(), ByteOrder.LITTLE);
                require(
                        one.values().size() == one.op().operandCount(),
                        "atomic." + one.op().word() + " takes " + one.op().operandCount() + " values, not "
                                + one.values().size());
                one.values().forEach(value -> typed(value, one.width()));
            }
            case Operation.Call one -> call(one);
            case Operation.CallPointer one -> typed(one.callee(), Type.ptr(Region.FUNCTION));
            case Operation.CallHelper one -> require(one.arguments().size() <= 5, "a helper takes at most 5 arguments");
            case Operation.CallKernel one ->
                require(one.arguments().size() <= 5, "a function of the kernel takes at most 5 arguments");
            case Operation.CallHost _ ->
                require(!(function.kind() instanceof Function.Kind.Program), "a program cannot call the host");
            case Operation.Prove one -> integer(one.index());
        }
    }

    void terminator(Terminator terminator) {
        switch (terminator) {
            case Terminator.Jump _, Terminator.MayGoto _, Terminator.Unreachable _ -> {}
            case Terminator.Branch one -> truth(one.condition());
            case Terminator.Switch one -> {
                integer(one.value());
                if (one.value().type() instanceof Type.Int type && !one.cases().isEmpty()) {
                    require(
                            Long.compareUnsigned(one.cases().getLast().high(), type.mask()) <= 0,
                            "a case is above the largest " + type);
                }
            }
            case Terminator.StaticBranch one ->
                require(names.keys().contains(one.key()), "no key is called @" + one.key());
            case Terminator.StaticSwitch one ->
                require(names.keys().contains(one.key()), "no key is called @" + one.key());
            case Terminator.Checked one -> {
                pointer(one.base());
                typed(one.offset(), Type.Int.I64);
                typed(one.end(), Type.ptr(Region.PACKET_END));
                require(one.bytes() >= 0, "`checked` needs a length from 0");
            }
            case Terminator.TailCall one -> {
                typed(one.context(), Type.ptr(Region.CONTEXT));
                typed(one.map(), Type.ptr(Region.MAP));
                typed(one.index(), Type.Int.I32);
            }
            case Terminator.Return one -> result(one.values());
        }
    }

    private void result(List<Value> values) {
        boolean isVoid = function.result() instanceof Type.Void;
        if (values.size() != (isVoid ? 0 : 1)) {
            report.accept("a function of type " + function.result() + " does not return " + values.size() + " values");
        } else if (!isVoid && !FunctionChecker.fits(values.getFirst().type(), function.result())) {
            report.accept(values.getFirst() + " is " + values.getFirst().type() + ", the function returns "
                    + function.result());
        }
    }

    private void call(Operation.Call call) {
        Function callee = names.functions().get(call.function());
        if (callee == null) {
            report.accept("no function is called @" + call.function());
            return;
        }
        require(
                callee.kind() instanceof Function.Kind.Subprogram,
                "@" + call.function() + " is a program or test and cannot be called");
        require(
                callee.result().equals(call.type()),
                "@" + call.function() + " gives " + callee.result() + ", not " + call.type());
        List<Value> parameters = callee.parameters();
        if (parameters.size() != call.arguments().size()) {
            report.accept("@" + call.function() + " takes " + parameters.size() + " arguments, not "
                    + call.arguments().size());
            return;
        }
        for (int i = 0; i < parameters.size(); i++) {
            Value given = call.arguments().get(i);
            require(
                    FunctionChecker.fits(given.type(), parameters.get(i).type()),
                    given + " is " + given.type() + ", argument " + (i + 1) + " of @" + call.function() + " is "
                            + parameters.get(i).type());
        }
    }

    private void address(Operation.Address address) {
        boolean exists = switch (address.region()) {
            case GLOBAL -> names.globals().contains(address.name());
            case MAP -> names.maps().contains(address.name());
            case FUNCTION -> names.functions().containsKey(address.name());
            case KERNEL -> names.fields().contains(address.name());
            case STACK, CONTEXT, PACKET, PACKET_END, MAP_VALUE, ANY -> false;
        };
        require(exists, "no " + address.region().word() + " is called @" + address.name());
    }

    private void access(Value address, int offset, Type type, ByteOrder order) {
        notVoid(type);
        require(offset >= Short.MIN_VALUE && offset <= Short.MAX_VALUE, "an offset has 16 bits");
        require(
                order == ByteOrder.LITTLE || (type instanceof Type.Int && type.byteSize() > 1),
                "big order is for integers of several bytes");
        if (address.type() instanceof Type.Ptr pointer) {
            boolean readable = switch (pointer.region()) {
                case STACK, CONTEXT, PACKET, MAP_VALUE, GLOBAL, ANY -> true;
                case PACKET_END, MAP, FUNCTION, KERNEL -> false;
            };
            require(readable, "memory of region " + pointer.region().word() + " cannot be accessed");
        } else {
            pointer(address);
        }
    }

    private void truth(Value value) {
        typed(value, Type.Int.I1);
    }

    private void typed(Value value, Type type) {
        require(value.type().equals(type), value + " is " + value.type() + ", not " + type);
    }

    private void integer(Value value) {
        require(value.type() instanceof Type.Int, value + " is " + value.type() + ", not an integer");
    }

    private void pointer(Value value) {
        require(value.type() instanceof Type.Ptr, value + " is " + value.type() + ", not a pointer");
    }

    private void notVoid(Type type) {
        require(!(type instanceof Type.Void), "void is no value");
    }

    private static int bits(Value value) {
        return value.type() instanceof Type.Int type ? type.bits() : 0;
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            report.accept(message);
        }
    }
}
