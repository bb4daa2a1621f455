package dev.turnout.bpf.merge;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Whether two definitions of a map make the same map: each property that one states the other states too, with the same number, or with
 * types that {@linkplain TypeAgreement agree}. The order of the properties does not count; which programs or maps fill it at load does not
 * either, for that is no part of its type.
 */
final class MapAgreement {
    private static final String ROWS = "values";
    private static final String PINNING = "pinning";

    private final TypeAgreement types;

    MapAgreement(TypeAgreement types) {
        this.types = types;
    }

    /** The first difference of two maps in words, named by the ids of their variables. */
    Optional<String> difference(int one, int other) {
        return types.first().find(one).orElse(null) instanceof BtfType.Variable left
                        && types.second().find(other).orElse(null) instanceof BtfType.Variable right
                ? structs(left.type(), right.type(), true)
                : Optional.of("one of the two is no variable");
    }

    private Optional<String> structs(int one, int other, boolean outermost) {
        Map<String, BtfType.Member> left = properties(types.first(), one);
        Map<String, BtfType.Member> right = properties(types.second(), other);
        TreeSet<String> names = new TreeSet<>(left.keySet());
        names.addAll(right.keySet());
        for (String name : names) {
            BtfType.Member mine = left.get(name);
            BtfType.Member theirs = right.get(name);
            Optional<String> found = mine == null || theirs == null
                    ? Optional.of("only one of them states `" + name + "`")
                    : property(name, mine.type(), theirs.type(), outermost);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<String> property(String name, int one, int other, boolean outermost) {
        if (name.equals(ROWS)) {
            // Linux has no maps in maps of maps.
            return outermost ? rows(one, other) : Optional.empty();
        }
        if (name.equals("key") || name.equals("value")) {
            return types.types("`" + name + "`", pointee(types.first(), one), pointee(types.second(), other));
        }
        long mine = number(types.first(), one);
        long theirs = number(types.second(), other);
        return mine == theirs
                ? Optional.empty()
                : Optional.of("`" + name + "` is " + mine + " in one, " + theirs + " in the other");
    }

    /** Of maps of maps what the inner ones are like; rows of programs have nothing to compare. */
    private Optional<String> rows(int one, int other) {
        int left = element(types.first(), one);
        int right = element(types.second(), other);
        boolean maps = types.first().find(types.first().strip(left)).orElse(null) instanceof BtfType.Composite
                && types.second().find(types.second().strip(right)).orElse(null) instanceof BtfType.Composite;
        return maps
                ? structs(left, right, false).map(words -> "of the maps in it, " + words)
                : types.types("a row", left, right);
    }

    private static int element(Btf btf, int array) {
        return btf.find(btf.strip(array)).orElse(null) instanceof BtfType.Array rows ? pointee(btf, rows.of()) : 0;
    }

    private static int pointee(Btf btf, int pointer) {
        return btf.find(btf.strip(pointer)).orElse(null) instanceof BtfType.Pointer(int to) ? to : 0;
    }

    /** A number is the length of an array that a pointer leads to, or the one member of an enumeration. */
    private static long number(Btf btf, int type) {
        BtfType described = btf.find(btf.strip(type)).orElse(null);
        if (described instanceof BtfType.Enumeration one && one.members().size() == 1) {
            return one.members().getFirst().value();
        }
        return btf.find(btf.strip(pointee(btf, type))).orElse(null) instanceof BtfType.Array array ? array.count() : -1;
    }

    private static Map<String, BtfType.Member> properties(Btf btf, int struct) {
        Map<String, BtfType.Member> properties = new LinkedHashMap<>();
        if (btf.find(btf.strip(struct)).orElse(null) instanceof BtfType.Composite composite) {
            composite.members().forEach(member -> properties.putIfAbsent(member.name(), member));
        }
        return properties;
    }

    /** Whether a loader finds the map by its name in a file system, so that the name alone says which it is. */
    static boolean isPinned(Btf btf, BtfType.Variable map) {
        BtfType.Member pinning = properties(btf, map.type()).get(PINNING);
        return pinning != null && number(btf, pinning.type()) == 1;
    }
}
