package dev.turnout.frontend.name;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** What a person may have meant by a name that does not exist. */
public final class Spelling {
    private Spelling() {}

    /**
     * The known name nearest to {@code wanted}: the same but for case, or at most a third of its letters (at least one) away
     * in insertions, deletions, replacements and swaps of neighbours. The first of equally near ones.
     */
    public static Optional<String> nearest(String wanted, Collection<String> known) {
        String best = null;
        int bestDistance = Math.max(1, wanted.length() / 3) + 1;
        for (String name : known) {
            int distance = name.toLowerCase(Locale.ROOT).equals(wanted.toLowerCase(Locale.ROOT))
                    ? 0
                    : distance(wanted, name, bestDistance);
            if (distance < bestDistance && !name.equals(wanted)) {
                best = name;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** The edit distance, or something not below {@code enough} if it is not below that. */
    private static int distance(String a, String b, int enough) {
        if (Math.abs(a.length() - b.length()) >= enough) {
            return enough;
        }
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
