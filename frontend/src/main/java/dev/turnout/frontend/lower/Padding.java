package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.Field;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import java.util.ArrayList;
import java.util.List;

/** The bytes of a type that belong to no field. They are zero in every value. */
final class Padding {
    /** A run of such bytes. */
    record Gap(int offset, int size) {}

    private final List<Gap> gaps = new ArrayList<>();

    private Padding() {}

    /** All gaps of a value of {@code type}, in order. */
    static List<Gap> of(Type type) {
        Padding padding = new Padding();
        padding.collect(type, 0);
        return padding.gaps;
    }

    private void collect(Type type, int at) {
        if (type instanceof StructType struct) {
            collectStruct(struct, at);
        } else if (type instanceof Type.Array array) {
            int step = Shape.size(array.element());
            if (hasPadding(array.element())) {
                for (int i = 0; i < array.count(); i++) {
                    collect(array.element(), at + i * step);
                }
            }
        } else if (type instanceof Type.Maybe maybe && Shape.of(maybe) != Shape.SCALAR) {
            collect(maybe.of(), at);
            int used = Shape.size(maybe.of()) + 1;
            gap(at + used, Shape.size(maybe) - used);
        }
    }

    private void collectStruct(StructType struct, int at) {
        // Headers have none: every run of bit fields ends on a byte.
        if (struct.isHeader()) {
            return;
        }
        int end = 0;
        for (Field field : struct.fields()) {
            gap(at + end, (int) field.offset() - end);
            collect(field.type(), at + (int) field.offset());
            end = (int) field.offset() + Shape.size(field.type());
        }
        gap(at + end, Shape.size(struct) - end);
    }

    private void gap(int offset, int size) {
        if (size > 0) {
            gaps.add(new Gap(offset, size));
        }
    }

    private static boolean hasPadding(Type type) {
        return (type instanceof StructType || type instanceof Type.Array || type instanceof Type.Maybe)
                && !of(type).isEmpty();
    }
}
