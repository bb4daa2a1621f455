package dev.turnout.bpf.object;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapField;
import dev.turnout.ir.model.DebugType;
import dev.turnout.ir.model.MapDeclaration;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A map that an object declares.
 *
 * @param name unique in the object
 * @param keySize bytes
 * @param valueSize bytes
 * @param key {@link DebugType.Void} where the kind has none or an object does not say
 * @param value likewise
 * @param flags as the kernel numbers them
 * @param extra as the kernel's {@code map_extra}; most kinds want 0
 * @param pinned whether the loader pins it by name
 * @param rows what a map of programs or maps holds at load
 * @param inner of a map of maps: what its maps are like; absent if the object does not say
 * @param fields of a value that are the kernel's own, in order of offset
 */
public record ObjectMap(
        String name,
        MapKind kind,
        int keySize,
        int valueSize,
        DebugType key,
        DebugType value,
        long maxEntries,
        int flags,
        long extra,
        boolean pinned,
        List<Row> rows,
        Optional<ObjectMap> inner,
        List<MapField> fields) {
    public ObjectMap {
        rows = List.copyOf(rows);
        fields = List.copyOf(fields);
    }

    /** A map of plain values, or of programs. */
    public ObjectMap(
            String name,
            MapKind kind,
            int keySize,
            int valueSize,
            DebugType key,
            DebugType value,
            long maxEntries,
            int flags,
            long extra,
            boolean pinned,
            List<Row> rows) {
        this(
                name,
                kind,
                keySize,
                valueSize,
                key,
                value,
                maxEntries,
                flags,
                extra,
                pinned,
                rows,
                Optional.empty(),
                List.of());
    }

    /** The map as programs use it, without what it holds at load: that is not of one program. */
    public MapDefinition definition() {
        return new MapDefinition(
                name,
                kind,
                keySize,
                valueSize,
                maxEntries,
                flags,
                extra,
                key,
                value,
                new MapDefinition.Content.Empty(),
                inner.map(ObjectMap::definition),
                fields);
    }

    /**
     * An entry that names a program or a map.
     *
     * @param index key, not negative
     * @param symbol name of the function or map
     */
    public record Row(int index, String symbol) {}

    /** The object's form of a map of the module; sizes are those of its types. */
    public static ObjectMap of(MapDeclaration map) {
        MapKind kind =
                MapKind.ofWord(map.kind()).orElseThrow(() -> new IllegalArgumentException("no map kind " + map.kind()));
        return new ObjectMap(
                map.name(),
                kind,
                Math.toIntExact(map.key().size()),
                Math.toIntExact(map.value().size()),
                map.key(),
                map.value(),
                map.maxEntries(),
                map.flags(),
                0,
                map.pinned(),
                map.rows().stream()
                        .map(row -> new Row(Math.toIntExact(row.index()), row.symbol()))
                        .toList(),
                map.inner().map(ObjectMap::of),
                locks(map.value()));
    }

    /** The lock of a value: the only field of the kernel's own that a module declares. */
    private static List<MapField> locks(DebugType value) {
        List<MapField> fields = new ArrayList<>();
        if (value instanceof DebugType.Struct struct) {
            for (DebugType.Member member : struct.members()) {
                if (member.type() instanceof DebugType.Struct inner
                        && inner.name().equals(MapField.Kind.SPIN_LOCK.kernelName())) {
                    fields.add(new MapField(
                            MapField.Kind.SPIN_LOCK,
                            Math.toIntExact(member.bitOffset() / 8),
                            Math.toIntExact(inner.size()),
                            ""));
                }
            }
        }
        return fields;
    }
}
