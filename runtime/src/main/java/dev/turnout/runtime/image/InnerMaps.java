package dev.turnout.runtime.image;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.InnerMap;
import dev.turnout.runtime.map.MapFactory;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * The maps of a machine that maps of maps may hold. One that nobody holds any more is freed when every run has ended that was under way
 * then: a run that begins later cannot find it. Nobody waits for that: whoever makes or drops a map frees those whose time has come.
 */
final class InnerMaps {
    private final CpuSlots slots;
    private final NumberedMaps numbered;
    private final Map<String, InnerMap> named = new HashMap<>();
    private final Queue<Retired> retired = new ArrayDeque<>();
    private boolean closed;

    /**
     * A map that nobody holds.
     *
     * @param listed whether it is still among the numbered maps, where helpers of any run look who owns an address
     */
    private record Retired(BpfMap map, boolean listed, CpuSlots.GracePeriod grace) {}

    InnerMaps(CpuSlots slots, NumberedMaps numbered) {
        this.slots = slots;
        this.numbered = numbered;
    }

    /** A new map, held by the caller alone. */
    synchronized Optional<InnerMap> make(MapDefinition definition, Diagnostics diagnostics) {
        demandOpen();
        free();
        return MapFactory.create(definition, slots.count(), diagnostics).map(map -> {
            numbered.add(map);
            return new InnerMap(map, this::retire);
        });
    }

    /** A map that has a name in the machine, which holds it until it is closed; held once more by the caller. */
    synchronized InnerMap named(String name, BpfMap map) {
        demandOpen();
        InnerMap inner = named.computeIfAbsent(name, _ -> new InnerMap(map, this::retire));
        inner.retain();
        return inner;
    }

    private void demandOpen() {
        if (closed) {
            throw new IllegalStateException("the machine is closed");
        }
    }

    /** Nobody can find the map from now on. A host may drop one when all is freed already. */
    private synchronized void retire(BpfMap map) {
        if (!closed) {
            retired.add(new Retired(map, true, slots.gracePeriod()));
            free();
        }
    }

    private void free() {
        // Grace periods end in no fixed order, but one that began earlier is seldom the longer one.
        for (Retired next = retired.peek(); next != null && next.grace().isOver(); next = retired.peek()) {
            retired.remove();
            if (next.listed()) {
                // No run has it by now, but one may just have seen it in the list and be about to ask it for an
                // address.
                numbered.remove(next.map());
                retired.add(new Retired(next.map(), false, slots.gracePeriod()));
            } else {
                next.map().close();
            }
        }
    }

    /** Frees what the machine does not list any more; it frees the others itself. */
    synchronized void close() {
        closed = true;
        retired.stream().filter(one -> !one.listed()).forEach(one -> one.map().close());
    }
}
