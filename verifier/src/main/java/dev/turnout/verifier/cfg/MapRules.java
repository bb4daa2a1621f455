package dev.turnout.verifier.cfg;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapField;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
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

    private static boolean interrupts(ProgramType type) {
        return switch (type) {
            case KPROBE, TRACEPOINT, PERF_EVENT, RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE -> true;
            default -> false; // All others run where they wait for nobody whom they have stopped.
        };
    }
}
