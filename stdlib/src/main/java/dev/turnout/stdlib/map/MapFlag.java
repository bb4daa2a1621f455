package dev.turnout.stdlib.map;

import static dev.turnout.stdlib.map.MapKind.ARENA;
import static dev.turnout.stdlib.map.MapKind.ARRAY;
import static dev.turnout.stdlib.map.MapKind.ARRAY_OF_MAPS;
import static dev.turnout.stdlib.map.MapKind.BLOOM_FILTER;
import static dev.turnout.stdlib.map.MapKind.CGROUP_ARRAY;
import static dev.turnout.stdlib.map.MapKind.CGROUP_STORAGE;
import static dev.turnout.stdlib.map.MapKind.CGRP_STORAGE;
import static dev.turnout.stdlib.map.MapKind.CPUMAP;
import static dev.turnout.stdlib.map.MapKind.DEVMAP;
import static dev.turnout.stdlib.map.MapKind.DEVMAP_HASH;
import static dev.turnout.stdlib.map.MapKind.HASH;
import static dev.turnout.stdlib.map.MapKind.HASH_OF_MAPS;
import static dev.turnout.stdlib.map.MapKind.INODE_STORAGE;
import static dev.turnout.stdlib.map.MapKind.LPM_TRIE;
import static dev.turnout.stdlib.map.MapKind.LRU_HASH;
import static dev.turnout.stdlib.map.MapKind.LRU_PERCPU_HASH;
import static dev.turnout.stdlib.map.MapKind.PERCPU_ARRAY;
import static dev.turnout.stdlib.map.MapKind.PERCPU_CGROUP_STORAGE;
import static dev.turnout.stdlib.map.MapKind.PERCPU_HASH;
import static dev.turnout.stdlib.map.MapKind.PERF_EVENT_ARRAY;
import static dev.turnout.stdlib.map.MapKind.PROG_ARRAY;
import static dev.turnout.stdlib.map.MapKind.QUEUE;
import static dev.turnout.stdlib.map.MapKind.REUSEPORT_SOCKARRAY;
import static dev.turnout.stdlib.map.MapKind.RHASH;
import static dev.turnout.stdlib.map.MapKind.RINGBUF;
import static dev.turnout.stdlib.map.MapKind.SK_STORAGE;
import static dev.turnout.stdlib.map.MapKind.SOCKHASH;
import static dev.turnout.stdlib.map.MapKind.SOCKMAP;
import static dev.turnout.stdlib.map.MapKind.STACK;
import static dev.turnout.stdlib.map.MapKind.STACK_TRACE;
import static dev.turnout.stdlib.map.MapKind.STRUCT_OPS;
import static dev.turnout.stdlib.map.MapKind.TASK_STORAGE;
import static dev.turnout.stdlib.map.MapKind.USER_RINGBUF;
import static dev.turnout.stdlib.map.MapKind.XSKMAP;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a map's definition may ask for besides its kind, in the order of the kernel's bits, and which kinds take it. What a kind does
 * not take makes the kernel refuse the map with {@code EINVAL}. Source: Linux 7.2, the flags of {@code BPF_MAP_CREATE}.
 */
public enum MapFlag {
    /** Elements come when they are needed, not with the map. */
    NO_PREALLOC(
            0,
            EnumSet.of(
                    HASH,
                    PERCPU_HASH,
                    HASH_OF_MAPS,
                    LPM_TRIE,
                    RHASH,
                    SK_STORAGE,
                    INODE_STORAGE,
                    TASK_STORAGE,
                    CGRP_STORAGE)),
    /** Each CPU evicts among the elements that it brought. */
    NO_COMMON_LRU(1, EnumSet.of(LRU_HASH, LRU_PERCPU_HASH)),
    /** Memory is of the node that the definition names. */
    NUMA_NODE(
            2,
            EnumSet.of(
                    HASH,
                    LRU_HASH,
                    HASH_OF_MAPS,
                    ARRAY,
                    PROG_ARRAY,
                    PERF_EVENT_ARRAY,
                    CGROUP_ARRAY,
                    ARRAY_OF_MAPS,
                    LPM_TRIE,
                    STACK_TRACE,
                    DEVMAP,
                    DEVMAP_HASH,
                    SOCKMAP,
                    SOCKHASH,
                    CPUMAP,
                    XSKMAP,
                    REUSEPORT_SOCKARRAY,
                    CGROUP_STORAGE,
                    PERCPU_CGROUP_STORAGE,
                    QUEUE,
                    STACK,
                    RINGBUF,
                    USER_RINGBUF,
                    BLOOM_FILTER)),
    /** Hosts may not write. */
    RDONLY(3, Sets.HOST_ACCESS),
    /** Hosts may not read. */
    WRONLY(4, Sets.HOST_ACCESS),
    STACK_BUILD_ID(5, EnumSet.of(STACK_TRACE)),
    /** The hash function begins with 0, so that keys collide in the same way each time. */
    ZERO_SEED(6, EnumSet.of(HASH, PERCPU_HASH, LRU_HASH, LRU_PERCPU_HASH, HASH_OF_MAPS, BLOOM_FILTER)),
    /** Programs may not write. */
    RDONLY_PROG(7, Sets.PROGRAM_ACCESS),
    /** Programs may not read. */
    WRONLY_PROG(8, Sets.PROGRAM_ACCESS),
    CLONE(9, EnumSet.of(SK_STORAGE)),
    /** User space may map the values. */
    MMAPABLE(10, EnumSet.of(ARRAY, ARENA)),
    /** Events stay when the descriptor that brought them is closed. */
    PRESERVE_ELEMS(11, EnumSet.of(PERF_EVENT_ARRAY)),
    /** In a map of maps it may stand beside maps with another number of entries. */
    INNER_MAP(12, EnumSet.of(ARRAY)),
    LINK(13, EnumSet.of(STRUCT_OPS)),
    PATH_FD(14, EnumSet.noneOf(MapKind.class)),
    VTYPE_BTF_OBJ_FD(15, EnumSet.of(STRUCT_OPS)),
    TOKEN_FD(16, EnumSet.allOf(MapKind.class)),
    SEGV_ON_FAULT(17, EnumSet.of(ARENA)),
    NO_USER_CONV(18, EnumSet.of(ARENA)),
    /** A full ring forgets its oldest records. */
    RB_OVERWRITE(19, EnumSet.of(RINGBUF));

    /** Which kinds take flags of access: those whose values are bytes of the programs, and for hosts some more. */
    private static final class Sets {
        static final Set<MapKind> PROGRAM_ACCESS = EnumSet.of(
                HASH,
                PERCPU_HASH,
                LRU_HASH,
                LRU_PERCPU_HASH,
                HASH_OF_MAPS,
                ARRAY,
                PERCPU_ARRAY,
                LPM_TRIE,
                RHASH,
                CGROUP_STORAGE,
                PERCPU_CGROUP_STORAGE,
                QUEUE,
                STACK,
                BLOOM_FILTER);
        static final Set<MapKind> HOST_ACCESS = EnumSet.copyOf(PROGRAM_ACCESS);

        static {
            HOST_ACCESS.addAll(EnumSet.of(
                    PROG_ARRAY,
                    PERF_EVENT_ARRAY,
                    CGROUP_ARRAY,
                    ARRAY_OF_MAPS,
                    STACK_TRACE,
                    DEVMAP,
                    DEVMAP_HASH,
                    SOCKMAP,
                    SOCKHASH,
                    XSKMAP,
                    REUSEPORT_SOCKARRAY));
        }
    }

    private final int bit;
    private final Set<MapKind> kinds;
    private final String word = name().toLowerCase(Locale.ROOT);

    MapFlag(int position, Set<MapKind> kinds) {
        this.bit = 1 << position;
        this.kinds = kinds;
    }

    /** Its value in {@code map_flags}. */
    public int bit() {
        return bit;
    }

    /** The name in the language. */
    public String word() {
        return word;
    }

    /** The name in the kernel's headers. */
    public String kernelName() {
        return "BPF_F_" + name();
    }

    /** Whether a map of this kind may have it. */
    public boolean takenBy(MapKind kind) {
        return kinds.contains(kind);
    }

    /** Whether these {@code map_flags} have it. */
    public boolean in(int flags) {
        return (flags & bit) != 0;
    }

    public static Optional<MapFlag> ofWord(String word) {
        return Arrays.stream(values()).filter(one -> one.word.equals(word)).findFirst();
    }
}
