package dev.turnout.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How to load an object.
 *
 * @param engine its word, as {@code --engine} takes it; the fastest that exists if absent
 * @param config values of {@code config} declarations by name: a number, {@code true}, {@code false} or a member. They are known
 *     to the proof, and code that they make superfluous is gone
 * @param keys first values of keys by name, written alike
 * @param patching how static branches obey their keys on an engine that patches code, as {@code --patching} takes it
 * @param blinded whether constants of the programs are put together from random halves, so that code which a program's author
 *     chose the constants of cannot hide other code in them; costs time in every run
 * @param slots runs that may go on at once, and values that a per-CPU map has for a key; 0 for twice the processors
 * @param output gets each line that a program prints, on the thread that runs the program, while it runs; what it throws ends
 *     the run and reaches the caller
 */
public record LoadSettings(
        Optional<String> engine,
        Map<String, String> config,
        Map<String, String> keys,
        String patching,
        boolean blinded,
        int slots,
        Consumer<String> output) {
    private static final int MOST_SLOTS = 1024;

    public LoadSettings {
        config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
        keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
        if (slots < 0 || slots > MOST_SLOTS) {
            throw new IllegalArgumentException(slots + " slots: at most " + MOST_SLOTS);
        }
    }

    /** The fastest engine, nothing set, what programs print is dropped. */
    public static LoadSettings standard() {
        return new LoadSettings(Optional.empty(), Map.of(), Map.of(), "cell", false, 0, _ -> {});
    }

    public LoadSettings withEngine(String word) {
        return new LoadSettings(Optional.of(word), config, keys, patching, blinded, slots, output);
    }

    public LoadSettings withConfig(String name, String value) {
        return new LoadSettings(engine, plus(config, name, value), keys, patching, blinded, slots, output);
    }

    public LoadSettings withKey(String name, String value) {
        return new LoadSettings(engine, config, plus(keys, name, value), patching, blinded, slots, output);
    }

    /** @param word {@code cell}, {@code displacement} or {@code flag}; programs behave equally under all three */
    public LoadSettings withPatching(String word) {
        return new LoadSettings(engine, config, keys, word, blinded, slots, output);
    }

    public LoadSettings withBlindedConstants() {
        return new LoadSettings(engine, config, keys, patching, true, slots, output);
    }

    public LoadSettings withSlots(int number) {
        return new LoadSettings(engine, config, keys, patching, blinded, number, output);
    }

    public LoadSettings withOutput(Consumer<String> lines) {
        return new LoadSettings(engine, config, keys, patching, blinded, slots, lines);
    }

    private static Map<String, String> plus(Map<String, String> map, String name, String value) {
        Map<String, String> longer = new LinkedHashMap<>(map);
        longer.put(name, value);
        return longer;
    }
}
