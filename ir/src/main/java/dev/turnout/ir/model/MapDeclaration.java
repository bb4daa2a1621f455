package dev.turnout.ir.model;

import java.util.List;
import java.util.Optional;

/**
 * A map of the object.
 *
 * @param kind name of the row of the map kind: {@code hash}, {@code percpu_array}
 * @param key type of the key; {@link DebugType.Void} where the kind has none
 * @param value type of the value
 * @param maxEntries as the kind counts (entries, or bytes of a ring buffer)
 * @param flags as the kernel numbers them
 * @param pinned whether the loader pins it by name
 * @param inner what the maps in a map of maps are like; its name means nothing
 * @param rows what a map of programs or of maps holds before the first run; no index twice
 */
public record MapDeclaration(
        String name,
        String kind,
        DebugType key,
        DebugType value,
        long maxEntries,
        int flags,
        boolean pinned,
        Optional<MapDeclaration> inner,
        List<Row> rows) {
    public MapDeclaration {
        rows = List.copyOf(rows);
    }

    /** A map that holds no maps. */
    public MapDeclaration(
            String name,
            String kind,
            DebugType key,
            DebugType value,
            long maxEntries,
            int flags,
            boolean pinned,
            List<Row> rows) {
        this(name, kind, key, value, maxEntries, flags, pinned, Optional.empty(), rows);
    }

    /**
     * An entry that is there before the first run.
     *
     * @param index unsigned
     * @param symbol name of the program or map
     */
    public record Row(long index, String symbol) {}
}
