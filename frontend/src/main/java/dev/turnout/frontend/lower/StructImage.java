package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.Field;
import dev.turnout.frontend.type.MemoryImage;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.ir.model.ByteString;
import java.util.ArrayList;
import java.util.List;

/**
 * A struct literal on its way into memory. What is constant, padding included, becomes bytes that are stored in wide pieces;
 * what is computed is stored field by field behind that. Nested literals are part of the same image.
 */
final class StructImage {
    private final FunctionLowering fn;
    private final byte[] bytes;
    private final boolean[] known;
    private final List<Part> parts = new ArrayList<>();

    /** A field that is computed: of the struct or header at {@code base}. */
    private record Part(int base, Field field, TypedExpr value) {}

    StructImage(FunctionLowering fn, TypedExpr.StructValue literal) {
        this.fn = fn;
        this.bytes = new byte[Shape.size(literal.type())];
        this.known = new boolean[bytes.length];
        for (Padding.Gap gap : Padding.of(literal.type())) {
            mark(gap.offset(), gap.size());
        }
        collect(literal, 0);
    }

    private void collect(TypedExpr.StructValue literal, int base) {
        StructType type = literal.type();
        for (int index : literal.order()) {
            Field field = type.fields().get(index);
            TypedExpr value = literal.fields().get(field.index());
            int at = base + (int) field.offset();
            if (field.isBitField()) {
                mark(at, field.bitBytes());
                if (value instanceof TypedExpr.Value constant && constant.value() instanceof Constant.Number number) {
                    BitFields.store(bytes, base, field, number.bits());
                } else {
                    parts.add(new Part(base, field, value));
                }
            } else if (value instanceof TypedExpr.Value constant) {
                byte[] image = MemoryImage.of(field.type(), constant.value()).toArray();
                System.arraycopy(image, 0, bytes, at, image.length);
                mark(at, image.length);
            } else if (value instanceof TypedExpr.StructValue nested) {
                collect(nested, at);
            } else {
                parts.add(new Part(base, field, value));
            }
        }
    }

    private void mark(int from, int size) {
        for (int i = from; i < from + size; i++) {
            known[i] = true;
        }
    }

    void store(Address at) {
        ByteString all = ByteString.copyOf(bytes);
        for (int start = 0; start < bytes.length; start++) {
            int end = start;
            while (end < bytes.length && known[end]) {
                end++;
            }
            if (end > start) {
                storeKnown(all.slice(start, end), at.plus(start));
                start = end;
            }
        }
        for (Part part : parts) {
            Address base = at.plus(part.base);
            if (part.field.isBitField()) {
                fn.bitFields.store(base, part.field, fn.expressions.value(part.value));
            } else {
                fn.expressions.into(part.value, base.plus(part.field.offset()));
            }
        }
    }

    private void storeKnown(ByteString run, Address at) {
        if (run.isZero()) {
            fn.copies.zero(run.size(), at);
        } else {
            fn.copies.store(run, at);
        }
    }
}
