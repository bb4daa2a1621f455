package dev.turnout.runtime.engine;

import dev.turnout.ir.model.ByteString;

/** What a program is called with. */
public sealed interface Input {
    /** A frame, beginning with Ethernet. */
    record Packet(ByteString frame) implements Input {}

    /** A context whose fields have no rows, or the memory of {@code exec}; may be empty. */
    record Memory(ByteString bytes) implements Input {}
}
