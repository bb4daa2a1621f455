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
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.program.ContextField;
import dev.turnout.stdlib.program.ContextLayout;
import dev.turnout.stdlib.program.PacketAccess;
import java.util.List;

/**
 * Positions in packets. A cursor is three words; the position is a number and the pointer is made anew from the packet's
 * start for each access, behind its own bounds test: that is the form that Linux can verify in loops, where a pointer that
 * advances is not.
 *
 * <p>Where the packet cannot be reached by pointer ({@link PacketAccess#COPY}), the first word is the context, and what is
 * taken is copied into the frame by a helper, which makes the bounds test itself. Each place in the text that takes has
 * one such copy: in a loop, the next round's replaces it.
 */
final class Cursors {
    /** No step goes past this offset: it is as far as Linux lets an offset be proven. */
    static final int LAST_OFFSET = 65_535;

    private final FunctionLowering fn;
    private final FunctionBuilder code;

    Cursors(FunctionLowering fn) {
        this.fn = fn;
        this.code = fn.code;
    }

    /** The words of a cursor. */
    enum Word {
        /** The packet's first byte; or the context, where packets are copied. */
        START(0, dev.turnout.ir.model.Type.ptr(Region.PACKET)),
        /** Behind the packet's last byte. */
        END(8, dev.turnout.ir.model.Type.ptr(Region.PACKET_END)),
        /** Of the position from the start: at most {@link #LAST_OFFSET}, and not past the end. */
        POSITION(16, Int.I64);

        private final int offset;
        private final dev.turnout.ir.model.Type type;

        Word(int offset, dev.turnout.ir.model.Type type) {
            this.offset = offset;
            this.type = type;
        }

        int offset() {
            return offset;
        }

        /** The type of the word where packets are reached in this way. */
        dev.turnout.ir.model.Type type(PacketAccess packets) {
            return this == START && packets == PacketAccess.COPY ? dev.turnout.ir.model.Type.ptr(Region.CONTEXT) : type;
        }
    }

    private boolean copies() {
        return fn.packets == PacketAccess.COPY;
    }

    private Value word(Address cursor, Word word) {
        return code.load(word.type(fn.packets), cursor.base(), (int) cursor.offset() + word.offset);
    }

    private void put(Address cursor, Word word, Value value) {
        code.store(cursor.base(), (int) cursor.offset() + word.offset, value);
    }

    /** {@code ctx.cursor()}, into {@code at}. */
    void open(Builtin.ContextCursor open, Address at) {
        Value context = fn.expressions.value(open.context());
        fn.at(open.span());
        if (copies()) {
            put(at, Word.START, context);
            put(at, Word.END, code.emit(new Operation.Null((dev.turnout.ir.model.Type.Ptr) Word.END.type)));
        } else {
            ContextLayout layout = layout(open.context().type());
            put(at, Word.START, edge(context, layout, ContextField.Kind.PACKET, Region.PACKET));
            put(at, Word.END, edge(context, layout, ContextField.Kind.PACKET_END, Region.PACKET_END));
        }
        put(at, Word.POSITION, code.constant(Int.I64, 0));
    }

    private Value edge(Value context, ContextLayout layout, ContextField.Kind kind, Region region) {
        ContextField field = layout.fields().stream()
                .filter(one -> one.kind() == kind)
                .findFirst()
                .orElseThrow();
        return code.emit(new Operation.LoadContext(
                dev.turnout.ir.model.Type.ptr(region), context, field.offset(), field.bytes()));
    }

    private static ContextLayout layout(Type reference) {
        if (reference instanceof Type.Ref(Type.Context context, boolean _)) {
            return context.layout();
        }
        throw new IllegalArgumentException(reference + " is no context");
    }

    /** {@code take} and {@code peek}: a reference to the header, or to {@code absent}. */
    Value take(Builtin.CursorTake take, Label absent) {
        Address cursor = fn.places.address(take.cursor());
        fn.at(take.span());
        Value position = word(cursor, Word.POSITION);
        int bytes = Shape.size(take.header());
        Value header = reach(cursor, position, bytes, absent);
        if (take.advances()) {
            put(cursor, Word.POSITION, plus(position, bytes));
        }
        return header;
    }

    /** {@code skip}: the position moves, or nothing does and control goes to {@code absent}. */
    void skip(Builtin.CursorSkip skip, Label absent) {
        Address cursor = fn.places.address(skip.cursor());
        Value position = word(cursor, Word.POSITION);
        Value next = sum(position, skip.count(), absent);
        fn.at(skip.span());
        if (copies()) {
            Value length = length(word(cursor, Word.START));
            bound(next, LAST_OFFSET, absent);
            fn.require(code.compare(CompareOp.ULE, next, length), absent);
        } else {
            reach(cursor, next, 0, absent);
        }
        put(cursor, Word.POSITION, next);
    }

    /** {@code u8_at}, {@code u16_at}, {@code u32_at}: the number, or to {@code absent}. */
    Value load(Builtin.CursorLoad load, Label absent) {
        Address cursor = fn.places.address(load.cursor());
        Value position = word(cursor, Word.POSITION);
        Value from = sum(position, load.offset(), absent);
        fn.at(load.span());
        Int width = new Int(load.bits());
        Value reference = reach(cursor, from, width.bytes(), absent);
        // What was copied stands at the start of its slot.
        return fn.memory.loadNumber(width, Address.of(reference), ByteOrder.BIG);
    }

    /** {@code rest}: bytes from the position to the end. */
    Value rest(Builtin.CursorRest rest) {
        Address cursor = fn.places.address(rest.cursor());
        fn.at(rest.span());
        Value start = word(cursor, Word.START);
        Value length = copies() ? length(start) : code.emit(new Operation.Difference(word(cursor, Word.END), start));
        Value left = code.binary(BinaryOp.SUB, length, word(cursor, Word.POSITION));
        return code.resize(left, Int.I32);
    }

    /** Position and a count of the user's, as an i64 that cannot have wrapped. */
    private Value sum(Value position, TypedExpr count, Label absent) {
        Value wide = fn.expressions.wide(count);
        // A 64-bit count could wrap the sum back into range; a narrower one cannot.
        if (Shape.integer(count.type()).bits() == 64) {
            bound(wide, LAST_OFFSET, absent);
        }
        return code.binary(BinaryOp.ADD, position, wide);
    }

    /** Goes to {@code absent} if {@code offset} is above {@code limit}; folded away where the offset is known. */
    private void bound(Value offset, int limit, Label absent) {
        fn.require(code.compare(CompareOp.ULE, offset, code.constant(Int.I64, limit)), absent);
    }

    /** A reference to {@code bytes} bytes at {@code offset}, or to {@code absent}. */
    private Value reach(Address cursor, Value offset, int bytes, Label absent) {
        bound(offset, LAST_OFFSET - bytes, absent);
        Value start = word(cursor, Word.START);
        if (copies()) {
            return copy(start, offset, bytes, absent);
        }
        Value end = word(cursor, Word.END);
        Label ok = code.newBlock(dev.turnout.ir.model.Type.ptr(Region.PACKET));
        code.terminate(new Terminator.Checked(start, offset, bytes, end, Target.to(ok), Target.to(absent)));
        code.switchTo(ok);
        return code.parameter(ok, 0);
    }

    private Value copy(Value context, Value offset, int bytes, Label absent) {
        Value buffer = code.slot(Math.max(bytes, 1), 8, "header");
        Value size = code.constant(Int.I64, bytes);
        Value outcome = code.emit(Calls.callOf("skb_load_bytes", List.of(context, offset, buffer, size), Int.I64));
        fn.require(code.compare(CompareOp.EQ, outcome, code.constant(Int.I64, 0)), absent);
        return buffer;
    }

    /** Bytes of a packet that is reached through its context. */
    private Value length(Value context) {
        ContextField field = ContextLayout.SK_BUFF.field("len").orElseThrow();
        Value length = code.emit(new Operation.LoadContext(Int.I32, context, field.offset(), field.bytes()));
        return code.resize(length, Int.I64);
    }

    private Value plus(Value position, int bytes) {
        return code.binary(BinaryOp.ADD, position, code.constant(Int.I64, bytes));
    }

    /** {@code ctx.load(off, &buf)}: an i1. */
    Value copyOut(Builtin.ContextLoad load) {
        Value context = fn.expressions.value(load.context());
        Value offset = fn.expressions.wide(load.offset());
        Value buffer = fn.expressions.value(load.buffer());
        fn.at(load.span());
        int bytes = Shape.size(((Type.Ref) load.buffer().type()).to());
        Value size = code.constant(Int.I64, bytes);
        Value outcome = code.emit(Calls.callOf("skb_load_bytes", List.of(context, offset, buffer, size), Int.I64));
        return code.compare(CompareOp.EQ, outcome, code.constant(Int.I64, 0));
    }

    /**
     * {@code ctx.arg(n)} of a system call; where the helper fails it leaves a zero. The registers lie in the kernel's memory, and yet it
     * is the helper for either's: a test run can then be given registers in its process, and on x86-64, the only machine whose
     * calls are known here, an address says whose it is.
     */
    Value systemCallArgument(Builtin.SystemCallArgument argument) {
        Value context = fn.expressions.value(argument.context());
        fn.at(argument.span());
        Value registers = code.emit(new Operation.LoadContext(Int.I64, context, 0, 8));
        Value from = code.binary(BinaryOp.ADD, registers, code.constant(Int.I64, argument.offset()));
        Value buffer = code.slot(8, 8, "argument");
        code.emit(Calls.callOf("probe_read", List.of(buffer, code.constant(Int.I64, 8), from), Int.I64));
        return code.load(Int.I64, buffer, 0);
    }
}
