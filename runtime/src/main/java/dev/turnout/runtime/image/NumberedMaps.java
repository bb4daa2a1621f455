package dev.turnout.runtime.image;

import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.MapHeader;
import dev.turnout.runtime.memory.Memory;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Every map and table of a machine, by the number in its header: how runs get from an address to a map. Runs look here without a lock;
 * a number is given anew only after its map was freed.
 */
final class NumberedMaps {
    private final BitSet used = new BitSet();
    /** Grows by being replaced. */
    private volatile AtomicReferenceArray<@Nullable BpfMap> maps = new AtomicReferenceArray<>(16);

    synchronized void add(BpfMap map) {
        int number = used.nextClearBit(0);
        used.set(number);
        AtomicReferenceArray<@Nullable BpfMap> all = maps;
        if (number == all.length()) {
            AtomicReferenceArray<@Nullable BpfMap> wider = new AtomicReferenceArray<>(2 * number);
            for (int i = 0; i < number; i++) {
                wider.set(i, all.get(i));
            }
            all = wider;
        }
        map.number(number);
        all.set(number, map);
        maps = all;
    }

    /** Before the map is freed; no run may be at it any more. */
    synchronized void remove(BpfMap map) {
        int number = Memory.loadInt(map.address() + MapHeader.NUMBER);
        maps.set(number, null);
        used.clear(number);
    }

    /** The map whose header is at an address, or null. */
    @Nullable
    BpfMap at(long header) {
        return maps.get(Memory.loadInt(header + MapHeader.NUMBER));
    }

    Optional<BpfMap> numbered(int number) {
        AtomicReferenceArray<@Nullable BpfMap> now = maps;
        return number < now.length() ? Optional.ofNullable(now.get(number)) : Optional.empty();
    }

    List<BpfMap> all() {
        AtomicReferenceArray<@Nullable BpfMap> now = maps;
        List<BpfMap> all = new ArrayList<>(now.length());
        for (int i = 0; i < now.length(); i++) {
            BpfMap map = now.get(i);
            if (map != null) {
                all.add(map);
            }
        }
        return all;
    }
}
