package dev.turnout.runtime.engine;

import dev.turnout.ir.model.ByteString;

/** What a program is called with. */
public sealed interface Input {
    /**
     * A packet: a frame that begins with Ethernet, or what takes a packet's place for programs of the type.
     *
     * @param context what else is said of it, laid out as the type's context, as Linux's test run takes it; empty if nothing is
     */
    record Packet(ByteString frame, ByteString context) implements Input {
        public Packet(ByteString frame) {
            this(frame, ByteString.EMPTY);
        }
    }

    /**
     * A context, or the memory of {@code exec}; may be empty.
     *
     * @param behind what the first field of the context is made to lead to; empty if nothing is
     */
    record Memory(ByteString bytes, ByteString behind) implements Input {
        public Memory(ByteString bytes) {
            this(bytes, ByteString.EMPTY);
        }
    }
}
