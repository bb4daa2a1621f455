package dev.turnout.bpf.btf;

import java.util.List;

/** A record of the type section. Types are named by id; names are empty where a type has none. */
public sealed interface BtfType {
    /** Name as it stands in the string section; empty where there is none. */
    String name();

    /**
     * A number.
     *
     * @param encoding 1 signed, 2 char, 4 bool, or 0
     * @param bits significant ones
     */
    record Int(String name, int bytes, int encoding, int bitOffset, int bits) implements BtfType {}

    record Pointer(int to) implements BtfType {
        @Override
        public String name() {
            return "";
        }
    }

    record Array(int of, int index, long count) implements BtfType {
        @Override
        public String name() {
            return "";
        }
    }

    /**
     * A member of a struct or union.
     *
     * @param bitSize width of a bit field, else 0
     */
    record Member(String name, int type, int bitOffset, int bitSize) {}

    record Composite(String name, boolean union, long size, List<Member> members) implements BtfType {
        public Composite {
            members = List.copyOf(members);
        }
    }

    record Enumerator(String name, long value) {}

    /**
     * ENUM, or ENUM64 if it has 8 bytes.
     */
    record Enumeration(String name, int bytes, boolean signed, List<Enumerator> members) implements BtfType {
        public Enumeration {
            members = List.copyOf(members);
        }
    }

    record Forward(String name, boolean union) implements BtfType {}

    record Typedef(String name, int to) implements BtfType {}

    /** What does not change how bytes are laid out: {@code const}, {@code volatile}, {@code restrict}, a type tag. */
    record Modifier(Kind kind, String name, int to) implements BtfType {
        public enum Kind {
            VOLATILE(9),
            CONST(10),
            RESTRICT(11),
            TYPE_TAG(18);

            private final int code;

            Kind(int code) {
                this.code = code;
            }

            int code() {
                return code;
            }
        }
    }

    /** Who sees a function or variable. */
    enum Linkage {
        STATIC,
        GLOBAL,
        EXTERN;

        private static final Linkage[] ALL = values();

        static Linkage of(int code) {
            return ALL[code];
        }

        @SuppressWarnings("EnumOrdinal") // The rows stand in the order of the encoding.
        int code() {
            return ordinal();
        }
    }

    record Function(String name, int prototype, Linkage linkage) implements BtfType {}

    record Parameter(String name, int type) {}

    record Prototype(int result, List<Parameter> parameters) implements BtfType {
        public Prototype {
            parameters = List.copyOf(parameters);
        }

        @Override
        public String name() {
            return "";
        }
    }

    record Variable(String name, int type, Linkage linkage) implements BtfType {}

    /** A variable's place in a section, in bytes. */
    record Placement(int variable, long offset, long size) {}

    record DataSection(String name, long size, List<Placement> variables) implements BtfType {
        public DataSection {
            variables = List.copyOf(variables);
        }
    }

    record FloatingPoint(String name, int bytes) implements BtfType {}

    /**
     * An annotation of a declaration.
     *
     * @param component index of a member or parameter, or -1
     */
    record DeclarationTag(String name, int to, int component) implements BtfType {}
}
