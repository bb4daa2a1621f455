package dev.turnout.verifier.cfg;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapField;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramSection;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.verifier.report.Violation;
import java.util.Optional;

/**
 * Whether programs of a type may use a map at all, wherever they name it. A program that interrupts others must not wait for a lock
 * that those hold; so programs that are attached to events have no maps with spin locks, lists or trees. Source: Linux 7.2, {@code
 * check_map_prog_compatibility}.
 */
final class MapRules {
    private MapRules() {}

    static Optional<Violation> check(BpfProgram program, int slot, MapDefinition map) {
        if (program.type().isEmpty()) {
            return Optional.empty();
        }
        if (map.kind() == MapKind.STRUCT_OPS) {
            return Optional.of(Violation.of(
                    DiagnosticCode.V0153, slot, "no program can use map `" + map.name() + "`, which holds operations"));
        }
        if (program.has(ProgramSection.Trait.SLEEPABLE) && !waits(map.kind())) {
            return Optional.of(Violation.of(
                            DiagnosticCode.V0153,
                            slot,
                            "a program that may sleep cannot use map `" + map.name() + "`, which is of kind `"
                                    + map.kind().word() + "`")
                    .note("what it is given of the map could be gone before it wakes"));
        }
        ProgramType type = program.type().get();
        for (MapField field : map.fields()) {
            boolean barred = switch (field.kind()) {
                case SPIN_LOCK, RES_SPIN_LOCK -> interrupts(type) || type == ProgramType.SOCKET_FILTER;
                case LIST_HEAD, RB_ROOT -> interrupts(type);
                case TIMER, WORKQUEUE, TASK_WORK, KPTR, KPTR_UNTRUSTED, KPTR_PERCPU, USER_POINTER -> false;
                case LIST_NODE, RB_NODE, REFCOUNT -> false;
            };
            if (barred) {
                return Optional.of(Violation.of(
                        DiagnosticCode.V0153,
                        slot,
                        "a `" + type.word() + "` program cannot use map `" + map.name() + "`, whose values hold a `"
                                + field.kind().kernelName() + "`"));
            }
        }
        return Optional.empty();
    }

    /** Whether what a program has of such a map stays as long as the program sleeps. */
    private static boolean waits(MapKind kind) {
        return switch (kind) {
            case HASH, RHASH, LRU_HASH, ARRAY, PERCPU_HASH, PERCPU_ARRAY, LRU_PERCPU_HASH, LPM_TRIE -> true;
            case ARRAY_OF_MAPS, HASH_OF_MAPS, RINGBUF, USER_RINGBUF, QUEUE, STACK, ARENA, INSN_ARRAY, PROG_ARRAY ->
                true;
            case INODE_STORAGE, SK_STORAGE, TASK_STORAGE, CGRP_STORAGE -> true;
            case PERF_EVENT_ARRAY, STACK_TRACE, CGROUP_ARRAY, DEVMAP, DEVMAP_HASH, SOCKMAP, SOCKHASH, CPUMAP -> false;
            case XSKMAP, CGROUP_STORAGE, PERCPU_CGROUP_STORAGE, REUSEPORT_SOCKARRAY, STRUCT_OPS, BLOOM_FILTER -> false;
        };
    }

    private static boolean interrupts(ProgramType type) {
        return switch (type) {
            case KPROBE, TRACEPOINT, PERF_EVENT, RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE -> true;
            default -> false; // All others run where they wait for nobody whom they have stopped.
        };
    }
}
