package dev.turnout.tests.model;

import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.engine.Input;
import java.util.List;
import java.util.Map;

/** What an example should do, as plainly as it can be said. Has the state of one machine. */
interface Model {
    /**
     * What a run leads to.
     *
     * @param result r0, 32 bits
     * @param frame as the run leaves it; empty if it is no packet
     */
    record Answer(int result, ByteString frame) {}

    /** What is in the maps before the first run. */
    Map<String, Map<ByteString, ByteString>> presets();

    /** What the program is given for a frame of the capture. */
    Input input(ByteString frame);

    /** Runs it. */
    Answer run(Input input);

    /**
     * What the maps hold now, those that matter. Of a map with a value a processor it is the sums of its words of 8 bytes; values that are
     * all zero are left out. Keys of {@link #anonymous} maps are zero.
     */
    Map<String, Map<ByteString, ByteString>> contents();

    /** Maps with keys that say where a program runs: their keys are not looked at. */
    default List<String> anonymous() {
        return List.of();
    }
}
