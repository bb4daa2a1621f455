package dev.turnout.verifier.domain;

import java.util.List;
import java.util.TreeSet;

/** What a register or a stack slot of eight bytes holds. A number narrower than a register is a cell's, see {@link Frame}. */
public sealed interface Value {
    /** Never written, lost over a call, or of another kind on each path. */
    enum Unreadable implements Value {
        VALUE
    }

    /**
     * A number.
     *
     * @param num what is known of this place; the symbols of {@code form} may know more
     */
    record Scalar(Num num, Form form) implements Value {}

    /**
     * An address.
     *
     * @param offset bytes from the region's start
     * @param form the same, exactly
     * @param nullId if not 0, it may be null instead, and all copies with the same id are null together
     * @param resource if not 0, it points into what was acquired under this number ({@link Held}), and ends with it
     */
    record Pointer(Region region, Num offset, Form form, int nullId, int resource) implements Value {
        /** Into something that nobody gives back. */
        public Pointer(Region region, Num offset, Form form, int nullId) {
            this(region, offset, form, nullId, 0);
        }

        /** The same thing at another offset. */
        public Pointer at(Num other, Form exactly) {
            return new Pointer(region, other, exactly, nullId, resource);
        }

        /** The same, or null under another name; 0: it is not null. */
        public Pointer orNull(int id) {
            return new Pointer(region, offset, form, id, resource);
        }

        /** The same, as a part of what bears this number. */
        public Pointer of(int number) {
            return new Pointer(region, offset, form, nullId, number);
        }

        public boolean isNullable() {
            return nullId != 0;
        }

        /**
         * Whether this and another pointer compare as their offsets do, because they point into one piece of memory. (Two
         * values of one map are one region and two pieces, unless the map has no other.)
         */
        public boolean comparesByOffset(Pointer other) {
            if (!region.equals(other.region) || isNullable() || other.isNullable()) {
                return false;
            }
            return switch (region) {
                case Region.Memory _, Region.Packet _, Region.Stack _ -> true;
                case Region.MapValue value -> value.only();
                case Region.Context _, Region.PacketMeta _, Region.PacketEnd _, Region.MapReference _ -> false;
                case Region.OneOfMapValues _, Region.InsnTable _, Region.FunctionTables _ -> false;
                case Region.KernelObject _, Region.Socket _, Region.FlowKeys _, Region.Buffer _, Region.Arena _ ->
                    false;
                case Region.HelperMemory _, Region.DynptrReference _, Region.Allocated _ -> false;
            };
        }
    }

    /**
     * A jump target that was loaded from an instruction array.
     *
     * @param map which; {@link #SEVERAL} if that depends on the way that control came
     * @param targets slots, ascending
     */
    record CodeAddress(int map, List<Integer> targets) implements Value {
        /** In place of a map: one of several. */
        public static final int SEVERAL = -1;

        public CodeAddress {
            targets = List.copyOf(targets);
        }
    }

    /**
     * The address of a function.
     *
     * @param starts first slots of the functions that it may be, ascending
     * @param nullId as a pointer's: if not 0, it may be null instead
     */
    record FunctionAddress(List<Integer> starts, int nullId) implements Value {
        public FunctionAddress {
            starts = List.copyOf(starts);
        }

        public boolean isNullable() {
            return nullId != 0;
        }

        /** Whether it is a function that {@code other} may be, or null if that may be. */
        public boolean within(FunctionAddress other) {
            return other.starts.containsAll(starts) && (!isNullable() || other.isNullable());
        }

        /** All functions that this or the other may be. */
        public List<Integer> startsWith(FunctionAddress other) {
            if (starts.equals(other.starts)) {
                return starts;
            }
            TreeSet<Integer> all = new TreeSet<>(starts);
            all.addAll(other.starts);
            return List.copyOf(all);
        }
    }

    /**
     * Eight bytes of an object that helpers keep on the stack and programs must not touch. It is found in cells of frames, never in
     * registers.
     *
     * @param object whose
     * @param part which eight bytes of it, from 0
     */
    record StackObject(SlotObject object, int part) implements Value {}

    static Scalar constant(long value) {
        return new Scalar(Num.constant(value), Form.constant(value));
    }

    /** In words: a kind of thing. */
    default String words() {
        return switch (this) {
            case Unreadable _ -> "nothing readable";
            case Scalar scalar -> scalar.num().isConstant() ? "the number " + scalar.num() : "a number";
            case Pointer pointer ->
                "a pointer to " + pointer.region().words() + (pointer.isNullable() ? " that may be null" : "");
            case CodeAddress _ -> "the address of an instruction";
            case StackObject stored -> stored.object().words();
            case FunctionAddress function ->
                "the address of a function" + (function.isNullable() ? " that may be null" : "");
        };
    }
}
