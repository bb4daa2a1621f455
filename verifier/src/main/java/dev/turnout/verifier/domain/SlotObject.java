package dev.turnout.verifier.domain;

/**
 * An object that helpers and kernel functions keep in stack slots of the program. Two states in which a slot holds different objects
 * are never joined.
 */
public sealed interface SlotObject {
    /** In words, as a message says it. */
    String words();

    /**
     * A dynptr: 16 bytes.
     *
     * @param id names it: slices of it end with it
     * @param resource what it holds, if it must be given back ({@link Held}); else 0
     */
    record Dynptr(Kind kind, int id, int resource, boolean readOnly) implements SlotObject {
        /** What a dynptr is about. */
        public enum Kind {
            LOCAL,
            RINGBUF,
            SKB,
            XDP,
            OTHER
        }

        @Override
        public String words() {
            return "a dynptr";
        }
    }

    /**
     * An open-coded iterator.
     *
     * @param type the kernel's name of it, without {@code bpf_iter_}: {@code num}
     * @param bytes of the stack that it takes
     * @param resource what it holds until it is destroyed
     * @param drained whether its last step gave nothing
     * @param round steps that gave something, on the way here
     */
    record Iterator(String type, int bytes, int resource, boolean drained, int round) implements SlotObject {
        @Override
        public String words() {
            return "an iterator (`" + type + "`)";
        }
    }

    /** Saved interrupt flags: 8 bytes, given back in the order in which they were taken. */
    record InterruptFlags(int resource) implements SlotObject {
        @Override
        public String words() {
            return "saved interrupt flags";
        }
    }
}
