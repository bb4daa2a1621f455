package dev.turnout.verifier.obligation;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.kfunc.KernelFunction;
import dev.turnout.verifier.domain.Frame;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.SlotObject;
import dev.turnout.verifier.domain.Slots;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.report.Violation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether the objects on the stack are there, or may come to be there: dynptrs, iterators, saved interrupt flags. */
final class SlotCheck {
    private SlotCheck() {}

    /**
     * An argument of a call, for messages.
     *
     * @param name of what is called
     * @param index from 0
     */
    record Argument(int slot, String name, int index) {
        Violation must(DiagnosticCode code, String required) {
            return Violation.of(code, slot, "argument " + (index + 1) + " of `" + name + "` must be " + required);
        }
    }

    /** The value is a dynptr that refers to something; of one of these kinds, if any are named. */
    static Optional<Violation> dynptr(
            State state, Argument argument, Value value, List<SlotObject.Dynptr.Kind> kinds, boolean released) {
        Optional<SlotObject.Dynptr> dynptr = Slots.dynptr(state, value);
        if (dynptr.isEmpty()) {
            return Optional.of(argument.must(DiagnosticCode.V0146, "a dynptr that has been made")
                    .note("it is " + value.words()
                            + (isStack(value) ? ", where no whole dynptr is on some way to here" : "")));
        }
        if (!kinds.isEmpty() && !kinds.contains(dynptr.get().kind())) {
            return Optional.of(argument.must(
                            DiagnosticCode.V0146,
                            "a dynptr of " + kinds.getFirst().words())
                    .note("it is " + dynptr.get().words()));
        }
        if (released && !isStack(value)) {
            return Optional.of(argument.must(DiagnosticCode.V0146, "a dynptr of the program's own")
                    .note("this one is another's: it is lent, not given"));
        }
        return Optional.empty();
    }

    private static boolean isStack(Value value) {
        return value instanceof Value.Pointer pointer && pointer.region() instanceof Region.Stack;
    }

    /** There is room on the stack for a new dynptr, and none is lost there that must be given back. */
    static Optional<Violation> newDynptr(State state, Argument argument, Value value) {
        Optional<Slots.Place> place = Slots.place(state, value, SlotObject.Dynptr.BYTES);
        if (place.isEmpty()) {
            return Optional.of(
                    argument.must(DiagnosticCode.V0146, "16 bytes of the stack, at a constant offset that 8 divides")
                            .note("it is " + value.words()));
        }
        return losesHeld(state, place.get(), SlotObject.Dynptr.BYTES)
                .map(lost -> Violation.of(
                                DiagnosticCode.V0146,
                                argument.slot,
                                "`" + argument.name + "` overwrites " + lost.words() + ", which must be given back")
                        .help("give it back first, or make the new one elsewhere"));
    }

    /** The dynptr that a write there would lose: one that must be given back, and that no other dynptr shares. */
    static Optional<SlotObject.Dynptr> losesHeld(State state, Slots.Place place, int bytes) {
        for (Map.Entry<Integer, Value.StackObject> entry :
                state.frame(place.depth()).objects().entrySet()) {
            boolean hit = entry.getKey() < place.offset() + bytes && place.offset() < entry.getKey() + Slots.BYTES;
            if (hit
                    && entry.getValue().object() instanceof SlotObject.Dynptr dynptr
                    && dynptr.resource() != 0
                    && !isShared(state, dynptr)) {
                return Optional.of(dynptr);
            }
        }
        return Optional.empty();
    }

    /** An object of which some byte lies there. */
    static Optional<SlotObject> hit(State state, Slots.Place place, int bytes) {
        return state.frame(place.depth()).objects().entrySet().stream()
                .filter(entry ->
                        entry.getKey() < place.offset() + bytes && place.offset() < entry.getKey() + Slots.BYTES)
                .map(entry -> entry.getValue().object())
                .findFirst();
    }

    private static boolean isShared(State state, SlotObject.Dynptr dynptr) {
        for (int depth = 0; depth <= state.depth(); depth++) {
            for (Value.StackObject stored : state.frame(depth).objects().values()) {
                if (stored.object() instanceof SlotObject.Dynptr other
                        && other.resource() == dynptr.resource()
                        && other.id() != dynptr.id()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The iterator is there that a step needs, or room for a new one is. */
    static Optional<Violation> iterator(State state, Argument argument, KernelFunction function, Value value) {
        String type = function.iterator().orElseThrow();
        int bytes = function.iteratorBytes();
        if (!function.createsIterator()) {
            return Slots.iterator(state, value, type.substring("iter_".length()), bytes)
                            .isPresent()
                    ? Optional.empty()
                    : Optional.of(argument.must(
                                    DiagnosticCode.V0147, "an iterator that `bpf_" + type + "_new` has made")
                            .note("it is " + value.words()
                                    + (isStack(value) ? ", where no whole iterator is on some way to here" : "")));
        }
        Optional<Slots.Place> place = Slots.place(state, value, bytes);
        if (place.isEmpty()) {
            return Optional.of(argument.must(
                            DiagnosticCode.V0147, bytes + " bytes of the stack, at a constant offset that 8 divides")
                    .note("it is " + value.words()));
        }
        if (overlaps(state.frame(place.get().depth()), place.get().offset(), bytes, SlotObject.Iterator.class)) {
            return Optional.of(argument.must(DiagnosticCode.V0147, "room that no iterator is in yet")
                    .help("destroy the iterator that is there first"));
        }
        return losesHeld(state, place.get(), bytes)
                .map(lost -> Violation.of(
                        DiagnosticCode.V0146,
                        argument.slot,
                        "`" + argument.name + "` overwrites " + lost.words() + ", which must be given back"));
    }

    private static boolean overlaps(Frame frame, int first, int bytes, Class<? extends SlotObject> kind) {
        return frame.objects().entrySet().stream()
                .anyMatch(entry -> entry.getKey() < first + bytes
                        && first < entry.getKey() + Slots.BYTES
                        && kind.isInstance(entry.getValue().object()));
    }

    /** Interrupt flags are saved where none are yet, and restored by the kind of call that saved them, the last first. */
    static Optional<Violation> flags(State state, Argument argument, boolean saves, boolean byLock, Value value) {
        Optional<Slots.Place> place = Slots.place(state, value, Slots.BYTES);
        Optional<SlotObject.InterruptFlags> flags = Slots.flags(state, value);
        if (saves) {
            if (place.isEmpty()) {
                return Optional.of(
                        argument.must(DiagnosticCode.V0148, "8 bytes of the stack, at a constant offset that 8 divides")
                                .note("it is " + value.words()));
            }
            if (flags.isPresent()) {
                return Optional.of(argument.must(DiagnosticCode.V0148, "room that no saved flags are in")
                        .help("restore the flags that are there first"));
            }
            return losesHeld(state, place.get(), Slots.BYTES)
                    .map(lost -> Violation.of(
                            DiagnosticCode.V0146,
                            argument.slot,
                            "`" + argument.name + "` overwrites " + lost.words() + ", which must be given back"));
        }
        if (flags.isEmpty()) {
            return Optional.of(
                    argument.must(DiagnosticCode.V0148, "saved interrupt flags").note("it is " + value.words()));
        }
        if (flags.get().byLock() != byLock) {
            return Optional.of(argument.must(DiagnosticCode.V0148, "flags that its own counterpart has saved")
                    .note("these were saved by " + (flags.get().byLock() ? "a lock" : "`bpf_local_irq_save`")));
        }
        List<Integer> saved = state.held().interrupts();
        return !saved.isEmpty() && saved.getLast() == flags.get().resource()
                ? Optional.empty()
                : Optional.of(argument.must(DiagnosticCode.V0148, "the flags that were saved last")
                        .help("restore saved flags in reverse order"));
    }
}
