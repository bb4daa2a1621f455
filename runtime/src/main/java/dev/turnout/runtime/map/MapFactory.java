package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.stdlib.map.MapKind;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Makes maps of their definitions, or says why a definition makes none. */
public final class MapFactory {
    /** Bytes that one map may take: pages that are never touched cost nothing, but address space ends somewhere. */
    public static final long LIMIT = 1L << 34;

    /** Bytes of a key with its value; Linux stops at some MiB. */
    private static final int LARGEST = 1 << 26;

    /** Bytes of the bits of a prefix. */
    private static final int LONGEST_PREFIX = 256;

    /** How much memory a map takes, and how that memory becomes the map. */
    record Plan(long bytes, Supplier<Optional<Mapping>> memory, Function<Mapping, BpfMap> make) {
        /** Any memory will do. */
        Plan(long bytes, Function<Mapping, BpfMap> make) {
            this(bytes, () -> Mapping.anywhere(bytes), make);
        }
    }

    private MapFactory() {}

    static long padded(long bytes) {
        return (bytes + 7) & -8;
    }

    /**
     * A map as its definition says, with its content.
     *
     * @param cpuSlots values a key has in maps that are per CPU
     * @return empty if it was refused, which was reported
     */
    public static Optional<BpfMap> create(MapDefinition definition, int cpuSlots, Diagnostics diagnostics) {
        Optional<String> wrong = wrong(definition);
        if (wrong.isPresent()) {
            diagnostics.report(Diagnostic.general(
                            DiagnosticCode.R0102, "map `" + definition.name() + "` cannot be made: " + wrong.get())
                    .withNote("it is defined as `" + definition.kind().word() + "`, key " + definition.keySize()
                            + " bytes, value " + definition.valueSize() + " bytes, "
                            + Long.toUnsignedString(definition.maxEntries()) + " entries"));
            return Optional.empty();
        }
        Optional<Plan> plan = plan(definition, cpuSlots);
        if (plan.isEmpty()) {
            diagnostics.report(Diagnostic.general(
                            DiagnosticCode.R0103,
                            "this machine has no maps of kind `"
                                    + definition.kind().word() + "`")
                    .withNote("map `" + definition.name() + "` is one")
                    .withHelp("run it in the kernel: `--engine kernel`"));
            return Optional.empty();
        }
        long bytes = plan.get().bytes();
        Optional<Mapping> memory =
                bytes > LIMIT ? Optional.empty() : plan.get().memory().get();
        if (memory.isEmpty()) {
            diagnostics.report(Diagnostic.general(
                            DiagnosticCode.R0102,
                            "map `" + definition.name() + "` cannot be made: it takes " + bytes + " bytes")
                    .withNote("a map may take " + LIMIT + " bytes, if the system has them"));
            return Optional.empty();
        }
        return Optional.of(plan.get().make().apply(memory.get()));
    }

    private static Optional<String> wrong(MapDefinition definition) {
        Optional<String> wrong = MapFlags.wrong(definition).or(() -> ValueRules.wrong(definition));
        if (wrong.isPresent()) {
            return wrong;
        }
        boolean sized = definition.maxEntries() > 0 || definition.kind() == MapKind.PERF_EVENT_ARRAY;
        if (!sized || definition.maxEntries() > 0xffff_ffffL) {
            return Optional.of("it must have at least one entry and fewer than 2^32");
        }
        if (definition.keySize() < 0 || definition.valueSize() < 0) {
            return Optional.of("a size is negative");
        }
        if ((long) definition.keySize() + definition.valueSize() > LARGEST) {
            return Optional.of("a key and its value have at most " + LARGEST + " bytes");
        }
        return switch (definition.kind().keys()) {
            case INDEX ->
                definition.keySize() == 4 ? content(definition) : Optional.of("its keys are indices of 4 bytes");
            case ANY ->
                definition.keySize() >= 1 && definition.valueSize() >= 1
                        ? content(definition)
                        : Optional.of("keys and values have at least one byte");
            case NONE ->
                definition.kind() == MapKind.RINGBUF || definition.kind() == MapKind.USER_RINGBUF
                        ? RingBufferMap.wrong(definition)
                        : keyless(definition);
        };
    }

    private static Optional<String> keyless(MapDefinition definition) {
        boolean holdsValues = definition.kind().valueKind() == MapKind.Values.PLAIN;
        return holdsValues && (definition.keySize() != 0 || definition.valueSize() < 1)
                ? Optional.of("it has no keys, and values of at least one byte")
                : Optional.empty();
    }

    private static Optional<String> content(MapDefinition definition) {
        if (definition.valueSize() < 1) {
            return Optional.of("values have at least one byte");
        }
        if (RedirectMap.isOne(definition.kind())) {
            return RedirectMap.wrong(definition);
        }
        if (definition.kind().valueKind() == MapKind.Values.MAP) {
            return MapOfMaps.wrong(definition)
                    .or(() -> definition.inner().flatMap(MapFactory::wrong).map(why -> "of the maps in it: " + why));
        }
        if (definition.kind() == MapKind.STACK_TRACE) {
            return StackTraceMap.wrong(definition);
        }
        int bits = definition.keySize() - TrieNodes.LENGTH_BYTES;
        if (definition.kind() == MapKind.LPM_TRIE && (bits < 1 || bits > LONGEST_PREFIX)) {
            return Optional.of("its keys are the length of a prefix in 4 bytes and 1 to " + LONGEST_PREFIX + " bytes");
        }
        boolean numbers = definition.kind() == MapKind.PROG_ARRAY || definition.kind() == MapKind.PERF_EVENT_ARRAY;
        if (numbers && definition.valueSize() != 4) {
            return Optional.of("its values are numbers of 4 bytes");
        }
        return switch (definition.content()) {
            case MapDefinition.Content.Empty _ -> Optional.empty();
            case MapDefinition.Content.Data data ->
                definition.kind() == MapKind.ARRAY && data.bytes().size() <= definition.valueSize()
                        ? Optional.empty()
                        : Optional.of("its content does not fit its value");
            case MapDefinition.Content.Targets targets ->
                definition.kind() == MapKind.INSN_ARRAY && targets.targets().size() <= definition.maxEntries()
                        ? Optional.empty()
                        : Optional.of("its targets do not fit its entries");
            case MapDefinition.Content.Functions functions ->
                definition.kind() == MapKind.INSN_ARRAY && functions.rows().size() <= definition.maxEntries()
                        ? Optional.empty()
                        : Optional.of("its functions do not fit its entries");
        };
    }

    private static Optional<Plan> plan(MapDefinition definition, int cpuSlots) {
        return switch (definition.kind()) {
            case ARRAY, PERCPU_ARRAY -> Optional.of(ArrayMap.plan(definition, cpuSlots));
            case HASH, PERCPU_HASH, LRU_HASH, LRU_PERCPU_HASH -> Optional.of(HashTableMap.plan(definition, cpuSlots));
            case LPM_TRIE -> Optional.of(LpmTrieMap.plan(definition));
            case QUEUE, STACK -> Optional.of(QueueMap.plan(definition));
            case BLOOM_FILTER -> Optional.of(BloomFilterMap.plan(definition));
            case PROG_ARRAY -> Optional.of(ProgramArrayMap.plan(definition));
            case DEVMAP, DEVMAP_HASH, CPUMAP, XSKMAP -> Optional.of(RedirectMap.plan(definition, cpuSlots));
            case ARRAY_OF_MAPS, HASH_OF_MAPS -> Optional.of(MapOfMaps.plan(definition, cpuSlots));
            case INSN_ARRAY ->
                Optional.of(
                        definition.content() instanceof MapDefinition.Content.Functions functions
                                ? FunctionArrayMap.plan(definition, functions)
                                : InstructionArrayMap.plan(definition));
            case RINGBUF -> Optional.of(RingBufferMap.plan(definition));
            case USER_RINGBUF -> Optional.of(UserRingMap.plan(definition));
            case PERF_EVENT_ARRAY -> Optional.of(PerfEventArrayMap.plan(definition, cpuSlots));
            case STACK_TRACE -> Optional.of(StackTraceMap.plan(definition));
            case CGROUP_ARRAY,
                    SOCKMAP,
                    SOCKHASH,
                    CGROUP_STORAGE,
                    REUSEPORT_SOCKARRAY,
                    PERCPU_CGROUP_STORAGE,
                    SK_STORAGE,
                    STRUCT_OPS,
                    INODE_STORAGE,
                    TASK_STORAGE,
                    RHASH,
                    CGRP_STORAGE,
                    ARENA -> Optional.empty();
        };
    }
}
