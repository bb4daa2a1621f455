package dev.turnout.driver.run;

import dev.turnout.driver.json.DatumJson;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.driver.load.LoadedKey;
import dev.turnout.runtime.map.Datum;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a user may write to set keys while a program runs: {@code debug on}, {@code debug=1}, {@code mode = slow}; a name alone asks
 * for its value, {@code ?} for all of them. As safe for threads as the keys are.
 *
 * @param keys by name
 */
public record KeyCommands(Map<String, LoadedKey> keys) {
    private static final Pattern SETTING = Pattern.compile("(\\S+?)(?:\\s*=\\s*|\\s+)(\\S+)");
    private static final Map<String, String> SWITCHES = Map.of("on", "true", "off", "false");

    /** What there is to say to a line. */
    public sealed interface Answer {
        /**
         * A key has this value.
         *
         * @param changed whether it was set just now, in every program
         */
        record Value(String key, Datum value, boolean changed) implements Answer {}

        /** The line means nothing, and nothing was changed. */
        record Wrong(String message) implements Answer {}

        /** For people. */
        default String text() {
            return switch (this) {
                case Value(String key, Datum value, boolean changed) ->
                    changed
                            ? "key " + key + " is " + DatumJson.word(value) + " now"
                            : key + " = " + DatumJson.word(value);
                case Wrong(String message) -> message;
            };
        }

        default String json() {
            return switch (this) {
                case Value(String key, Datum value, boolean changed) ->
                    new JsonLine()
                            .text("key", key)
                            .raw("value", DatumJson.print(value))
                            .truth("changed", changed)
                            .toString();
                case Wrong(String message) ->
                    new JsonLine().text("wrong", message).toString();
            };
        }
    }

    /** Does what a line says, and returns when it is done; an empty line says nothing. */
    public List<Answer> answer(String line) {
        String said = line.strip();
        if (said.isEmpty()) {
            return List.of();
        }
        if (said.equals("?")) {
            return keys.isEmpty()
                    ? List.of(new Answer.Wrong("the program has no keys"))
                    : keys.values().stream().map(key -> value(key, false)).toList();
        }
        Matcher setting = SETTING.matcher(said);
        boolean sets = setting.matches();
        String name = sets ? setting.group(1) : said;
        LoadedKey key = keys.get(name);
        if (key == null) {
            return List.of(new Answer.Wrong("there is no key `" + name + "`; "
                    + (keys.isEmpty() ? "there are none" : "there are `" + String.join("`, `", keys.keySet()) + "`")));
        }
        return List.of(sets ? set(key, setting.group(2)) : value(key, false));
    }

    private static Answer set(LoadedKey key, String value) {
        StringBuilder why = new StringBuilder();
        Optional<Long> number = parse(key, value, why);
        if (number.isEmpty()) {
            return new Answer.Wrong("`" + value + "` is no value for key `" + key.name() + "`: " + why);
        }
        key.set(number.get());
        return value(key, true);
    }

    /** The value that a user writes; {@code why} says why it is none. */
    static Optional<Long> parse(LoadedKey key, String text, StringBuilder why) {
        // A member may be called `on`, so what is written comes first.
        return key.parse(text, why)
                .or(() ->
                        Optional.ofNullable(SWITCHES.get(text)).flatMap(word -> key.parse(word, new StringBuilder())));
    }

    private static Answer value(LoadedKey key, boolean changed) {
        return new Answer.Value(key.name(), key.datum(), changed);
    }
}
