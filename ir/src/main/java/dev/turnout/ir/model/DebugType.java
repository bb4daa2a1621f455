package dev.turnout.ir.model;

import java.util.List;

/**
 * A type as people and BTF see it: names, fields, signedness. Says nothing about code; map keys and values, globals and
 * signatures carry one, and JSON is read and printed by it.
 */
public sealed interface DebugType {
    /** Bytes that it takes. */
    long size();

    record Void() implements DebugType {
        @Override
        public long size() {
            return 0;
        }
    }

    /** How a number is shown. */
    enum Encoding {
        UNSIGNED,
        SIGNED,
        BOOL,
        CHAR
    }

    /**
     * A number.
     *
     * @param bits 8, 16, 32 or 64
     */
    record Integer(String name, int bits, Encoding encoding) implements DebugType {
        @Override
        public long size() {
            return bits / 8;
        }
    }

    /** Another name; {@code be16} and its like are typedefs that say "network order". */
    record Typedef(String name, DebugType of) implements DebugType {
        @Override
        public long size() {
            return of.size();
        }
    }

    record Pointer(DebugType to) implements DebugType {
        @Override
        public long size() {
            return 8;
        }
    }

    record Array(DebugType of, long count) implements DebugType {
        @Override
        public long size() {
            return of.size() * count;
        }
    }

    /**
     * A field of a struct.
     *
     * @param bitOffset from the start of the struct, as BTF counts: from the least significant bit of the first byte
     * @param bitSize width of a bit field, else 0
     */
    record Member(String name, DebugType type, int bitOffset, int bitSize) {}

    record Struct(String name, long size, List<Member> members) implements DebugType {
        public Struct {
            members = List.copyOf(members);
        }
    }

    record Enumerator(String name, long value) {}

    record Enumeration(String name, int bytes, boolean signed, List<Enumerator> members) implements DebugType {
        public Enumeration {
            members = List.copyOf(members);
        }

        @Override
        public long size() {
            return bytes;
        }
    }

    /**
     * A signature.
     *
     * @param parameters each with its name, which Linux requires
     */
    record Function(List<Parameter> parameters, DebugType result) implements DebugType {
        public Function {
            parameters = List.copyOf(parameters);
        }

        @Override
        public long size() {
            return 0;
        }
    }

    record Parameter(String name, DebugType type) {}
}
