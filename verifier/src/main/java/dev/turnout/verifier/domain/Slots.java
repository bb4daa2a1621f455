package dev.turnout.verifier.domain;

import java.util.Optional;

/** Where the objects are that helpers keep on the stack, and whether they are whole. */
public final class Slots {
    /** Bytes of a slot. */
    public static final int BYTES = 8;

    private Slots() {}

    /**
     * A place on the stack at which an object may begin.
     *
     * @param depth of the frame
     * @param offset from its frame pointer, a multiple of 8
     */
    public record Place(int depth, int offset) {}

    /** Where a value points, if an object of so many bytes can be there: on the stack, at one offset, which 8 divides. */
    public static Optional<Place> place(State state, Value value, int bytes) {
        if (!(value instanceof Value.Pointer pointer) || !(pointer.region() instanceof Region.Stack stack)) {
            return Optional.empty();
        }
        Num at = state.offset(pointer);
        boolean fits = at.isConstant()
                && at.constant() >= -Frame.BYTES
                && at.constant() <= -bytes
                && at.constant() % BYTES == 0;
        return fits ? Optional.of(new Place(stack.depth(), (int) at.constant())) : Optional.empty();
    }

    /** The dynptr that a value refers to, if it is whole: on the stack, or one that is not the program's own. */
    public static Optional<SlotObject.Dynptr> dynptr(State state, Value value) {
        if (value instanceof Value.Pointer pointer
                && pointer.region() instanceof Region.DynptrReference reference
                && !pointer.isNullable()
                && pointer.form().equals(Form.ZERO)) {
            return Optional.of(reference.dynptr());
        }
        return object(state, value, SlotObject.Dynptr.BYTES)
                .flatMap(object -> object instanceof SlotObject.Dynptr dynptr ? Optional.of(dynptr) : Optional.empty());
    }

    /** The iterator of this type that a value refers to, if it is whole. */
    public static Optional<SlotObject.Iterator> iterator(State state, Value value, String type, int bytes) {
        return object(state, value, bytes)
                .flatMap(object -> object instanceof SlotObject.Iterator iterator
                                && iterator.type().equals(type)
                        ? Optional.of(iterator)
                        : Optional.empty());
    }

    /** The saved interrupt flags that a value refers to. */
    public static Optional<SlotObject.InterruptFlags> flags(State state, Value value) {
        return object(state, value, BYTES)
                .flatMap(object ->
                        object instanceof SlotObject.InterruptFlags flags ? Optional.of(flags) : Optional.empty());
    }

    /** The object that begins where a value points, if all its parts are there. */
    private static Optional<SlotObject> object(State state, Value value, int bytes) {
        Optional<Place> place = place(state, value, bytes);
        if (place.isEmpty()) {
            return Optional.empty();
        }
        Frame frame = state.frame(place.get().depth());
        SlotObject found = null;
        for (int part = 0; part < bytes / BYTES; part++) {
            int cell = frame.find(place.get().offset() + part * BYTES, BYTES);
            if (cell < 0
                    || !(frame.value(cell) instanceof Value.StackObject stored)
                    || stored.part() != part
                    || (found != null && !stored.object().equals(found))) {
                return Optional.empty();
            }
            found = stored.object();
        }
        return Optional.ofNullable(found);
    }

    /** Makes the bytes there an object. */
    public static void write(State state, Place place, SlotObject object, int bytes) {
        Frame frame = state.frame(place.depth());
        for (int part = 0; part < bytes / BYTES; part++) {
            frame = frame.store(place.offset() + part * BYTES, BYTES, new Value.StackObject(object, part));
        }
        state.put(place.depth(), frame);
    }

    /** Makes the bytes there unknown ones. */
    public static void clear(State state, Place place, int bytes) {
        state.put(place.depth(), state.frame(place.depth()).overwrite(place.offset(), bytes, true));
    }
}
