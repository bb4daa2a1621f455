package dev.turnout.verifier.obligation;

import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapField;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.domain.Held;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.kernel.OwnFields;
import dev.turnout.verifier.report.Violation;
import java.util.List;
import java.util.Optional;

/** The kernel's own fields of map values: locks, timers, pointers. Programs reach them through calls only, and touch none. */
final class FieldCheck {
    private final BpfProgram program;
    private final OwnFields own;

    FieldCheck(BpfProgram program) {
        this.program = program;
        this.own = new OwnFields(program);
    }

    /** The value points to a field of this kind in a map's value. */
    Optional<Violation> field(State state, SlotCheck.Argument argument, Value value, MapField.Kind kind) {
        return find(state, argument, value, kind, DiagnosticCode.V0150);
    }

    private Optional<Violation> find(
            State state, SlotCheck.Argument argument, Value value, MapField.Kind kind, DiagnosticCode code) {
        String what = "a pointer to a `" + kind.kernelName() + "` in a map's value";
        if (value instanceof Value.Pointer owned && owned.region() instanceof Region.Allocated) {
            boolean held = switch (kind) {
                case SPIN_LOCK, RES_SPIN_LOCK, KPTR -> true;
                case TIMER, WORKQUEUE, TASK_WORK, KPTR_UNTRUSTED, KPTR_PERCPU, USER_POINTER -> false;
                case LIST_HEAD, LIST_NODE, RB_ROOT, RB_NODE, REFCOUNT -> false;
            };
            return held && own.field(state, value, kind).isPresent()
                    ? Optional.empty()
                    : Optional.of(argument.must(code, what).note("it is " + value.words()));
        }
        if (!(value instanceof Value.Pointer pointer) || !(pointer.region() instanceof Region.MapValue region)) {
            return Optional.of(argument.must(code, what).note("it is " + value.words()));
        }
        if (pointer.isNullable()) {
            return Optional.of(AccessCheck.mayBeNull(argument.slot(), "argument " + (argument.index() + 1), pointer));
        }
        Num at = state.offset(pointer);
        if (!at.isConstant()) {
            return Optional.of(argument.must(code, what).note("its offset is not one number: it is " + at));
        }
        MapDefinition map = program.map(region.map());
        Optional<MapField> field =
                map.fields().stream().filter(one -> one.kind() == kind).findFirst();
        if (field.isEmpty()) {
            return Optional.of(argument.must(code, what)
                    .note("the type of the values of map `" + map.name() + "` has no such field"));
        }
        boolean there = map.fields().stream().anyMatch(one -> one.kind() == kind && one.offset() == at.constant());
        return there
                ? Optional.empty()
                : Optional.of(argument.must(code, what)
                        .note("it points to byte " + at + " of a value of map `" + map.name()
                                + "`, the field is at byte " + field.get().offset()));
    }

    /** A lock is taken or given back: one of that kind that is there, and free, or was taken last. */
    Optional<Violation> lock(
            State state, SlotCheck.Argument argument, Value value, Held.Lock.Kind kind, boolean takes) {
        Optional<Violation> missing = find(
                state,
                argument,
                value,
                kind == Held.Lock.Kind.SPIN ? MapField.Kind.SPIN_LOCK : MapField.Kind.RES_SPIN_LOCK,
                DiagnosticCode.V0143);
        if (missing.isPresent() || !(value instanceof Value.Pointer pointer)) {
            return missing;
        }
        Held held = state.held();
        if (takes) {
            boolean second = kind == Held.Lock.Kind.SPIN
                    ? held.locks().stream().anyMatch(lock -> lock.kind() == Held.Lock.Kind.SPIN)
                    : held.locks().stream()
                            .anyMatch(lock -> lock.kind() != Held.Lock.Kind.SPIN && lock.is(lock.kind(), pointer));
            return second
                    ? Optional.of(Violation.of(
                                    DiagnosticCode.V0143,
                                    argument.slot(),
                                    kind == Held.Lock.Kind.SPIN
                                            ? "a second lock is taken while one is held"
                                            : "a lock is taken again that is held already")
                            .note("a lock was taken at instruction "
                                    + held.locks().getLast().slot())
                            .help("unlock that first"))
                    : Optional.empty();
        }
        if (held.locks().stream().noneMatch(lock -> lock.is(kind, pointer))) {
            return Optional.of(Violation.of(
                            DiagnosticCode.V0143,
                            argument.slot(),
                            "a lock is given back that is not held on some way to here")
                    .note(
                            held.locks().isEmpty()
                                    ? "no lock is held"
                                    : "the lock that is held was taken at instruction "
                                            + held.locks().getLast().slot() + ", and is another")
                    .help("unlock through the pointer that the lock was taken through"));
        }
        return held.locks().getLast().is(kind, pointer)
                ? Optional.empty()
                : Optional.of(Violation.of(
                                DiagnosticCode.V0143,
                                argument.slot(),
                                "locks are given back in another order than reverse")
                        .note("the lock that was taken last, at instruction "
                                + held.locks().getLast().slot() + ", is still held"));
    }

    /** An access to a map's value, or an object, touches none of the kernel's fields; of its pointers, a program may load each whole. */
    Optional<Violation> untouched(AccessCheck.Request request, String what, List<MapField> all) {
        for (MapField field : all) {
            boolean touches = request.at().sMin() < field.offset() + field.bytes()
                    && field.offset() < request.at().uMax() + request.bytes();
            if (!touches) {
                continue;
            }
            boolean whole = request.at().equals(Num.constant(field.offset()))
                    && request.bytes() == Long.BYTES
                    && !request.helper()
                    && !request.atomic();
            boolean allowed = switch (field.kind()) {
                case KPTR, KPTR_PERCPU, USER_POINTER -> whole && !request.writes();
                case KPTR_UNTRUSTED -> whole;
                case SPIN_LOCK, RES_SPIN_LOCK, TIMER, WORKQUEUE, TASK_WORK, REFCOUNT -> false;
                case LIST_HEAD, LIST_NODE, RB_ROOT, RB_NODE -> false;
            };
            if (!allowed) {
                return Optional.of(request.violation(
                                DiagnosticCode.V0149,
                                request.verb() + "the `" + field.kind().kernelName() + "` in " + what)
                        .note("it is bytes " + field.offset() + " to " + (field.offset() + field.bytes())
                                + ", which are the kernel's own; the access is at byte " + request.at())
                        .help("leave these bytes out, and reach the field by the calls that are made for it"));
            }
        }
        return Optional.empty();
    }

    /** A pointer that is not counted may be replaced by null; by another, only if the kernel's types say that it is of that type. */
    Optional<Violation> kept(State state, int slot, Obligation.Kept store) {
        if (!(state.reg(store.base()) instanceof Value.Pointer pointer)
                || !(pointer.region() instanceof Region.MapValue region)
                || !state.offset(pointer).isConstant()) {
            return Optional.empty();
        }
        long at = state.offset(pointer).constant() + store.offset();
        boolean kept = program.map(region.map()).fields().stream()
                .anyMatch(field -> field.kind() == MapField.Kind.KPTR_UNTRUSTED && field.offset() == at);
        Value value = switch (store.value()) {
            case Operand.Register register -> state.reg(register.reg());
            case Operand.Immediate immediate -> Value.constant(immediate.value());
        };
        return !kept || isZero(state, value)
                ? Optional.empty()
                : Optional.of(Violation.of(
                                DiagnosticCode.V0149,
                                slot,
                                "stores something else than null where the kernel keeps a pointer")
                        .note("it is " + value.words()));
    }

    private static boolean isZero(State state, Value value) {
        return value instanceof Value.Scalar scalar && state.num(scalar).equals(Num.constant(0));
    }
}
