package dev.turnout.linux.load;

import dev.turnout.ir.model.ByteString;
import java.util.List;

/**
 * A key of a map of the kernel and what it maps to, as copies.
 *
 * @param values one a CPU; one alone if the map is not per CPU
 */
public record KernelEntry(ByteString key, List<ByteString> values) {
    public KernelEntry {
        values = List.copyOf(values);
    }
}
