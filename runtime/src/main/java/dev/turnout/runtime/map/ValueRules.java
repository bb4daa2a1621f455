package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapField;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What values a map may have by its kind, as Linux 7.2 has it: how long they are, and which fields of the machine's own they may
 * hold. Such fields want programs that may both read and write, for to lock is to write and to see a lock is to read.
 */
final class ValueRules {
    /** What a CPU's share of memory is made of: Linux takes no longer value in it. */
    private static final int LONGEST_PER_CPU = 1 << 15;

    private static final Set<MapKind> STORAGES =
            EnumSet.of(MapKind.SK_STORAGE, MapKind.INODE_STORAGE, MapKind.TASK_STORAGE, MapKind.CGRP_STORAGE);
    private static final Set<MapKind> TABLES = EnumSet.of(MapKind.HASH, MapKind.RHASH, MapKind.LRU_HASH, MapKind.ARRAY);

    private ValueRules() {}

    static Optional<String> wrong(MapDefinition definition) {
        if (definition.kind().perCpu() && MapFactory.padded(definition.valueSize()) > LONGEST_PER_CPU) {
            return Optional.of("a value that each CPU has has at most " + LONGEST_PER_CPU + " bytes");
        }
        for (MapField field : definition.fields()) {
            if (!takes(definition.kind(), field.kind())) {
                return Optional.of(
                        "values of this kind hold no `" + field.kind().kernelName() + "`");
            }
            if (definition.has(MapFlag.RDONLY_PROG) || definition.has(MapFlag.WRONLY_PROG)) {
                return Optional.of("its values hold a `" + field.kind().kernelName()
                        + "`, which programs must be able to read and write");
            }
        }
        return Optional.empty();
    }

    private static boolean takes(MapKind kind, MapField.Kind field) {
        boolean storage = STORAGES.contains(kind);
        return switch (field) {
            case SPIN_LOCK, RES_SPIN_LOCK ->
                storage || kind == MapKind.CGROUP_STORAGE || (TABLES.contains(kind) && kind != MapKind.LRU_HASH);
            case TIMER, WORKQUEUE, TASK_WORK -> TABLES.contains(kind);
            case KPTR, KPTR_UNTRUSTED, KPTR_PERCPU, REFCOUNT ->
                storage
                        || TABLES.contains(kind)
                        || kind == MapKind.PERCPU_HASH
                        || kind == MapKind.LRU_PERCPU_HASH
                        || kind == MapKind.PERCPU_ARRAY;
            case USER_POINTER -> kind == MapKind.TASK_STORAGE;
            case LIST_HEAD, RB_ROOT -> TABLES.contains(kind) && kind != MapKind.RHASH;
            // Nodes are members of what hangs in lists; Linux lets them be wherever they are.
            case LIST_NODE, RB_NODE -> true;
        };
    }
}
