package dev.turnout.ir.model;

import java.util.List;

/**
 * A map of the object.
 *
 * @param kind name of the row of the map kind: {@code hash}, {@code percpu_array}
 * @param key type of the key; {@link DebugType.Void} where the kind has none
 * @param value type of the value
 * @param maxEntries as the kind counts (entries, or bytes of a ring buffer)
 * @param flags as the kernel numbers them
 * @param pinned whether the loader pins it by name
 * @param rows what a map of programs holds before the first run; no index twice
 */
public record MapDeclaration(
        String name,
        String kind,
        DebugType key,
        DebugType value,
        long maxEntries,
        int flags,
        boolean pinned,
        List<Row> rows) {
    public MapDeclaration {
        rows = List.copyOf(rows);
    }

    /**
     * An entry that is there before the first run.
     *
     * @param index unsigned
     * @param program name of the program
     */
    public record Row(long index, String program) {}
}
