package dev.turnout.runtime.image;

import dev.turnout.runtime.map.BpfMap;
import java.util.List;

/**
 * What a program's own numbers mean in a machine.
 *
 * @param maps by the index that wide loads use
 * @param keys by the index that branch sites use: numbers of the machine's keys
 */
public record Binding(List<BpfMap> maps, List<Integer> keys) {
    public Binding {
        maps = List.copyOf(maps);
        keys = List.copyOf(keys);
    }
}
