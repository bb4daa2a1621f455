package dev.turnout.bpf.core;

import dev.turnout.bpf.btf.BtfType;
import java.util.Optional;

/**
 * The place of the same names in another type.
 *
 * @param bitOffset from the start of the root
 * @param type of what is there
 * @param bitSize of a bit field, else 0
 * @param element whether the last step was one into an array
 */
record KernelPlace(TypeTable types, int root, long bitOffset, int type, int bitSize, boolean element) {
    private static final int DEEPEST = 32;

    /** Parts without a name that are looked into for one member: hostile types nest them into billions. */
    private static final int MOST_PARTS = 10_000;

    /** What was found of one member. */
    private record Found(int type, long bitOffset, int bitSize) {}

    /** Where {@code place} is in the type {@code root} of {@code types}; nothing if that has no such place. */
    static Optional<KernelPlace> of(LocalPlace place, TypeTable types, int root) {
        int id = root;
        long bits = 0;
        int bitSize = 0;
        boolean first = true;
        for (LocalPlace.Step step : place.steps()) {
            if (step.name().isEmpty()) {
                if (!first) {
                    if (!(types.stripped(id) instanceof BtfType.Array array)
                            || (array.count() != 0 && step.index() >= array.count())) {
                        return Optional.empty();
                    }
                    id = types.strip(array.of());
                }
                long size = types.size(id);
                if (size < 0 && step.index() != 0) {
                    return Optional.empty();
                }
                bits += step.index() * Math.max(size, 0) * 8;
                bitSize = 0;
            } else {
                Optional<Found> found = member(place, step, types, id, 0, new int[1], 0);
                if (found.isEmpty()) {
                    return Optional.empty();
                }
                id = found.get().type;
                bits += found.get().bitOffset;
                bitSize = found.get().bitSize;
            }
            first = false;
        }
        boolean element = place.steps().getLast().name().isEmpty();
        return Optional.of(new KernelPlace(types, root, bits, id, bitSize, element));
    }

    /**
     * The member of that name, also in members without a name; nothing if it is of another sort.
     *
     * @param parts looked into so far
     */
    private static Optional<Found> member(
            LocalPlace place, LocalPlace.Step step, TypeTable types, int struct, long base, int[] parts, int depth) {
        if (depth > DEEPEST
                || parts[0]++ > MOST_PARTS
                || !(types.stripped(struct) instanceof BtfType.Composite composite)) {
            return Optional.empty();
        }
        for (BtfType.Member member : composite.members()) {
            long at = base + member.bitOffset();
            if (member.name().isEmpty()) {
                Optional<Found> inside = member(place, step, types, member.type(), at, parts, depth + 1);
                if (inside.isPresent()) {
                    return inside;
                }
            } else if (member.name().equals(step.name())) {
                return isCompatible(place.types(), place.member(step).type(), types, member.type(), 0)
                        ? Optional.of(new Found(member.type(), at, member.bitSize()))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Whether a field of one type can be read as the program reads the other. */
    static boolean isCompatible(TypeTable ours, int one, TypeTable theirs, int other, int depth) {
        BtfType local = ours.stripped(one);
        BtfType target = theirs.stripped(other);
        if (depth > DEEPEST) {
            return false;
        }
        if (local instanceof BtfType.Composite && target instanceof BtfType.Composite) {
            return true;
        }
        if (!TypeTable.sameKind(local, target)) {
            return false;
        }
        return switch (local) {
            case BtfType.Pointer _, BtfType.FloatingPoint _ -> true;
            case BtfType.Int number ->
                number.bitOffset() == 0 && target instanceof BtfType.Int that && that.bitOffset() == 0;
            case BtfType.Enumeration _, BtfType.Forward _ ->
                local.name().isEmpty()
                        || target.name().isEmpty()
                        || TypeTable.essential(local.name()).equals(TypeTable.essential(target.name()));
            case BtfType.Array array ->
                target instanceof BtfType.Array that && isCompatible(ours, array.of(), theirs, that.of(), depth + 1);
            default -> false; // Functions and what is no data.
        };
    }

    /** Bytes and place of the load that reads it, for a bit field the smallest aligned number around it; size 0 if there is none. */
    Window window() {
        if (bitSize == 0) {
            return new Window(bitOffset / 8, Math.max(0, types.size(type)));
        }
        long bytes = Math.max(1, types.size(type));
        long start = bitOffset / 8 / bytes * bytes;
        while (bitOffset + bitSize - start * 8 > bytes * 8) {
            if (bytes >= 8) {
                return new Window(0, 0);
            }
            bytes *= 2;
            start = bitOffset / 8 / bytes * bytes;
        }
        return new Window(start, bytes);
    }

    /** Bytes from the start of the root. */
    record Window(long offset, long bytes) {}

    /** Bits that count. */
    long bits() {
        return bitSize != 0 ? bitSize : window().bytes * 8;
    }

    boolean isSigned() {
        return switch (types.stripped(type)) {
            case BtfType.Int number -> (number.encoding() & 1) != 0;
            case BtfType.Enumeration enumeration -> enumeration.signed();
            default -> false; // All others have no sign.
        };
    }
}
