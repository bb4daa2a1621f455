package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.stdlib.map.MapKind;

/** Values with a {@code spin_lock}: which maps hold them, and where in them the lock lies. */
final class LockedValues {
    private LockedValues() {}

    /** Whether a map of this kind may have such values; reports if not. */
    static boolean check(Compilation compilation, MapKind kind, Type value, Span span) {
        if (!value.holdsLock()) {
            return true;
        }
        if (!hold(kind)) {
            compilation.report(
                    at(span, DiagnosticCode.E0348, "the values of " + Words.a(kind.word()) + " map hold no `spin_lock`")
                            .withNote(
                                    kind.perCpu()
                                            ? "each CPU has a value of its own, so there is nothing to lock"
                                            : "Linux has locks in the values of `hash` and `array` maps")
                            .withHelp(kind.perCpu() ? "leave the lock out" : "use a `hash`"));
            return false;
        }
        if (value instanceof StructType struct
                && struct.fields().stream()
                                .filter(field -> field.type().holdsLock())
                                .count()
                        == 1
                && struct.fields().stream().anyMatch(field -> field.type() instanceof Type.SpinLock)) {
            return true;
        }
        compilation.report(at(span, DiagnosticCode.E0348, "the lock of `" + value + "` is not where Linux looks for it")
                .withNote("a value is a struct with one lock, a field of the struct itself")
                .withHelp("write `struct … { guard: spin_lock, … }`"));
        return false;
    }

    /** Linux 7.2: {@code map_check_btf} in {@code kernel/bpf/syscall.c}. */
    private static boolean hold(MapKind kind) {
        return switch (kind) {
            case HASH, RHASH, ARRAY, CGROUP_STORAGE -> true;
            case SK_STORAGE, INODE_STORAGE, TASK_STORAGE, CGRP_STORAGE -> true;
            default -> false; // All others, those that a later Linux adds among them until somebody looks.
        };
    }
}
