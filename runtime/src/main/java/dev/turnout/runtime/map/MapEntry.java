package dev.turnout.runtime.map;

import dev.turnout.ir.model.ByteString;
import java.util.List;

/**
 * A key and what it maps to, as copies.
 *
 * @param values one a CPU slot; one alone if the map is not per CPU
 */
public record MapEntry(ByteString key, List<ByteString> values) {
    public MapEntry {
        values = List.copyOf(values);
    }
}
