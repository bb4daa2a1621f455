package dev.turnout.api;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Native memory of a machine as callers may see it: no longer than its arena is open. */
final class NativeView {
    private NativeView() {}

    @SuppressWarnings(
            "restricted") // The memory is the machine's, and stays as long as the arena is open: who closes one knows.
    static MemorySegment of(long address, long bytes, Arena until) {
        return MemorySegment.ofAddress(address).reinterpret(bytes, until, null);
    }
}
