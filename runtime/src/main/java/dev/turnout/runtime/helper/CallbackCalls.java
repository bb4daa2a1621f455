package dev.turnout.runtime.helper;

import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.Errno;
import dev.turnout.runtime.map.MapWalk;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.Optional;

/**
 * Helpers that call a function of the program, which is their second argument. The engine makes the calls, since only it knows how; what
 * each is given, and when it is enough, is said here.
 */
public final class CallbackCalls {
    private CallbackCalls() {}

    /** Whether it is one of them. {@code bpf_loop} is not: engines count by themselves. */
    public static boolean isOne(HelperFunction helper) {
        return helper == HelperFunction.FOR_EACH_MAP_ELEM || helper == HelperFunction.USER_RINGBUF_DRAIN;
    }

    /**
     * The turns of a call; r2, the function, is the engine's business.
     *
     * @param nesting calls of such helpers that are under way in this run
     */
    public static Turns begin(HelperFunction helper, CallSite site, int nesting, long a, long c, long d) {
        if (!isOne(helper)) {
            throw new IllegalArgumentException(helper + " calls nothing back");
        }
        return helper == HelperFunction.USER_RINGBUF_DRAIN
                ? DrainTurns.begin(site, a, c, d)
                : elements(site, nesting, a, c, d);
    }

    private static Turns elements(CallSite site, int nesting, long pointer, long context, long flags) {
        if (flags != 0) {
            return Turns.none(-Errno.EINVAL);
        }
        BpfMap map = site.map(pointer);
        Optional<MapWalk> walk = map.walk(site.slot(), site.workspace().walkKey(nesting));
        return walk.<Turns>map(one -> new ElementTurns(pointer, one, context)).orElse(Turns.none(-Errno.EOPNOTSUPP));
    }

    /** Map, key, value and context, until the function returns something else than 0; the number of turns. */
    private static final class ElementTurns implements Turns {
        private final long map;
        private final MapWalk walk;
        private final long context;
        private long shown;

        ElementTurns(long map, MapWalk walk, long context) {
            this.map = map;
            this.walk = walk;
            this.context = context;
        }

        @Override
        public boolean next(long previous, long[] arguments) {
            if (previous != 0 || !walk.advance()) {
                return false;
            }
            shown++;
            arguments[0] = map;
            arguments[1] = walk.key();
            arguments[2] = walk.value();
            arguments[3] = context;
            return true;
        }

        @Override
        public long result() {
            return shown;
        }
    }
}
