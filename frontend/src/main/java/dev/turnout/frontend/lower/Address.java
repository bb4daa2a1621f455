package dev.turnout.frontend.lower;

import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;

/**
 * A place in memory: {@code base + offset}. Offsets are kept apart from the pointer, so that they end up in the loads and
 * stores themselves.
 *
 * @param base a pointer
 * @param offset bytes
 * @param align what {@code base} is known to be a multiple of: 1, 2, 4 or 8
 */
record Address(Value base, long offset, int align) {
    /** The start of something that is placed like any variable. */
    static Address of(Value base) {
        return new Address(base, 0, 8);
    }

    Address plus(long bytes) {
        return bytes == 0 ? this : new Address(base, offset + bytes, align);
    }

    Region region() {
        return ((Type.Ptr) base.type()).region();
    }

    /**
     * Whether {@code bytes} bytes here may be touched at once. Linux wants every access to the frame aligned; elsewhere
     * x86 does not mind. A pointer into any region may lead to the frame.
     */
    boolean allows(int bytes) {
        return !framed() || isMultipleOf(bytes);
    }

    /** Whether the address is known to be a multiple of {@code bytes}. */
    boolean isMultipleOf(int bytes) {
        return offset % bytes == 0 && align % bytes == 0;
    }

    private boolean framed() {
        return region() == Region.STACK || region() == Region.ANY;
    }

    /** The widest power of two, up to 8 and to {@code left}, that an aligned access here may touch. */
    int widest(long left) {
        for (int bytes = 8; bytes > 1; bytes /= 2) {
            if (bytes <= left && isMultipleOf(bytes)) {
                return bytes;
            }
        }
        return 1;
    }
}
