package dev.turnout.bpf.merge;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfType;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether code that was compiled for one type works with the other. As in C: qualifiers and names that a {@code typedef} gives do not
 * count, structs must agree member by member, what a pointer leads to only by name, for its bytes are nobody's promise. Numbers must have
 * one width; their signs may differ, which is what libbpf lets pass too.
 *
 * <p>Each method says the first difference in words, and nothing if there is none.
 */
final class TypeAgreement {
    /** Nobody writes types that nest deeper; past it nothing is compared. */
    private static final int DEEPEST = 200;

    private final Btf first;
    private final String firstName;
    private final Btf second;
    private final String secondName;
    /** Pairs that are being compared or were: a type that comes back to itself agrees if the rest does. */
    private final Set<List<Integer>> assumed = new HashSet<>();

    private int depth;

    TypeAgreement(Btf first, String firstName, Btf second, String secondName) {
        this.first = first;
        this.firstName = firstName;
        this.second = second;
        this.secondName = secondName;
    }

    Btf first() {
        return first;
    }

    Btf second() {
        return second;
    }

    /** Between two functions or two variables, named by the ids of their types. */
    Optional<String> difference(int one, int other) {
        BtfType left = first.find(one).orElse(null);
        BtfType right = second.find(other).orElse(null);
        if (left instanceof BtfType.Variable mine && right instanceof BtfType.Variable theirs) {
            return types("it", mine.type(), theirs.type());
        }
        if (left instanceof BtfType.Function mine && right instanceof BtfType.Function theirs) {
            return types("it", mine.prototype(), theirs.prototype());
        }
        return Optional.of("one of `" + firstName + "` and `" + secondName
                + "` takes it for a function, the other for a variable");
    }

    /** Between two types. */
    Optional<String> types(String what, int one, int other) {
        if (depth == DEEPEST) {
            return Optional.empty();
        }
        depth++;
        Optional<String> found = compare(what, one, other);
        depth--;
        return found;
    }

    private Optional<String> compare(String what, int one, int other) {
        int left = first.strip(one);
        int right = second.strip(other);
        if (!assumed.add(List.of(left, right))) {
            return Optional.empty();
        }
        BtfType mine = first.find(left).orElse(null);
        BtfType theirs = second.find(right).orElse(null);
        boolean alike = switch (mine) {
            case null -> theirs == null;
            case BtfType.Int number -> theirs != null && number.bytes() == bytes(theirs);
            case BtfType.Enumeration number -> theirs != null && number.bytes() == bytes(theirs);
            case BtfType.FloatingPoint number ->
                theirs instanceof BtfType.FloatingPoint other2 && number.bytes() == other2.bytes();
            case BtfType.Pointer(int to) -> theirs instanceof BtfType.Pointer(int other2) && sameByName(to, other2);
            case BtfType.Array array ->
                theirs instanceof BtfType.Array other2
                        && (array.count() == 0 || other2.count() == 0 || array.count() == other2.count());
            case BtfType.Composite composite -> sameShape(composite, theirs);
            case BtfType.Forward forward -> sameName(forward, theirs);
            case BtfType.Prototype prototype ->
                theirs instanceof BtfType.Prototype other2
                        && prototype.parameters().size() == other2.parameters().size();
            case BtfType.Typedef _,
                    BtfType.Modifier _,
                    BtfType.Function _,
                    BtfType.Variable _,
                    BtfType.DataSection _,
                    BtfType.DeclarationTag _ -> true;
        };
        return alike ? parts(mine, theirs) : Optional.of(words(what, one, other));
    }

    private Optional<String> parts(@Nullable BtfType mine, @Nullable BtfType theirs) {
        if (mine instanceof BtfType.Array left && theirs instanceof BtfType.Array right) {
            return types("an element", left.of(), right.of());
        }
        Optional<String> found = Optional.empty();
        if (mine instanceof BtfType.Enumeration left && theirs instanceof BtfType.Enumeration right) {
            found = left.members().isEmpty()
                            || right.members().isEmpty()
                            || left.members().equals(right.members())
                    ? found
                    : Optional.of("the members of `" + mine.name() + "` differ");
        }
        if (mine instanceof BtfType.Composite left && theirs instanceof BtfType.Composite right) {
            for (int i = 0; i < left.members().size() && found.isEmpty(); i++) {
                BtfType.Member member = left.members().get(i);
                found = types(
                        "member `" + member.name() + "`",
                        member.type(),
                        right.members().get(i).type());
            }
        }
        if (mine instanceof BtfType.Prototype left && theirs instanceof BtfType.Prototype right) {
            found = types("its result", left.result(), right.result());
            for (int i = 0; i < left.parameters().size() && found.isEmpty(); i++) {
                found = types(
                        "parameter " + (i + 1),
                        left.parameters().get(i).type(),
                        right.parameters().get(i).type());
            }
        }
        return found;
    }

    /** The width of a number; -1 of what is none. */
    private static int bytes(BtfType type) {
        return switch (type) {
            case BtfType.Int number -> number.bytes();
            case BtfType.Enumeration number -> number.bytes();
            case BtfType _ -> -1;
        };
    }

    private static boolean sameShape(BtfType.Composite mine, @Nullable BtfType theirs) {
        if (!(theirs instanceof BtfType.Composite other)) {
            return sameName(mine, theirs);
        }
        boolean alike = mine.union() == other.union()
                && mine.size() == other.size()
                && mine.name().equals(other.name())
                && mine.members().size() == other.members().size();
        for (int i = 0; alike && i < mine.members().size(); i++) {
            BtfType.Member left = mine.members().get(i);
            BtfType.Member right = other.members().get(i);
            alike = left.name().equals(right.name())
                    && left.bitOffset() == right.bitOffset()
                    && left.bitSize() == right.bitSize();
        }
        return alike;
    }

    /** One of two structs of a name may be declared only. */
    private static boolean sameName(BtfType mine, @Nullable BtfType theirs) {
        return isComposite(mine)
                && theirs != null
                && isComposite(theirs)
                && isUnion(mine) == isUnion(theirs)
                && mine.name().equals(theirs.name());
    }

    private static boolean isComposite(BtfType type) {
        return type instanceof BtfType.Composite || type instanceof BtfType.Forward;
    }

    private static boolean isUnion(BtfType type) {
        return switch (type) {
            case BtfType.Composite composite -> composite.union();
            case BtfType.Forward forward -> forward.union();
            case BtfType _ -> false;
        };
    }

    /** Whether two pointers lead to things of one name; what the things are like is not looked at. */
    private boolean sameByName(int one, int other) {
        BtfType mine = first.find(first.strip(one)).orElse(null);
        BtfType theirs = second.find(second.strip(other)).orElse(null);
        if (mine == null || theirs == null) {
            return mine == null && theirs == null;
        }
        boolean named = isComposite(mine) || isComposite(theirs);
        return named ? sameName(mine, theirs) : types("", one, other).isEmpty();
    }

    private String words(String what, int one, int other) {
        return what + " is " + TypeWords.of(first, one) + " in `" + firstName + "`, " + TypeWords.of(second, other)
                + " in `" + secondName + "`";
    }
}
