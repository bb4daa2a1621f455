package dev.turnout.api;

import dev.turnout.driver.explain.DecidedChoice;
import dev.turnout.runtime.map.Datum;
import java.util.Map;

/**
 * A choice in the text of a program that goes one way in every run, because of what a {@code config} holds, or a constant.
 *
 * @param place of the choice, as {@code fw.turn:31:9}; empty if the object says nothing of its text
 * @param values by which it was decided, by name; empty if it follows from other things, such as the range of a number
 * @param removed instructions that are not in the code that runs, because only the other ways led to them
 * @param text all of it as a line, as {@code --explain} prints it
 */
public record Decision(String place, Map<String, Datum> values, int removed, String text) {
    static Decision of(DecidedChoice choice) {
        String place = choice.at()
                .map(line -> line.file() + ":" + line.line() + ":" + line.column())
                .orElse("");
        return new Decision(place, choice.values(), choice.removed(), choice.text());
    }

    @Override
    public String toString() {
        return text;
    }
}
