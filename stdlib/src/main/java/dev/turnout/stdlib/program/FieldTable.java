package dev.turnout.stdlib.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The fields of a struct, sorted by offset, without overlap; there may be gaps, which nobody may touch.
 *
 * @param size bytes of the struct
 */
public record FieldTable(List<ContextField> fields, int size) {
    public FieldTable {
        fields = List.copyOf(fields);
        int end = 0;
        for (ContextField field : fields) {
            if (field.offset() < end || field.offset() + field.bytes() > size) {
                throw new IllegalArgumentException(field + " in " + size + " bytes");
            }
            end = field.offset() + field.bytes();
        }
    }

    /** The field of this name. */
    public Optional<ContextField> field(String name) {
        for (ContextField field : fields) {
            if (field.name().equals(name)) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }

    /** The field that holds byte {@code offset}. */
    public Optional<ContextField> at(int offset) {
        int low = 0;
        int high = fields.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            ContextField field = fields.get(middle);
            if (offset < field.offset()) {
                high = middle - 1;
            } else if (offset >= field.offset() + field.bytes()) {
                low = middle + 1;
            } else {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }

    /**
     * Whether one access may touch {@code width} bytes from {@code at} on, which is in {@code field}. Says nothing of who may do so.
     *
     * @param width 1, 2, 4 or 8
     */
    public boolean fits(ContextField field, int at, int width, boolean write) {
        return switch (field.widths()) {
            case WHOLE -> field.isWhole(at, width);
            case PARTS_READ -> write ? field.isWhole(at, width) : field.isPart(at, width);
            case FRONT_READ -> write ? field.isWhole(at, width) : at == field.offset() && field.isPart(at, width);
            case HALVES_READ -> write ? field.isWhole(at, width) : width > 1 && field.isPart(at, width);
            case PADDED_READ ->
                write
                        ? field.isWhole(at, width)
                        : field.isPart(at, width) || (at == field.offset() && at % 4 == 0 && width == 4);
            case WIDE -> (write ? field.isWhole(at, width) : field.isPart(at, width)) || isPair(field, at, width);
            case ELEMENTS -> field.isPart(at, width) || isPair(field, at, width);
            case PARTS -> field.isPart(at, width);
            case BYTES -> field.within(at, width);
        };
    }

    /** Two elements of an array in one aligned access. */
    private boolean isPair(ContextField first, int at, int width) {
        return width == 8
                && at % 8 == 0
                && at == first.offset()
                && at(at + first.bytes())
                        .filter(next -> next.stem().equals(first.stem()))
                        .isPresent();
    }

    /** Lays out fields one behind the other, as C does: each at a multiple of its width. */
    static final class Rows {
        private final List<ContextField> fields = new ArrayList<>();
        private int end;

        Rows field(String name, int bytes, ContextField.Kind kind, ContextField.Widths widths) {
            fields.add(new ContextField(name, end, bytes, kind, widths));
            end += bytes;
            return this;
        }

        /** Numbers of four bytes. */
        Rows words(ContextField.Widths widths, String... names) {
            for (String name : names) {
                field(name, 4, ContextField.Kind.SCALAR, widths);
            }
            return this;
        }

        /** Numbers of eight bytes. */
        Rows longs(ContextField.Widths widths, String... names) {
            for (String name : names) {
                field(name, 8, ContextField.Kind.SCALAR, widths);
            }
            return this;
        }

        /** An array of numbers of four bytes. */
        Rows array(ContextField.Widths widths, String name, int length) {
            for (int i = 0; i < length; i++) {
                words(widths, name + "[" + i + "]");
            }
            return this;
        }

        /** A pointer of eight bytes, which is loaded whole. */
        Rows pointer(String name, ContextField.Kind kind) {
            return field(name, 8, kind, ContextField.Widths.WHOLE);
        }

        /** Bytes that nobody may touch. */
        Rows gap(int bytes) {
            end += bytes;
            return this;
        }

        FieldTable done() {
            return new FieldTable(fields, end);
        }
    }
}
