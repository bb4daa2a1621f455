package dev.turnout.bpf.merge;

import java.util.List;

/**
 * What each word of a record of the type section is. A record begins with the offset of its name, a word of kind and count, and a word
 * that is a size or a type; fixed words follow, then {@code count} times those of a part. Source: the kernel's documentation of BTF.
 *
 * @param third what the third word is
 * @param fixed the words that follow it
 * @param repeated the words of a part: of a member, a parameter, an enumerator, a variable
 */
record TypeShape(Role third, List<Role> fixed, List<Role> repeated) {
    /** What a word of a record stands for. */
    enum Role {
        /** A number that means itself. */
        NUMBER,
        /** The id of a type. */
        TYPE,
        /** The offset of a name. */
        NAME
    }

    static final int ENUM = 6;
    static final int STRUCT = 4;
    static final int UNION = 5;
    static final int FORWARD = 7;
    static final int FUNCTION = 12;
    static final int VARIABLE = 14;
    static final int DATA_SECTION = 15;
    static final int ENUM64 = 19;

    private static final Role NUMBER = Role.NUMBER;
    private static final Role TYPE = Role.TYPE;
    private static final Role NAME = Role.NAME;

    private static final List<TypeShape> BY_KIND = List.of(
            of(NUMBER, List.of()), // no kind is 0
            of(NUMBER, List.of(), NUMBER), // INT: size, encoding
            of(TYPE, List.of()), // PTR
            of(NUMBER, List.of(), TYPE, TYPE, NUMBER), // ARRAY: element, index, count
            of(NUMBER, List.of(NAME, TYPE, NUMBER)), // STRUCT: size; members with their places
            of(NUMBER, List.of(NAME, TYPE, NUMBER)), // UNION
            of(NUMBER, List.of(NAME, NUMBER)), // ENUM: size; values
            of(NUMBER, List.of()), // FWD
            of(TYPE, List.of()), // TYPEDEF
            of(TYPE, List.of()), // VOLATILE
            of(TYPE, List.of()), // CONST
            of(TYPE, List.of()), // RESTRICT
            of(TYPE, List.of()), // FUNC: its count is its linkage
            of(TYPE, List.of(NAME, TYPE)), // FUNC_PROTO: result; parameters
            of(TYPE, List.of(), NUMBER), // VAR: type, linkage
            of(NUMBER, List.of(TYPE, NUMBER, NUMBER)), // DATASEC: size; variables with their places
            of(NUMBER, List.of()), // FLOAT
            of(TYPE, List.of(), NUMBER), // DECL_TAG: what it is of, which part
            of(TYPE, List.of()), // TYPE_TAG
            of(NUMBER, List.of(NAME, NUMBER, NUMBER))); // ENUM64

    private static TypeShape of(Role third, List<Role> repeated, Role... fixed) {
        return new TypeShape(third, List.of(fixed), repeated);
    }

    /** How many kinds are known; they are numbered from 1 on. */
    static int kinds() {
        return BY_KIND.size();
    }

    static TypeShape ofKind(int kind) {
        return BY_KIND.get(kind);
    }

    /** Words of a record of this kind. */
    int words(int count) {
        return 3 + fixed.size() + repeated.size() * count;
    }

    /** What the word at a position of the record is; the second, of kind and count, is a number. */
    Role role(int position) {
        return switch (position) {
            case 0 -> NAME;
            case 1 -> NUMBER;
            case 2 -> third;
            default -> {
                int behind = position - 3;
                yield behind < fixed.size()
                        ? fixed.get(behind)
                        : repeated.get((behind - fixed.size()) % repeated.size());
            }
        };
    }
}
