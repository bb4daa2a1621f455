package dev.turnout.verifier.transfer;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapField;
import dev.turnout.stdlib.helper.ArgumentKind;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Held;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.SlotObject;
import dev.turnout.verifier.domain.Slots;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.kernel.KernelTypes;
import dev.turnout.verifier.kernel.OwnFields;
import java.util.List;
import java.util.Optional;

/** What a helper's call does to what is held, and to the objects on the stack. */
final class ResourceEffect {
    private final BpfProgram program;
    private final KernelTypes types;
    private final OwnFields own;

    ResourceEffect(BpfProgram program) {
        this.program = program;
        this.types = KernelTypes.of(program);
        this.own = new OwnFields(program);
    }

    /** Gives back, locks, and makes objects, as the arguments say; before they are gone. */
    void change(State state, int slot, HelperFunction helper, List<ArgumentKind> kinds) {
        for (int i = 0; i < kinds.size(); i++) {
            Value value = state.reg(Reg.argument(i));
            switch (kinds.get(i)) {
                case RESERVED_MEMORY, SOCK_RELEASED, KPTR_OR_NULL -> {
                    if (value instanceof Value.Pointer pointer && pointer.resource() != 0) {
                        state.release(pointer.resource());
                    }
                }
                case RINGBUF_DYNPTR -> Slots.dynptr(state, value).ifPresent(dynptr -> state.release(dynptr.resource()));
                case SPIN_LOCK -> lock(state, slot, helper, value);
                case DYNPTR_OUT -> makeDynptr(state, value, SlotObject.Dynptr.Kind.LOCAL, 0);
                case RINGBUF_DYNPTR_OUT ->
                    makeDynptr(
                            state,
                            value,
                            SlotObject.Dynptr.Kind.RINGBUF,
                            state.acquire(slot, "a dynptr of a record that `" + helper.word() + "` reserved"));
                default -> {} // All other kinds are about numbers and memory.
            }
        }
        boolean movesPacket = helper == HelperFunction.DYNPTR_WRITE
                && Slots.dynptr(state, state.reg(Reg.R1))
                        .filter(dynptr -> dynptr.kind() == SlotObject.Dynptr.Kind.SKB
                                || dynptr.kind() == SlotObject.Dynptr.Kind.SKB_META)
                        .isPresent();
        if (movesPacket) {
            state.forgetPacket();
        }
    }

    private static void lock(State state, int slot, HelperFunction helper, Value value) {
        if (!(value instanceof Value.Pointer pointer)) {
            return;
        }
        if (helper == HelperFunction.SPIN_LOCK) {
            state.put(
                    state.held().lock(new Held.Lock(Held.Lock.Kind.SPIN, pointer.region(), pointer.resource(), slot)));
        } else {
            state.put(state.held().unlock());
            state.forgetSeen();
        }
    }

    private static void makeDynptr(State state, Value value, SlotObject.Dynptr.Kind kind, int resource) {
        Slots.place(state, value, SlotObject.Dynptr.BYTES)
                .ifPresent(place -> Slots.write(
                        state,
                        place,
                        new SlotObject.Dynptr(kind, state.source().fresh() | 1, resource, false),
                        SlotObject.Dynptr.BYTES));
    }

    /**
     * What a helper gives, which must be given back, or ends with what it was made of; from the arguments, before they are gone.
     *
     * @param plain what its row alone says that it gives
     */
    Value given(State state, int slot, HelperFunction helper, List<ArgumentKind> kinds, Value plain) {
        return switch (helper.result()) {
            case RESERVED_MEMORY_OR_NULL ->
                size(state, kinds)
                        .map(bytes ->
                                acquired(state, slot, helper, memory(state, Region.HelperMemory.RESERVED, bytes, 0)))
                        .orElse(Value.Unreadable.VALUE);
            case DYNPTR_MEMORY_OR_NULL -> {
                Optional<SlotObject.Dynptr> dynptr = Slots.dynptr(state, state.reg(Reg.R1));
                Optional<Long> bytes = size(state, kinds);
                yield dynptr.isPresent() && bytes.isPresent()
                        ? memory(
                                state,
                                "the dynptr's bytes",
                                bytes.get(),
                                dynptr.get().id())
                        : Value.Unreadable.VALUE;
            }
            case SOCKET_OR_NULL, SOCK_COMMON_OR_NULL, TCP_SOCK_OR_NULL -> socket(state, slot, helper, plain);
            case MAP_VALUE, MAP_VALUE_OR_NULL -> element(state, slot, helper, plain);
            case KPTR_OR_NULL -> exchanged(state, slot, helper);
            case SCALAR, VOID, TAIL, PER_CPU_OBJECT, PER_CPU_OBJECT_OR_NULL, TASK, PT_REGS -> plain;
            case FILE_SOCKET_OR_NULL, KERNEL_TCP_SOCK_OR_NULL, MPTCP_SOCK_OR_NULL, TCP6_SOCK_OR_NULL -> plain;
            case TCP_REQUEST_SOCK_OR_NULL, TCP_TIMEWAIT_SOCK_OR_NULL, UDP6_SOCK_OR_NULL, UNIX_SOCK_OR_NULL -> plain;
        };
    }

    /** What the map kept until now is the program's, if there was anything. */
    private Value exchanged(State state, int slot, HelperFunction helper) {
        return own.field(state, state.reg(Reg.R1), MapField.Kind.KPTR)
                .flatMap(field ->
                        KeptPointers.region(field, types, own.objects(), Region.Trust.TRUSTED, Region.Standing.OWNED))
                .<Value>map(region -> acquired(state, slot, helper, KeptPointers.orNull(state, region)))
                .orElse(Value.Unreadable.VALUE);
    }

    private static Optional<Long> size(State state, List<ArgumentKind> kinds) {
        int at = kinds.indexOf(ArgumentKind.ALLOCATION_SIZE);
        return at >= 0
                        && state.reg(Reg.argument(at)) instanceof Value.Scalar scalar
                        && state.num(scalar).isConstant()
                ? Optional.of(state.num(scalar).constant())
                : Optional.empty();
    }

    private static Value.Pointer memory(State state, String what, long bytes, int resource) {
        return new Value.Pointer(
                new Region.HelperMemory(what, bytes, true),
                Num.constant(0),
                Form.ZERO,
                state.source().fresh() | 1,
                resource);
    }

    /** If it is not null, it is held from now on, under the name by which it may be null. */
    private static Value acquired(State state, int slot, HelperFunction helper, Value.Pointer pointer) {
        String words = pointer.region().words() + " that `" + helper.word() + "` gave";
        state.put(state.held().acquire(new Held.Resource(pointer.nullId(), slot, words)));
        return pointer.of(pointer.nullId());
    }

    /** A socket of a lookup is held; a cast one is the argument in another form, and ends with it. */
    private static Value socket(State state, int slot, HelperFunction helper, Value plain) {
        if (!(plain instanceof Value.Pointer pointer)) {
            return plain;
        }
        if (helper.acquires()) {
            return acquired(state, slot, helper, pointer);
        }
        return helper.casts() && state.reg(Reg.R1) instanceof Value.Pointer of && of.resource() != 0
                ? pointer.of(of.resource())
                : pointer;
    }

    /**
     * Values with a lock are told apart: two lookups may find two of them. Values with something that is done later, and the maps that
     * hold such, keep the name of the inner map that they come from.
     */
    private Value element(State state, int slot, HelperFunction helper, Value plain) {
        if (!(plain instanceof Value.Pointer pointer)) {
            return plain;
        }
        return switch (pointer.region()) {
            case Region.Socket _
            when helper == HelperFunction.MAP_LOOKUP_ELEM && isOfSockets(state) ->
                acquired(state, slot, helper, pointer);
            case Region.MapReference reference when hasDeferred(reference.map()) -> pointer.of(pointer.nullId());
            case Region.MapValue value
            when hasLock(value.map()) ->
                pointer.of(
                        pointer.isNullable() ? pointer.nullId() : state.source().fresh() | 1);
            case Region.MapValue value
            when hasDeferred(value.map()) ->
                pointer.of(state.reg(Reg.R1) instanceof Value.Pointer map ? map.resource() : 0);
            default -> pointer; // Nothing depends on which of its kind it is.
        };
    }

    private boolean isOfSockets(State state) {
        if (!(state.reg(Reg.R1) instanceof Value.Pointer pointer)
                || !(pointer.region() instanceof Region.MapReference reference)) {
            return false;
        }
        MapDefinition map = program.map(reference.map());
        return switch (map.kind()) {
            case SOCKMAP, SOCKHASH -> true;
            default -> false; // An AF_XDP socket of a map is the map's to keep.
        };
    }

    private boolean hasLock(int map) {
        return program.map(map).fields().stream()
                .map(MapField::kind)
                .anyMatch(kind -> kind == MapField.Kind.SPIN_LOCK || kind == MapField.Kind.RES_SPIN_LOCK);
    }

    private boolean hasDeferred(int map) {
        return program.map(map).fields().stream()
                .map(MapField::kind)
                .anyMatch(kind -> kind == MapField.Kind.TIMER
                        || kind == MapField.Kind.WORKQUEUE
                        || kind == MapField.Kind.TASK_WORK);
    }
}
