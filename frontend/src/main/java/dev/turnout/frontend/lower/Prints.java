package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.UnaryOp;
import dev.turnout.ir.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code print}. The format becomes the kernel's: every number is passed in 64 bits, addresses are taken apart into their
 * bytes, text is passed by its address. Up to three arguments go in registers, more in an array on the frame.
 */
final class Prints {
    /** As many as {@code trace_vprintk} takes. */
    private static final int MOST_ARGUMENTS = 12;

    private static final int REGISTER_ARGUMENTS = 3;

    private final FunctionLowering fn;
    private final FunctionBuilder code;

    Prints(FunctionLowering fn) {
        this.fn = fn;
        this.code = fn.code;
    }

    /** A format on its way to the kernel, and what it shows. */
    private static final class Line {
        final StringBuilder format = new StringBuilder();
        final List<Value> arguments = new ArrayList<>();
    }

    Operand print(Builtin.Print print) {
        Line line = new Line();
        for (Builtin.PrintPart part : print.parts()) {
            switch (part) {
                case Builtin.PrintPart.Literal(String text) -> line.format.append(text.replace("%", "%%"));
                case Builtin.PrintPart.Argument(Builtin.PrintForm form, TypedExpr value) -> {
                    // An address can be many arguments: what no longer fits begins another call.
                    if (line.arguments.size() + count(form, value.type()) > MOST_ARGUMENTS) {
                        emit(line);
                        line = new Line();
                    }
                    argument(line, form, value);
                }
            }
        }
        fn.at(print.span());
        emit(line);
        return Operand.Nothing.NOTHING;
    }

    private static int count(Builtin.PrintForm form, Type type) {
        return switch (form) {
            case PLAIN, HEX -> 1;
            case IP -> type instanceof Type.Array ? 8 : 4;
            case MAC -> 6;
        };
    }

    private void argument(Line line, Builtin.PrintForm form, TypedExpr value) {
        Type type = value.type();
        Operand operand = fn.expressions.lower(value);
        fn.at(value.span());
        switch (form) {
            case PLAIN -> plain(line, operand, type);
            case HEX -> {
                line.format.append("%llx");
                line.arguments.add(code.resize(number(operand.value(), type), Int.I64));
            }
            case IP -> {
                if (type instanceof Type.Array) {
                    for (int i = 0; i < 8; i++) {
                        line.format.append(i == 0 ? "%llx" : ":%llx");
                        Address group = operand.address().plus(2L * i);
                        line.arguments.add(code.resize(fn.memory.loadNumber(Int.I16, group, ByteOrder.BIG), Int.I64));
                    }
                } else {
                    for (int i = 0; i < 4; i++) {
                        line.format.append(i == 0 ? "%llu" : ".%llu");
                        line.arguments.add(octet(operand.value(), i));
                    }
                }
            }
            case MAC -> {
                for (int i = 0; i < 6; i++) {
                    line.format.append(i == 0 ? "%02llx" : ":%02llx");
                    Value octet = fn.memory.loadNumber(Int.I8, operand.address().plus(i), ByteOrder.LITTLE);
                    line.arguments.add(code.resize(octet, Int.I64));
                }
            }
        }
    }

    /** Byte {@code index} of a {@code be32} in memory order. */
    private Value octet(Value address, int index) {
        Value shifted = index == 0
                ? address
                : code.binary(BinaryOp.LSHR, address, code.constant((Int) address.type(), 8L * index));
        return code.resize(code.resize(shifted, Int.I8), Int.I64);
    }

    private void plain(Line line, Operand operand, Type type) {
        if (type instanceof Type.Bool) {
            line.format.append("%s");
            line.arguments.add(code.emit(new Operation.Select(operand.value(), text("true\0"), text("false\0"))));
        } else if (type instanceof Type.Array) {
            line.format.append("%s");
            line.arguments.add(terminated(operand.address(), type));
        } else {
            line.format.append(Shape.signed(type) ? "%lld" : "%llu");
            line.arguments.add(fn.expressions.wide(number(operand.value(), type), type));
        }
    }

    private Value number(Value value, Type type) {
        return type instanceof Type.BigEndian ? code.unary(UnaryOp.BSWAP, value) : value;
    }

    /** Text with a NUL behind it, which the array need not have. */
    private Value terminated(Address from, Type type) {
        int size = Shape.size(type);
        Address copy = Address.of(code.slot(size + 1, 8, "text"));
        fn.copies.copy(type, from, copy);
        fn.memory.storeScalar(copy.plus(size), code.constant(Int.I8, 0));
        return fn.memory.pointer(copy);
    }

    private Value text(String text) {
        ByteString bytes = ByteString.copyOf(text.getBytes(StandardCharsets.UTF_8));
        return code.emit(new Operation.Address(Region.GLOBAL, fn.object.text(bytes)));
    }

    private void emit(Line line) {
        String format = line.format + "\0";
        Value address = text(format);
        Value size = code.constant(Int.I64, format.getBytes(StandardCharsets.UTF_8).length);
        List<Value> arguments = new ArrayList<>(List.of(address, size));
        if (line.arguments.size() <= REGISTER_ARGUMENTS) {
            arguments.addAll(line.arguments);
            while (arguments.size() < 2 + REGISTER_ARGUMENTS) {
                arguments.add(code.constant(Int.I64, 0));
            }
            code.emit(Calls.callOf("trace_printk", arguments, Int.I64));
            return;
        }
        int bytes = 8 * line.arguments.size();
        Address array = Address.of(code.slot(bytes, 8, "arguments"));
        for (int i = 0; i < line.arguments.size(); i++) {
            fn.memory.storeScalar(array.plus(8L * i), line.arguments.get(i));
        }
        arguments.add(fn.memory.pointer(array));
        arguments.add(code.constant(Int.I64, bytes));
        code.emit(Calls.callOf("trace_vprintk", arguments, Int.I64));
    }
}
