package dev.turnout.tests.golden;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A directive as it stands in a file, with what is expected.
 *
 * @param line of the {@code //!}, from 1
 * @param name the first word behind {@code //!}
 * @param text all that follows the name, trimmed
 * @param exact the {@code //|} lines without their mark, in order
 * @param contains what some line must contain ({@code //+})
 * @param lacks what no line may contain ({@code //-})
 */
record Section(int line, String name, String text, List<String> exact, List<String> contains, List<String> lacks) {
    Section {
        exact = List.copyOf(exact);
        contains = List.copyOf(contains);
        lacks = List.copyOf(lacks);
    }

    /** Whether single lines are asked for instead of the exact text. */
    boolean searches() {
        return !contains.isEmpty() || !lacks.isEmpty();
    }

    /** The words without {@code =}, in order. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        for (String word : text.split(" +", -1)) {
            if (!word.isEmpty() && word.indexOf('=') < 0) {
                words.add(word);
            }
        }
        return words;
    }

    /** The {@code name=value} words. */
    Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        for (String word : text.split(" +", -1)) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                options.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return options;
    }

    /** The directive as written, for messages. */
    @Override
    public String toString() {
        return text.isEmpty() ? name : name + " " + text;
    }
}
