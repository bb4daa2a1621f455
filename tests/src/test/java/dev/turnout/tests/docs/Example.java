package dev.turnout.tests.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A fenced block of a page that begins with {@code ```turn}.
 *
 * @param line of the fence, from 1
 * @param fails the code that compiling it must provoke; empty if it is right
 */
record Example(int line, Optional<String> fails, String text) {
    private static final String FENCE = "```";

    /** The examples of a page, in order. */
    static List<Example> of(String page) {
        List<Example> examples = new ArrayList<>();
        List<String> lines = page.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).startsWith(FENCE)) {
                continue;
            }
            String head = lines.get(i).substring(FENCE.length());
            StringBuilder text = new StringBuilder();
            int start = i + 1;
            for (i++; i < lines.size() && !lines.get(i).startsWith(FENCE); i++) {
                text.append(lines.get(i)).append('\n');
            }
            if (head.equals("turn")) {
                examples.add(new Example(start, Optional.empty(), text.toString()));
            } else if (head.startsWith("turn,fails=")) {
                examples.add(new Example(start, Optional.of(head.substring("turn,fails=".length())), text.toString()));
            }
        }
        return examples;
    }
}
