package dev.turnout.frontend.typed;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.Type;

/** What programs do with a ring buffer: records are reserved in it, filled in place, and submitted or discarded. */
public sealed interface RingOperation extends TypedExpr {
    /**
     * {@code m.reserve(T)}: a {@code ?own *T}.
     *
     * @param unwritten what of the record is zeroed here
     */
    record Reserve(MapOperand map, Type record, Unwritten unwritten, Type type, Span span) implements RingOperation {}

    /**
     * {@code submit(e)}, which hands the record to the reader, or {@code discard(e)}, which drops it.
     *
     * @param record an {@code own *T}
     */
    record Release(boolean submits, TypedExpr record, Type type, Span span) implements RingOperation {}

    /**
     * {@code m.output(&x)}: a record with a copy of what {@code data} refers to; 0 or a negative error number, {@code i64}.
     */
    record Output(MapOperand map, TypedExpr data, Type type, Span span) implements RingOperation {}
}
