package dev.turnout.verifier.obligation;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapField;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.helper.ArgumentKind;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Held;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.SlotObject;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.report.Violation;
import java.util.List;
import java.util.Optional;

/** Whether an argument of a helper is what can be given back, locked, or made: what {@link ArgumentCheck} leaves to protocols. */
final class ResourceCheck {
    private final BpfProgram program;
    private final FieldCheck fields;

    ResourceCheck(BpfProgram program, FieldCheck fields) {
        this.program = program;
        this.fields = fields;
    }

    Optional<Violation> check(State state, int slot, HelperFunction helper, ArgumentKind kind, int index) {
        SlotCheck.Argument argument = new SlotCheck.Argument(slot, helper.word(), index);
        Value value = state.reg(Reg.argument(index));
        return switch (kind) {
            case ALLOCATION_SIZE ->
                value instanceof Value.Scalar scalar && state.num(scalar).isConstant()
                        ? Optional.empty()
                        : Optional.of(
                                argument.must(DiagnosticCode.V0123, "a number that is known when the program is loaded")
                                        .note("it is " + value.words()));
            case RESERVED_MEMORY ->
                held(state, argument, value, "reserved memory", Region.HelperMemory.class)
                        .or(() -> value instanceof Value.Pointer pointer
                                        && pointer.region() instanceof Region.HelperMemory memory
                                        && memory.isReserved()
                                ? Optional.empty()
                                : notGiven(argument, "reserved memory", value));
            case SOCK_RELEASED -> held(state, argument, value, "a socket that a lookup gave", Region.Socket.class);
            case SPIN_LOCK ->
                fields.lock(state, argument, value, Held.Lock.Kind.SPIN, helper == HelperFunction.SPIN_LOCK);
            case TIMER -> fields.field(state, argument, value, MapField.Kind.TIMER);
            case DYNPTR -> SlotCheck.dynptr(state, argument, value, List.of(), false);
            case RINGBUF_DYNPTR ->
                SlotCheck.dynptr(state, argument, value, List.of(SlotObject.Dynptr.Kind.RINGBUF), true);
            case DYNPTR_OUT -> SlotCheck.newDynptr(state, argument, value).or(() -> ofMap(state, slot, helper));
            case RINGBUF_DYNPTR_OUT -> SlotCheck.newDynptr(state, argument, value);
            default -> throw new IllegalStateException("no protocol: " + kind);
        };
    }

    /** Memory that a dynptr refers to outlives the program's frames. */
    private static Optional<Violation> ofMap(State state, int slot, HelperFunction helper) {
        Value memory = state.reg(Reg.R1);
        return memory instanceof Value.Pointer pointer
                        && !pointer.region().mapValues().isEmpty()
                ? Optional.empty()
                : Optional.of(new SlotCheck.Argument(slot, helper.word(), 0)
                        .must(DiagnosticCode.V0123, "memory of a map's value")
                        .note("it is " + memory.words())
                        .about(Reg.R1));
    }

    /** What is given back was taken, is held, is not null, and the pointer to it was not moved. */
    private static Optional<Violation> held(
            State state, SlotCheck.Argument argument, Value value, String what, Class<? extends Region> kind) {
        if (!(value instanceof Value.Pointer pointer) || !kind.isInstance(pointer.region())) {
            return notGiven(argument, what, value);
        }
        if (pointer.isNullable()) {
            return Optional.of(AccessCheck.mayBeNull(argument.slot(), "argument " + (argument.index() + 1), pointer));
        }
        if (!pointer.form().equals(Form.ZERO)) {
            return Optional.of(argument.must(DiagnosticCode.V0142, what + ", by a pointer that was not moved")
                    .note("it points " + state.offset(pointer) + " bytes behind the start"));
        }
        return state.held().holds(pointer.resource())
                ? Optional.empty()
                : Optional.of(argument.must(DiagnosticCode.V0142, what + " that is held")
                        .note("it is " + value.words()
                                + ", but not one that the program has taken and must give back"));
    }

    private static Optional<Violation> notGiven(SlotCheck.Argument argument, String what, Value value) {
        return Optional.of(argument.must(DiagnosticCode.V0142, what)
                .note("it is " + value.words()
                        + (value instanceof Value.Scalar ? "; what is given back cannot be given back again" : "")));
    }

    /**
     * The map is the one whose value holds the timer: the timer lives as long as that. Of a map in maps it is told by the lookup that gave
     * it, which both come from.
     */
    Optional<Violation> timerMap(State state, int slot, HelperFunction helper, int index) {
        boolean other = helper == HelperFunction.TIMER_INIT
                && state.reg(Reg.R1) instanceof Value.Pointer timer
                && timer.region() instanceof Region.MapValue in
                && state.reg(Reg.argument(index)) instanceof Value.Pointer map
                && map.region() instanceof Region.MapReference reference
                && (in.map() != reference.map()
                        || (in.map() >= program.maps().size() && timer.resource() != map.resource()));
        return other
                ? Optional.of(new SlotCheck.Argument(slot, helper.word(), index)
                        .must(DiagnosticCode.V0150, "the map whose value holds the timer"))
                : Optional.empty();
    }
}
