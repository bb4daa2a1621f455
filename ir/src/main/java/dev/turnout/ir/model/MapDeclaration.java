package dev.turnout.ir.model;

/**
 * A map of the object.
 *
 * @param kind name of the row of the map kind: {@code hash}, {@code percpu_array}
 * @param key type of the key; {@link DebugType.Void} where the kind has none
 * @param value type of the value
 * @param maxEntries as the kind counts (entries, or bytes of a ring buffer)
 * @param flags as the kernel numbers them
 * @param pinned whether the loader pins it by name
 */
public record MapDeclaration(
        String name, String kind, DebugType key, DebugType value, long maxEntries, int flags, boolean pinned) {}
