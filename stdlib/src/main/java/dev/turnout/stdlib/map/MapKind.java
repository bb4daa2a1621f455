package dev.turnout.stdlib.map;

import java.util.Locale;
import java.util.Optional;

/** The map kinds of Linux 7.2, in the order of their kernel numbers, from 1 on without gaps. */
public enum MapKind {
    HASH(Keys.ANY, Values.PLAIN, false),
    ARRAY(Keys.INDEX, Values.PLAIN, false),
    PROG_ARRAY(Keys.INDEX, Values.PROGRAM, false),
    PERF_EVENT_ARRAY(Keys.INDEX, Values.DESCRIPTOR, false),
    PERCPU_HASH(Keys.ANY, Values.PLAIN, true),
    PERCPU_ARRAY(Keys.INDEX, Values.PLAIN, true),
    STACK_TRACE(Keys.INDEX, Values.OTHER, false),
    CGROUP_ARRAY(Keys.INDEX, Values.DESCRIPTOR, false),
    LRU_HASH(Keys.ANY, Values.PLAIN, false),
    LRU_PERCPU_HASH(Keys.ANY, Values.PLAIN, true),
    LPM_TRIE(Keys.ANY, Values.PLAIN, false),
    ARRAY_OF_MAPS(Keys.INDEX, Values.MAP, false),
    HASH_OF_MAPS(Keys.ANY, Values.MAP, false),
    DEVMAP(Keys.INDEX, Values.OTHER, false),
    SOCKMAP(Keys.INDEX, Values.OTHER, false),
    CPUMAP(Keys.INDEX, Values.OTHER, false),
    XSKMAP(Keys.INDEX, Values.OTHER, false),
    SOCKHASH(Keys.ANY, Values.OTHER, false),
    CGROUP_STORAGE(Keys.ANY, Values.PLAIN, false),
    REUSEPORT_SOCKARRAY(Keys.INDEX, Values.OTHER, false),
    PERCPU_CGROUP_STORAGE(Keys.ANY, Values.PLAIN, true),
    QUEUE(Keys.NONE, Values.PLAIN, false),
    STACK(Keys.NONE, Values.PLAIN, false),
    SK_STORAGE(Keys.ANY, Values.PLAIN, false),
    DEVMAP_HASH(Keys.ANY, Values.OTHER, false),
    STRUCT_OPS(Keys.ANY, Values.OTHER, false),
    RINGBUF(Keys.NONE, Values.OTHER, false),
    INODE_STORAGE(Keys.ANY, Values.PLAIN, false),
    TASK_STORAGE(Keys.ANY, Values.PLAIN, false),
    BLOOM_FILTER(Keys.NONE, Values.PLAIN, false),
    USER_RINGBUF(Keys.NONE, Values.OTHER, false),
    CGRP_STORAGE(Keys.ANY, Values.PLAIN, false),
    ARENA(Keys.NONE, Values.OTHER, false),
    /** Instruction addresses: what a jump table becomes. */
    INSN_ARRAY(Keys.INDEX, Values.OTHER, false),
    /** A hash map that grows with what it holds. */
    RHASH(Keys.ANY, Values.PLAIN, false);

    /** What a key is. */
    public enum Keys {
        /** No key at all. */
        NONE,
        /** A u32 from 0 to max_entries - 1; every such key exists. */
        INDEX,
        /** Bytes. */
        ANY
    }

    /** What a value is. */
    public enum Values {
        /** Bytes that a program reads and writes in place. */
        PLAIN,
        PROGRAM,
        MAP,
        DESCRIPTOR,
        OTHER
    }

    /** What stands between the angle brackets of a declaration. */
    public enum Shape {
        KEY_AND_VALUE,
        /** The value is a number that the kernel gives a meaning: a program, a device, a CPU. */
        KEY,
        VALUE,
        /** The second type is that of the maps inside. */
        KEY_AND_MAP,
        NOTHING
    }

    private final Keys keys;
    private final Values valueKind;
    private final boolean perCpu;
    private final String word = name().toLowerCase(Locale.ROOT);

    MapKind(Keys keys, Values valueKind, boolean perCpu) {
        this.keys = keys;
        this.valueKind = valueKind;
        this.perCpu = perCpu;
    }

    /** The number in the kernel's {@code enum bpf_map_type}. */
    @SuppressWarnings("EnumOrdinal") // The rows stand in the order of the kernel's numbers; a test holds some of them.
    public int kernelId() {
        return ordinal() + 1;
    }

    /** The name in the language. */
    public String word() {
        return word;
    }

    public Keys keys() {
        return keys;
    }

    public Values valueKind() {
        return valueKind;
    }

    /** Whether each CPU has a value of its own for every key. */
    public boolean perCpu() {
        return perCpu;
    }

    /** The kernel's struct of such a map, whose fields programs may read; empty if they may not. */
    public String kernelStruct() {
        return switch (this) {
            case ARRAY, PERCPU_ARRAY, PROG_ARRAY, PERF_EVENT_ARRAY, CGROUP_ARRAY, ARRAY_OF_MAPS -> "bpf_array";
            case HASH, PERCPU_HASH, LRU_HASH, LRU_PERCPU_HASH, HASH_OF_MAPS -> "bpf_htab";
            case RHASH -> "bpf_rhtab";
            case STACK_TRACE -> "bpf_stack_map";
            case LPM_TRIE -> "lpm_trie";
            case DEVMAP, DEVMAP_HASH -> "bpf_dtab";
            case SOCKMAP -> "bpf_stab";
            case SOCKHASH -> "bpf_shtab";
            case CPUMAP -> "bpf_cpu_map";
            case XSKMAP -> "xsk_map";
            case CGROUP_STORAGE, PERCPU_CGROUP_STORAGE -> "bpf_cgroup_storage_map";
            case REUSEPORT_SOCKARRAY -> "reuseport_array";
            case QUEUE, STACK -> "bpf_queue_stack";
            case SK_STORAGE, INODE_STORAGE, TASK_STORAGE, CGRP_STORAGE -> "bpf_local_storage_map";
            case STRUCT_OPS -> "bpf_struct_ops_map";
            case RINGBUF, USER_RINGBUF -> "bpf_ringbuf_map";
            case BLOOM_FILTER -> "bpf_bloom_filter";
            case ARENA -> "bpf_arena";
            case INSN_ARRAY -> "bpf_insn_array";
        };
    }

    /** How a declaration in the language names keys and values. */
    public Shape shape() {
        return switch (valueKind) {
            case PROGRAM, DESCRIPTOR -> Shape.KEY;
            case MAP -> Shape.KEY_AND_MAP;
            case PLAIN -> keys == Keys.NONE ? Shape.VALUE : Shape.KEY_AND_VALUE;
            case OTHER -> keys == Keys.NONE ? Shape.NOTHING : Shape.KEY;
        };
    }

    /** {@code bloom_filter} is written {@code bloom} too. */
    public static Optional<MapKind> ofWord(String word) {
        if (word.equals("bloom")) {
            return Optional.of(BLOOM_FILTER);
        }
        for (MapKind kind : values()) {
            if (kind.word.equals(word)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    public static Optional<MapKind> ofKernelId(long id) {
        return id >= 1 && id <= values().length ? Optional.of(values()[(int) id - 1]) : Optional.empty();
    }
}
