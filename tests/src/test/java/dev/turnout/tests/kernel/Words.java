package dev.turnout.tests.kernel;

import java.util.ArrayList;
import java.util.List;

/** Lines of journals, word by word, where some of what they say depends on the world. */
final class Words {
    private static final String UNKNOWN = "?";

    /** Digits of eight bytes: as much of a value as is unknown at least, for a part of a time or a count says nothing. */
    private static final int PART = 16;

    private static final int LONGEST_SHOWN = 240;
    private static final int MOST_SHOWN = 4;

    private Words() {}

    /** A line that says what all of these say; {@code ?} stands where they differ. */
    static String common(List<String> lines) {
        if (lines.stream().distinct().count() == 1) {
            return lines.getFirst();
        }
        List<String[]> all = lines.stream().map(line -> line.split(" ", -1)).toList();
        int count = all.getFirst().length;
        if (all.stream().anyMatch(words -> words.length != count)) {
            String first = lines.getFirst();
            return first.substring(0, first.indexOf(" = ")) + " = " + UNKNOWN;
        }
        List<String> common = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int place = i;
            common.add(word(all.stream().map(words -> words[place]).toList()));
        }
        return String.join(" ", common);
    }

    private static String word(List<String> words) {
        String first = words.getFirst();
        if (words.stream().distinct().count() == 1) {
            return first;
        }
        if (first.length() < PART || words.stream().anyMatch(word -> word.length() != first.length())) {
            return UNKNOWN;
        }
        StringBuilder common = new StringBuilder();
        // A value begins behind the colon that ends its key.
        int value = first.indexOf(':') + 1;
        for (int from = 0, to; from < first.length(); from = to) {
            to = from < value ? value : Math.min(from + PART, first.length());
            int begin = from;
            int end = to;
            boolean equal = words.stream().allMatch(word -> word.regionMatches(begin, first, begin, end - begin));
            common.append(equal ? first.substring(from, to) : UNKNOWN.repeat(to - from));
        }
        return common.toString();
    }

    /** Whether a line says what another one does, where that has no {@code ?}. */
    static boolean agree(String asked, String answered) {
        if (asked.equals(answered)) {
            return true;
        }
        String[] some = asked.split(" ", -1);
        String[] all = answered.split(" ", -1);
        for (int i = 0; i < some.length; i++) {
            boolean last = i == some.length - 1;
            if (some[i].equals(UNKNOWN) && last) {
                return true;
            }
            if (i >= all.length || !same(some[i], all[i])) {
                return false;
            }
        }
        return some.length == all.length;
    }

    /** The words of a line that another one does not agree with, and where they stand. */
    static String parting(String line, String other) {
        String[] words = line.split(" ", -1);
        String[] others = other.split(" ", -1);
        List<String> apart = new ArrayList<>();
        for (int i = 0; i < words.length && apart.size() < MOST_SHOWN; i++) {
            if (i >= others.length || !(same(words[i], others[i]) || same(others[i], words[i]))) {
                apart.add("word " + (i + 1) + ": " + cut(words[i]));
            }
        }
        return cut(line) + (line.length() > LONGEST_SHOWN ? "\n    " + String.join(", ", apart) : "");
    }

    private static String cut(String text) {
        return text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
    }

    private static boolean same(String some, String all) {
        if (some.equals(UNKNOWN)) {
            return true;
        }
        boolean same = some.length() == all.length();
        for (int i = 0; same && i < some.length(); i++) {
            same = some.charAt(i) == UNKNOWN.charAt(0) || some.charAt(i) == all.charAt(i);
        }
        return same;
    }
}
