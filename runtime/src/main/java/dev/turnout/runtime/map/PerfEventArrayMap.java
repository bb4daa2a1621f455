package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@code perf_event_array}: a ring of records for each CPU slot. As in Linux there is nothing to write into until somebody outside
 * has opened the rings; {@link #open} does what there {@code perf_event_open} for each CPU and an update of each entry do.
 */
public final class PerfEventArrayMap extends BpfMap implements EventSource {
    /** In the flags of an output: the entry of the CPU that runs. */
    private static final long CURRENT_CPU = 0xffff_ffffL;

    private static final long INDEX = 0xffff_ffffL;

    /** The ring of a slot and its memory. */
    private record Opened(EventRing ring, Mapping memory) {}

    private final int slots;
    private final long entries;
    private final Arrivals arrivals = new Arrivals();
    private final ConsumerTurn turn = new ConsumerTurn();
    /** By index; empty until they are opened. */
    private volatile List<Opened> rings = List.of();

    private PerfEventArrayMap(MapDefinition definition, Mapping memory, int slots) {
        super(definition, memory);
        this.slots = slots;
        // Loaders take an array without entries for one of as many as there are CPUs.
        this.entries = definition.maxEntries() == 0 ? slots : definition.maxEntries();
    }

    static MapFactory.Plan plan(MapDefinition definition, int slots) {
        return new MapFactory.Plan(MapHeader.SIZE, memory -> new PerfEventArrayMap(definition, memory, slots));
    }

    /**
     * Gives every slot a ring that has none yet. From now on programs find entries to write to.
     *
     * @param bytes of each ring: a power of two, at least 4096
     * @throws IllegalArgumentException if a ring cannot have so many
     * @throws IllegalStateException if the system has no memory for them
     */
    public synchronized void open(long bytes) {
        if (!EventRing.fits(bytes)) {
            throw new IllegalArgumentException("a ring of " + bytes + " bytes: a power of two from 4096 on was wanted");
        }
        if (!rings.isEmpty()) {
            return;
        }
        List<Opened> fresh = new ArrayList<>();
        for (int slot = 0; slot < Math.min(slots, entries); slot++) {
            Optional<Mapping> memory = EventRing.room(bytes);
            if (memory.isEmpty()) {
                fresh.forEach(one -> one.memory().close());
                throw new IllegalStateException(
                        "the system has no memory for " + slots + " rings of " + bytes + " bytes");
            }
            fresh.add(new Opened(new EventRing(memory.get().address(), bytes, false, arrivals), memory.get()));
        }
        rings = List.copyOf(fresh);
    }

    // Programs.

    /**
     * Where a record of a program that runs on {@code slot} goes.
     *
     * @param flags an index, or {@link #CURRENT_CPU}
     * @return the slot whose ring it is, or a negated {@link Errno}
     */
    private int target(long flags, int slot) {
        if ((flags & ~INDEX) != 0) {
            return -Errno.EINVAL;
        }
        long index = flags == CURRENT_CPU ? slot : flags;
        if (index >= entries) {
            return -Errno.E2BIG;
        }
        if (index >= rings.size()) {
            return -Errno.ENOENT;
        }
        // The event of an entry is on that CPU, and events are written to from their own only.
        return index == slot ? slot : -Errno.EOPNOTSUPP;
    }

    /**
     * Writes a record: the bytes at {@code first}, then those at {@code second}.
     *
     * @param flags which entry; nothing else
     * @return 0, or a negated {@link Errno}
     */
    public int output(long flags, int slot, long first, long firstBytes, long second, long secondBytes) {
        int target = target(flags, slot);
        if (target < 0) {
            return target;
        }
        EventRing ring = rings.get(target).ring();
        long record = ring.reserve(firstBytes + secondBytes);
        if (record == 0) {
            return -Errno.ENOSPC;
        }
        Memory.copy(first, record, firstBytes);
        if (secondBytes > 0) {
            Memory.copy(second, record + firstBytes, secondBytes);
        }
        ring.commit(record, 0, false);
        return 0;
    }

    /** The counter of an entry: ours count nothing, so there is an error in any case. */
    public int counter(long flags, int slot) {
        int target = target(flags, slot);
        return target < 0 ? target : -Errno.EOPNOTSUPP;
    }

    // The consumer.

    @Override
    public int consume(RecordUse use, int most) {
        return turn.alone(() -> {
            int used = 0;
            for (Opened one : rings) {
                used += one.ring().consume(use, most - used);
            }
            return used;
        });
    }

    @Override
    public void show(RecordUse use) {
        turn.alone(() -> {
            rings.forEach(one -> one.ring().show(use));
            return 0;
        });
    }

    @Override
    public long lost() {
        return rings.stream().mapToLong(one -> one.ring().lost()).sum();
    }

    @Override
    public boolean ready() {
        return rings.stream().anyMatch(one -> one.ring().ready());
    }

    @Override
    public void waiting(int change) {
        rings.forEach(one -> one.ring().waiting(change));
    }

    @Override
    public Arrivals arrivals() {
        return arrivals;
    }

    // What a map of descriptors lacks.

    @Override
    int copyOut(long key, long to, long flags) {
        return -Errno.ENOTSUPP;
    }

    @Override
    public int update(long key, long value, long flags, int slot) {
        if (flags != ANY) {
            return -Errno.EINVAL;
        }
        return index(key) >= entries ? -Errno.E2BIG : -Errno.EBADF;
    }

    /** The rings stay: what is opened here is closed with the map. */
    @Override
    public int delete(long key) {
        if (index(key) >= entries) {
            return -Errno.E2BIG;
        }
        return index(key) < rings.size() ? -Errno.EBUSY : -Errno.ENOENT;
    }

    @Override
    int nextKey(long key, long next) {
        long index = key == 0 ? -1 : index(key);
        if (index == entries - 1) {
            return -Errno.ENOENT;
        }
        Memory.storeInt(next, index >= entries ? 0 : (int) index + 1);
        return 0;
    }

    private static long index(long key) {
        return Memory.loadInt(key) & 0xffff_ffffL;
    }

    @Override
    public void each(Consumer<MapEntry> use) {}

    @Override
    public void close() {
        super.close();
        rings.forEach(one -> one.memory().close());
        arrivals.tell();
    }
}
