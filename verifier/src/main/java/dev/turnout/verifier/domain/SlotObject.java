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
            LOCAL("memory of a map"),
            RINGBUF("a record of a ring buffer"),
            SKB("a packet"),
            XDP("a packet"),
            SKB_META("a packet's metadata"),
            FILE("a file");

            private final String words;

            Kind(String words) {
                this.words = words;
            }

            /** Whether it must be given back, so that it may not be lost. */
            public boolean isHeld() {
                return this == RINGBUF || this == FILE;
            }

            /** Whether it refers to bytes that move with the packet. */
            public boolean isPacket() {
                return this == SKB || this == XDP || this == SKB_META;
            }

            public String words() {
                return words;
            }
        }

        /** Bytes of the stack that a dynptr takes. */
        public static final int BYTES = 16;

        /** What a callback is lent for as long as it runs: one at a time, and so always under one name, which no other has. */
        public static final Dynptr LENT = new Dynptr(Kind.LOCAL, -1, 0, true);

        @Override
        public String words() {
            return "a dynptr of " + kind.words();
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
     * @param rcu whether what it gives lives no longer than the RCU read section, nor does it itself
     */
    record Iterator(String type, int bytes, int resource, boolean drained, int round, boolean rcu)
            implements SlotObject {
        /** The same iterator after a step. */
        public Iterator at(boolean nowDrained, int nowRound) {
            return new Iterator(type, bytes, resource, nowDrained, nowRound, rcu);
        }

        /** What is left of it when the read section has ended: of no type that any function takes. */
        Iterator stale() {
            return new Iterator(type + ", whose read section has ended", bytes, resource, drained, round, false);
        }

        @Override
        public String words() {
            return "an iterator (`" + type + "`)";
        }
    }

    /**
     * Saved interrupt flags: 8 bytes, the last that were saved are restored first.
     *
     * @param byLock whether a lock saved them, and its unlock restores them
     */
    record InterruptFlags(int resource, boolean byLock) implements SlotObject {
        @Override
        public String words() {
            return "saved interrupt flags";
        }
    }
}
