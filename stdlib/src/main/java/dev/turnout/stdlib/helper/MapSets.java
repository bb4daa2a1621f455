package dev.turnout.stdlib.helper;

import dev.turnout.stdlib.map.MapKind;
import java.util.EnumSet;
import java.util.Set;

/** Kinds of map that several helpers take. */
final class MapSets {
    /** Keys and values, looked up and changed in place. */
    static final Set<MapKind> PLAIN = Set.of(
            MapKind.HASH,
            MapKind.RHASH,
            MapKind.ARRAY,
            MapKind.PERCPU_HASH,
            MapKind.PERCPU_ARRAY,
            MapKind.LRU_HASH,
            MapKind.LRU_PERCPU_HASH,
            MapKind.LPM_TRIE);

    /** Maps of sockets can be changed only where no lock of a socket is held: the type of the program says where. */
    static final Set<MapKind> CHANGED = and(PLAIN, MapKind.SOCKMAP, MapKind.SOCKHASH);

    static final Set<MapKind> LOOKED_UP = and(
            CHANGED, MapKind.ARRAY_OF_MAPS, MapKind.HASH_OF_MAPS, MapKind.DEVMAP, MapKind.DEVMAP_HASH, MapKind.XSKMAP);

    static final Set<MapKind> REDIRECTED = Set.of(MapKind.DEVMAP, MapKind.DEVMAP_HASH, MapKind.CPUMAP, MapKind.XSKMAP);

    /** Maps whose elements a callback can be called for. */
    static final Set<MapKind> WALKED = Set.of(
            MapKind.HASH,
            MapKind.RHASH,
            MapKind.ARRAY,
            MapKind.PERCPU_HASH,
            MapKind.PERCPU_ARRAY,
            MapKind.LRU_HASH,
            MapKind.LRU_PERCPU_HASH);

    private MapSets() {}

    private static Set<MapKind> and(Set<MapKind> kinds, MapKind... more) {
        Set<MapKind> all = EnumSet.copyOf(kinds);
        all.addAll(Set.of(more));
        return Set.copyOf(all);
    }
}
