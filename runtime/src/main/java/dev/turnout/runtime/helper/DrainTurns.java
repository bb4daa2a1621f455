package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.EAGAIN;
import static dev.turnout.runtime.map.Errno.EBUSY;
import static dev.turnout.runtime.map.Errno.EINVAL;
import static dev.turnout.runtime.map.Errno.ENODATA;

import dev.turnout.runtime.map.UserRingMap;

/**
 * {@code bpf_user_ringbuf_drain}: a dynptr of each record that a host wrote, and the program's own argument, until the function returns
 * something else than 0, there is no record any more, or there were {@value #MOST}. A record is gone when its turn has ended.
 */
final class DrainTurns implements Turns {
    private static final long NO_WAKEUP = 1;
    private static final long FORCE_WAKEUP = 2;
    /** Records of one drain, those that are passed over among them. */
    private static final int MOST = 128 * 1024;

    private final UserRingMap ring;
    private final long context;
    private final long flags;
    private final Dynptr shown;
    private int samples;
    private int passedOver;
    /** Bytes of the record that the function looks at; -1 if there is none. */
    private int looked = -1;

    private int error;

    private DrainTurns(UserRingMap ring, long context, long flags) {
        this.ring = ring;
        this.context = context;
        this.flags = flags;
        this.shown = new Dynptr(ring.shown());
    }

    static Turns begin(CallSite site, long map, long context, long flags) {
        if ((flags & ~(NO_WAKEUP | FORCE_WAKEUP)) != 0) {
            return Turns.none(-EINVAL);
        }
        UserRingMap ring = (UserRingMap) site.map(map);
        return ring.beginDrain() ? new DrainTurns(ring, context, flags) : Turns.none(-EBUSY);
    }

    @Override
    public boolean next(long previous, long[] arguments) {
        if (looked >= 0) {
            ring.release(looked);
            looked = -1;
            samples++;
        }
        while (previous == 0 && samples < MOST) {
            int length = ring.peek();
            if (length >= 0) {
                looked = length;
                shown.point(ring.next(), Dynptr.Kind.LOCAL, length);
                arguments[0] = ring.shown();
                arguments[1] = context;
                return true;
            }
            if (length == -ENODATA) {
                break;
            }
            if (length != -EAGAIN) {
                error = length;
                break;
            }
            passedOver++;
            samples++;
        }
        ring.endDrain((flags & FORCE_WAKEUP) != 0 || ((flags & NO_WAKEUP) == 0 && samples > 0));
        return false;
    }

    @Override
    public long result() {
        return error != 0 ? error : samples - passedOver;
    }
}
