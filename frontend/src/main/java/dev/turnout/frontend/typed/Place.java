package dev.turnout.frontend.typed;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.Field;
import dev.turnout.frontend.type.Type;
import dev.turnout.stdlib.program.ContextField;

/** Something that holds a value and can be read; where the checker allowed it, written or referred to. */
public sealed interface Place {
    /** The type of what it holds; of a bit field the declared one ({@code Bits}, {@code Bool}). */
    Type type();

    Span span();

    /** A local variable or parameter. */
    record Variable(Symbol.Local local, Span span) implements Place {
        @Override
        public Type type() {
            return local.type();
        }
    }

    /** A global {@code var}. Shared memory: a {@code bool} read from it is {@code byte != 0}. */
    record GlobalVariable(Symbol.Global global, Span span) implements Place {
        @Override
        public Type type() {
            return global.type();
        }
    }

    /** A {@code config}; written in tests only. */
    record Configuration(Symbol.Config config, Span span) implements Place {
        @Override
        public Type type() {
            return config.type();
        }
    }

    /** A constant array or struct in read-only memory. */
    record ConstantData(Symbol.Named constant, Span span) implements Place {
        @Override
        public Type type() {
            return constant.type();
        }
    }

    /** The rows of a table of functions, an array that is only read. */
    record TableRows(Symbol.Table table, Span span) implements Place {
        @Override
        public Type type() {
            return table.type();
        }
    }

    /**
     * What a reference refers to.
     *
     * @param reference of type {@code *T}
     */
    record Deref(TypedExpr reference, Type type, Span span) implements Place {}

    /** A field of a struct or header. */
    record FieldOf(Place base, Field field, Span span) implements Place {
        @Override
        public Type type() {
            return field.type();
        }
    }

    /**
     * An element of an array.
     *
     * @param index any integer type (unsigned, or a signed one that must be proven not negative), or the enum that indexes the
     *     array
     * @param proven whether the type alone decides that it is in range; otherwise lowering states a claim
     */
    record Element(Place base, TypedExpr index, boolean proven, Type type, Span span) implements Place {}

    /**
     * The value of a map whose key cannot miss (array-like, and the key's type or value stays below the number of
     * entries).
     */
    record MapSlot(MapOperand map, TypedExpr key, Span span) implements Place {
        @Override
        public Type type() {
            return map.type().value();
        }
    }

    /**
     * A field of the context.
     *
     * @param context a reference to the context
     * @param field its row
     */
    record ContextSlot(TypedExpr context, ContextField field, Type type, Span span) implements Place {}

    /** A value that has no name, so that a part of it can be read; never written. */
    record Temporary(TypedExpr value, Span span) implements Place {
        @Override
        public Type type() {
            return value.type();
        }
    }
}
