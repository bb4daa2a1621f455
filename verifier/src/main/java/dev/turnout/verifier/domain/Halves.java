package dev.turnout.verifier.domain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Numbers that are lower halves of others: what 32-bit arithmetic leaves where it may wrap. Compilers test {@code len - 1 < 63} in
 * the lower half of a copy and then use {@code len}; only here the copy is still known to be {@code len - 1}. Immutable.
 *
 * @param all in order of their making
 */
public record Halves(List<Half> all) {
    public static final Halves NONE = new Halves(List.of());

    /** More are not kept: the oldest go first. */
    private static final int MOST = 8;

    /**
     * The symbol {@code half} is the lower 32 bits of {@code whole + constant}, without sign.
     *
     * @param whole a symbol
     */
    public record Half(int half, int whole, long constant) {}

    public Halves {
        all = List.copyOf(all);
    }

    public Halves with(Half half) {
        List<Half> more = new ArrayList<>(all.size() < MOST ? all : all.subList(1, MOST));
        more.add(half);
        return new Halves(more);
    }

    /** Those that both know. */
    public Halves join(Halves other) {
        if (equals(other)) {
            return this;
        }
        return new Halves(all.stream().filter(other.all::contains).toList());
    }

    /** Those between symbols of {@code live}, ascending. */
    Halves retain(int[] live) {
        List<Half> left = all.stream()
                .filter(half -> Arrays.binarySearch(live, half.half) >= 0 && Arrays.binarySearch(live, half.whole) >= 0)
                .toList();
        return left.size() == all.size() ? this : new Halves(left);
    }
}
