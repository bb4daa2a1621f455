package dev.turnout.verifier.domain;

import java.util.List;

/** What the table of invariants says of a register, closed: without symbols, so that it means the same everywhere. */
public sealed interface Known {
    /** Nothing that may be read: never written, or something else on each path. */
    record Unreadable() implements Known {
        @Override
        public String toString() {
            return "unreadable";
        }
    }

    /** One of these numbers. */
    record Number(Num num) implements Known {
        @Override
        public String toString() {
            return num.toString();
        }
    }

    /**
     * An address in memory.
     *
     * @param region where it points to
     * @param offset bytes from the region's start (for stack: from the frame pointer)
     * @param nullable whether it may be null instead
     */
    record Address(Region region, Num offset, boolean nullable) implements Known {
        @Override
        public String toString() {
            boolean start = offset.isConstant() && offset.constant() == 0;
            return region.words() + (start ? "" : " + " + offset) + (nullable ? " or null" : "");
        }
    }

    /**
     * A target of jumps, as a jump table gives it.
     *
     * @param slots of which it is one
     */
    record Target(List<Integer> slots) implements Known {
        public Target {
            slots = List.copyOf(slots);
        }

        @Override
        public String toString() {
            return "one of the slots " + slots;
        }
    }

    /**
     * The address of a function.
     *
     * @param starts first slots of the functions of which it is one
     * @param nullable whether it may be null instead
     */
    record Function(List<Integer> starts, boolean nullable) implements Known {
        public Function {
            starts = List.copyOf(starts);
        }

        @Override
        public String toString() {
            return "one of the functions at " + starts + (nullable ? " or null" : "");
        }
    }

    /** What holds of both. */
    default Known join(Known other) {
        if (equals(other)) {
            return this;
        }
        if (this instanceof Number a && other instanceof Number b) {
            return new Number(a.num.join(b.num));
        }
        if (this instanceof Address a && other instanceof Address b && a.region.equals(b.region)) {
            return new Address(a.region, a.offset.join(b.offset), a.nullable || b.nullable);
        }
        return new Unreadable();
    }
}
