package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.Field;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.RingOperation;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.Unwritten;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;

/** Records of ring buffers, through the kernel's helpers. An {@code own *T} is the record's address. */
final class Rings {
    private static final dev.turnout.ir.model.Type.Ptr RECORD = dev.turnout.ir.model.Type.ptr(Region.MAP_VALUE);
    private static final dev.turnout.ir.model.Type NOTHING = dev.turnout.ir.model.Type.Void.VOID;

    private final FunctionLowering fn;
    private final FunctionBuilder code;

    Rings(FunctionLowering fn) {
        this.fn = fn;
        this.code = fn.code;
    }

    Operand lower(RingOperation operation) {
        return switch (operation) {
            case RingOperation.Reserve reserve -> fn.nullables.reify(reserve);
            case RingOperation.Release release -> {
                Value record = fn.expressions.value(release.record());
                fn.at(release.span());
                release(record, release.submits());
                yield Operand.Nothing.NOTHING;
            }
            case RingOperation.Output output -> {
                Value data = fn.expressions.value(output.data());
                fn.at(output.span());
                Value size = code.constant(
                        Int.I64, Shape.size(((Type.Ref) output.data().type()).to()));
                yield new Operand.Scalar(call(
                        "ringbuf_output", Int.I64, fn.maps.map(output.map()), data, size, code.constant(Int.I64, 0)));
            }
        };
    }

    /** The record, with zeros where the program may leave it unassigned; to {@code absent} if there is no room. */
    Value reserve(RingOperation.Reserve reserve, Label absent) {
        Value size = code.constant(Int.I64, Shape.size(reserve.record()));
        Value record = call("ringbuf_reserve", RECORD, fn.maps.map(reserve.map()), size, code.constant(Int.I64, 0));
        fn.requirePointer(record, absent);
        zero(reserve.record(), reserve.unwritten(), Address.of(record));
        return record;
    }

    /** What the kernel gives is as its last user left it: nothing of that may go on to the reader. */
    private void zero(Type type, Unwritten unwritten, Address at) {
        if (!(type instanceof StructType struct)) {
            if (unwritten.hasRest()) {
                fn.copies.zero(Shape.size(type), at);
            }
            return;
        }
        for (Field field : struct.fields()) {
            if (unwritten.hasField(field.index())) {
                fn.copies.zero(
                        field.isBitField() ? field.bitBytes() : Shape.size(field.type()), at.plus(field.offset()));
            }
        }
        if (unwritten.hasRest()) {
            for (Padding.Gap gap : Padding.of(struct)) {
                fn.copies.zero(gap.size(), at.plus(gap.offset()));
            }
        }
    }

    /** Drops what a local still owns, on a way that only a machine sees. */
    void discard(Symbol.Local local) {
        Operand held = fn.local(local);
        Value record =
                held instanceof Operand.InMemory(Address at) ? fn.memory.loadScalar(local.type(), at) : held.value();
        if (local.type() instanceof Type.Maybe) {
            Label none = code.newBlock();
            fn.requirePointer(record, none);
            release(record, false);
            code.jump(none);
            code.switchTo(none);
        } else {
            release(record, false);
        }
    }

    private void release(Value record, boolean submits) {
        call(submits ? "ringbuf_submit" : "ringbuf_discard", NOTHING, record, code.constant(Int.I64, 0));
    }

    private Value call(String helper, dev.turnout.ir.model.Type type, Value... arguments) {
        return fn.expressions.helper(helper, type, arguments);
    }
}
