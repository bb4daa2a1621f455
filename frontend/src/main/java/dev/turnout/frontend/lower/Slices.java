package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;

/** Slices: two words, the address of the first element and the number of elements. They pass as two arguments. */
final class Slices {
    /** Where the words stand in memory. */
    enum Word {
        ROWS(0, dev.turnout.ir.model.Type.ptr(Region.ANY)),
        LENGTH(8, Int.I32);

        private final int offset;
        private final dev.turnout.ir.model.Type type;

        Word(int offset, dev.turnout.ir.model.Type type) {
            this.offset = offset;
            this.type = type;
        }

        int offset() {
            return offset;
        }

        dev.turnout.ir.model.Type type() {
            return type;
        }
    }

    /** A slice as values: a pointer and an i32. */
    record Parts(Value rows, Value length) {}

    private final FunctionLowering fn;
    private final FunctionBuilder code;

    Slices(FunctionLowering fn) {
        this.fn = fn;
        this.code = fn.code;
    }

    /** Takes a parameter from its two arguments. */
    void enter(Symbol.Local parameter) {
        Parts given = new Parts(code.parameter(Word.ROWS.type), code.parameter(Word.LENGTH.type));
        store(given, fn.reserve(parameter));
    }

    void store(Parts parts, Address at) {
        code.store(at.base(), (int) at.offset() + Word.ROWS.offset, parts.rows);
        code.store(at.base(), (int) at.offset() + Word.LENGTH.offset, parts.length);
    }

    Parts parts(TypedExpr slice) {
        if (slice instanceof TypedExpr.SliceOf of) {
            return new Parts(fn.expressions.value(of.array()), code.constant(Int.I32, of.length()));
        }
        Address at = fn.expressions.lower(slice).address();
        return new Parts(
                code.load(Word.ROWS.type, at.base(), (int) at.offset() + Word.ROWS.offset),
                code.load(Word.LENGTH.type, at.base(), (int) at.offset() + Word.LENGTH.offset));
    }

    /**
     * {@code s[i]}: what the element holds, or to {@code absent} if there is none. The test is made on a hidden copy of the index, so
     * that it stays where a loop that ends at the length makes it superfluous: Linux's verifier keeps no such bound from round to
     * round, and would refuse the load.
     */
    Value elementOr(TypedExpr.SliceElement element, Label absent) {
        Parts parts = parts(element.slice());
        Value index = fn.expressions.wide(element.index());
        fn.at(element.span());
        if (!(element.index() instanceof TypedExpr.Value)) {
            index = code.emit(new Operation.Opaque(index));
        }
        Value length = code.resize(parts.length, Int.I64);
        fn.require(code.compare(CompareOp.ULT, index, length), absent);
        Value at = code.emit(new Operation.Offset(parts.rows, fn.expressions.times(index, 8)));
        Type held = ((Type.Slice) element.slice().type()).element();
        return code.load(Shape.scalar(held), at, 0);
    }
}
