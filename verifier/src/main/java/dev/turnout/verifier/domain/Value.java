package dev.turnout.verifier.domain;

import java.util.List;

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
     */
    record Pointer(Region region, Num offset, Form form, int nullId) implements Value {
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
                case Region.OneOfMapValues _, Region.InsnTable _, Region.KernelObject _ -> false;
            };
        }
    }

    /**
     * A jump target that was loaded from an instruction array.
     *
     * @param map which
     * @param targets slots, ascending
     */
    record CodeAddress(int map, List<Integer> targets) implements Value {
        public CodeAddress {
            targets = List.copyOf(targets);
        }
    }

    /**
     * The address of a function.
     *
     * @param starts first slots of the functions that it may be, ascending
     */
    record FunctionAddress(List<Integer> starts) implements Value {
        public FunctionAddress {
            starts = List.copyOf(starts);
        }
    }

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
            case FunctionAddress _ -> "the address of a function";
        };
    }
}
