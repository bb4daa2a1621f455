package dev.turnout.ir.model;

import java.util.Locale;

/** An indivisible operation on 4 or 8 aligned bytes. RFC 9669, section 5.3. */
public enum AtomicOp {
    /** Without result, relaxed. */
    ADD,
    AND,
    OR,
    XOR,
    /** With the old value as result, fully ordered. */
    FETCH_ADD,
    FETCH_AND,
    FETCH_OR,
    FETCH_XOR,
    XCHG,
    /** Operands: expected, new; result: the old value. */
    CMPXCHG,
    /** No operand; acquires. */
    LOAD,
    /** Releases; no result. */
    STORE;

    /** Number of value operands besides the address. */
    public int operandCount() {
        return switch (this) {
            case LOAD -> 0;
            case CMPXCHG -> 2;
            case ADD, AND, OR, XOR, FETCH_ADD, FETCH_AND, FETCH_OR, FETCH_XOR, XCHG, STORE -> 1;
        };
    }

    /** Whether it gives a value. */
    public boolean hasResult() {
        return switch (this) {
            case ADD, AND, OR, XOR, STORE -> false;
            case FETCH_ADD, FETCH_AND, FETCH_OR, FETCH_XOR, XCHG, CMPXCHG, LOAD -> true;
        };
    }

    /** The word behind {@code atomic.} in the text form. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
