package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@code array_of_maps} and {@code hash_of_maps}: a word of an entry is the address of an inner map's header. Programs look one up
 * and use it until they end; hosts put maps in and take them out, all of one shape. An entry holds its map; what it let go of lives
 * until no run can have it any more.
 *
 * <p>As in Linux, a host that reads an entry sees the number of its map; ours are the machine's own, counted from 1.
 */
public final class MapOfMaps extends BpfMap {
    private final MapDefinition template;
    private final Words words;
    /** What the words stand for. Guarded by this. */
    private final Map<ByteString, InnerMap> held = new HashMap<>();

    private MapOfMaps(MapDefinition definition, Mapping memory, Optional<Words> table) {
        super(definition, memory);
        this.template = definition.inner().orElseThrow();
        this.words = table.orElseGet(() -> Words.Indexed.behind(memory.address(), definition));
    }

    static MapFactory.Plan plan(MapDefinition definition, int cpuSlots) {
        if (definition.kind() == MapKind.ARRAY_OF_MAPS) {
            return new MapFactory.Plan(
                    Words.Indexed.bytes(definition), memory -> new MapOfMaps(definition, memory, Optional.empty()));
        }
        MapFactory.Plan table = Words.Hashed.plan(definition, cpuSlots);
        return new MapFactory.Plan(table.bytes(), memory -> {
            Words words = new Words.Hashed((HashTableMap) table.make().apply(memory));
            return new MapOfMaps(definition, memory, Optional.of(words));
        });
    }

    /** Why there can be no such map; empty if there can. */
    static Optional<String> wrong(MapDefinition definition) {
        if (definition.valueSize() != 4) {
            return Optional.of("its values are numbers of 4 bytes");
        }
        return definition.inner().isEmpty()
                ? Optional.of("nothing says what the maps in it are like")
                : canBeInner(definition.inner().get().kind())
                        ? Optional.empty()
                        : Optional.of("a `" + definition.inner().get().kind().word() + "` cannot be in a map of maps");
    }

    /** Kinds whose shape says all that a proof needs to know of them. A program array's programs, say, are no part of its shape. */
    private static boolean canBeInner(MapKind kind) {
        return switch (kind) {
            case PROG_ARRAY, ARRAY_OF_MAPS, HASH_OF_MAPS, CGROUP_STORAGE, PERCPU_CGROUP_STORAGE -> false;
            case STRUCT_OPS, INSN_ARRAY -> false;
            case HASH, ARRAY, PERF_EVENT_ARRAY, PERCPU_HASH, PERCPU_ARRAY, STACK_TRACE, CGROUP_ARRAY -> true;
            case LRU_HASH, LRU_PERCPU_HASH, LPM_TRIE, DEVMAP, SOCKMAP, CPUMAP, XSKMAP, SOCKHASH -> true;
            case REUSEPORT_SOCKARRAY, QUEUE, STACK, SK_STORAGE, DEVMAP_HASH, RINGBUF, INODE_STORAGE -> true;
            case TASK_STORAGE, BLOOM_FILTER, USER_RINGBUF, CGRP_STORAGE, ARENA, RHASH -> true;
        };
    }

    /** What the maps in it are like. */
    public MapDefinition template() {
        return template;
    }

    /**
     * Whether a map may be in it: what a proof took for granted of one must be so of all. Arrays differ in their number of entries only
     * if both say so with {@link MapFlag#INNER_MAP}.
     */
    public boolean fits(MapDefinition inner) {
        boolean counted = inner.kind() == MapKind.ARRAY || inner.kind() == MapKind.PERCPU_ARRAY;
        return inner.kind() == template.kind()
                && inner.keySize() == template.keySize()
                && inner.valueSize() == template.valueSize()
                && inner.flags() == template.flags()
                && inner.fields().equals(template.fields())
                && ((!counted && inner.kind() != MapKind.XSKMAP)
                        || template.has(MapFlag.INNER_MAP)
                        || inner.maxEntries() == template.maxEntries());
    }

    /**
     * Puts a map into an entry, which holds it from now on.
     *
     * @param flags what is demanded of the key of a {@code hash_of_maps}; 0 for an {@code array_of_maps}
     * @return 0, or a negated {@link Errno}: {@link Errno#EINVAL} for a map of another shape or unknown flags
     */
    public int put(ByteString key, InnerMap inner, long flags) {
        demand("key", key.size(), definition().keySize());
        int refused = refused(flags);
        if (refused != 0) {
            return refused;
        }
        try (Arena arena = Arena.ofConfined()) {
            return put(key, copyIn(arena, key), inner, flags);
        }
    }

    private int refused(long flags) {
        if (!hostMayWrite()) {
            return -Errno.EPERM;
        }
        boolean known =
                definition().kind() == MapKind.ARRAY_OF_MAPS ? flags == ANY : Long.compareUnsigned(flags, EXIST) <= 0;
        return known ? 0 : -Errno.EINVAL;
    }

    private synchronized int put(ByteString key, long at, InnerMap inner, long flags) {
        boolean index = definition().kind() == MapKind.ARRAY_OF_MAPS;
        if (index && words.find(at) == 0) {
            return -Errno.E2BIG;
        }
        if (!fits(inner.map().definition())) {
            return -Errno.EINVAL;
        }
        boolean there = held.containsKey(key);
        if (flags == NO_EXIST && there) {
            return -Errno.EEXIST;
        }
        if (flags == EXIST && !there) {
            return -Errno.ENOENT;
        }
        if (!inner.retain()) {
            return -Errno.EBADF;
        }
        int result = words.set(at, inner.map().address());
        InnerMap unused = result == 0 ? held.put(key, inner) : inner;
        if (unused != null) {
            unused.release();
        }
        return result;
    }

    /** The map of an entry, held once more for the caller, who releases it; empty if there is none. */
    public synchronized Optional<InnerMap> held(ByteString key) {
        Optional<InnerMap> found = Optional.ofNullable(held.get(key));
        // An entry holds its map, so that it can always be held once more.
        found.ifPresent(InnerMap::retain);
        return found;
    }

    @Override
    public long lookup(long key, int slot) {
        return words.get(key);
    }

    /** For hosts there is {@link #put}; a number means nothing, as a closed descriptor in Linux. */
    @Override
    public int update(long key, long value, long flags, int slot) {
        return -Errno.EBADF;
    }

    @Override
    public synchronized int delete(long key) {
        int result = words.clear(key);
        if (result == 0) {
            InnerMap old = held.remove(
                    ByteString.copyOf(Memory.copyOut(key, definition().keySize())));
            if (old != null) {
                old.release();
            }
        }
        return result;
    }

    @Override
    synchronized int copyOut(long key, long to, long flags) {
        long header = words.get(key);
        if (header == 0) {
            return -Errno.ENOENT;
        }
        Memory.storeInt(to, number(header));
        return 0;
    }

    private static int number(long header) {
        return Memory.loadInt(header + MapHeader.NUMBER) + 1;
    }

    @Override
    int nextKey(long key, long next) {
        return words.nextKey(key, next);
    }

    /** Programs reach no word of it but through a lookup. */
    @Override
    public synchronized void each(Consumer<MapEntry> use) {
        words.each((key, header) -> {
            int number = number(header);
            byte[] value = {(byte) number, (byte) (number >> 8), (byte) (number >> 16), (byte) (number >> 24)};
            use.accept(new MapEntry(key, List.of(ByteString.copyOf(value))));
        });
    }
}
