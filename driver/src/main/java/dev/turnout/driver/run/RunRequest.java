package dev.turnout.driver.run;

import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.map.Datum;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be run.
 *
 * @param program its name; may be absent if the object has only one
 * @param inputs fed one after the other; none if the context is all that there is
 * @param context of all inputs: an object of its fields, or hex
 * @param feed how packets are fed
 * @param repeat runs of each input
 * @param presets entries of maps by name, before the first run
 * @param keys values of keys by name, before the first run: a number, {@code true}, {@code false} or a member
 * @param watch may set keys during the runs
 */
public record RunRequest(
        Optional<String> program,
        List<Input> inputs,
        Optional<Datum> context,
        PacketFeed feed,
        long repeat,
        Map<String, Datum> presets,
        Map<String, String> keys,
        KeyWatch watch) {
    public RunRequest {
        inputs = List.copyOf(inputs);
    }
}
