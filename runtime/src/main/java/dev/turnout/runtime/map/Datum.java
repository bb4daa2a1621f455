package dev.turnout.runtime.map;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** A neutral tree of data, as JSON has it: what maps show and what they are preset with. The rim turns it into text and back. */
public sealed interface Datum {
    record Number(BigInteger value) implements Datum {}

    record Flag(boolean value) implements Datum {}

    record Text(String value) implements Datum {}

    record Items(List<Datum> items) implements Datum {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** Fields in order; the map is not to be changed. */
    record Fields(Map<String, Datum> fields) implements Datum {}

    static Datum of(long value) {
        return new Number(BigInteger.valueOf(value));
    }

    static Datum ofUnsigned(long value) {
        return value >= 0 ? of(value) : new Number(new BigInteger(Long.toUnsignedString(value)));
    }

    /** What it is, in a word, for people. */
    default String word() {
        return switch (this) {
            case Number _ -> "a number";
            case Flag _ -> "a truth value";
            case Text _ -> "a text";
            case Items _ -> "a list";
            case Fields _ -> "an object";
        };
    }
}
