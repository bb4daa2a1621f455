package dev.turnout.runtime.context;

import dev.turnout.ir.model.ByteString;
import dev.turnout.stdlib.program.ContextField;
import dev.turnout.stdlib.program.ContextLayout;
import java.util.Set;

/**
 * What somebody says of a context, laid out as it is, as {@code ctx_in} of Linux's test run. Bytes that are not there are zero.
 *
 * @param bytes no limits; empty if nothing is said
 */
record GivenContext(ContextLayout layout, ByteString bytes) {
    boolean isEmpty() {
        return bytes.size() == 0;
    }

    /** A number of the host's order. */
    long number(int at, int width) {
        long number = 0;
        for (int i = width - 1; i >= 0; i--) {
            number = number << 8 | (at + i < bytes.size() ? bytes.at(at + i) & 0xff : 0);
        }
        return number;
    }

    long number(ContextField field) {
        return number(field.offset(), field.bytes());
    }

    long number(String field) {
        return number(layout.field(field).orElseThrow());
    }

    /** Whether all bytes but these are zero. */
    boolean zeroBut(int from, int count) {
        for (int i = 0; i < bytes.size(); i++) {
            if ((i < from || i >= from + count) && bytes.at(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether all bytes outside of these fields are zero; an array is named by its stem. */
    boolean zeroBut(Set<String> stems) {
        for (int i = 0; i < bytes.size(); i++) {
            if (bytes.at(i) != 0
                    && layout.at(i)
                            .filter(field -> stems.contains(field.stem()))
                            .isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Whether a pointer is given, which nobody can. The packet's own are counted from where it begins, and looked at elsewhere. */
    boolean hasPointers() {
        return layout.fields().stream()
                .anyMatch(field -> !field.kind().isNumber() && !field.kind().isPacket() && number(field) != 0);
    }

    /** Whether there are bytes that are not zero behind the layout's. */
    boolean isTooLong() {
        for (int i = layout.size(); i < bytes.size(); i++) {
            if (bytes.at(i) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Copies the numbers that are not zero. */
    void copyNumbers(InputDescriptor to) {
        if (isEmpty()) {
            return;
        }
        for (ContextField field : layout.fields()) {
            long value = field.kind().isNumber() && field.bytes() <= 8 ? number(field) : 0;
            if (value != 0) {
                to.field(field, value);
            }
        }
    }
}
