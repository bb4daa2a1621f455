package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.EINVAL;

import dev.turnout.runtime.context.Redirection;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.MapHeader;
import dev.turnout.runtime.map.RedirectMap;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.program.ContextLayout;

/**
 * Helpers that say where a packet goes on. Nothing is sent: what was said is kept with the run's input, a copy is told to the world. The
 * last call counts, and one through a map that finds nothing forgets what was said before.
 */
final class RedirectCalls {
    private static final int XDP_ABORTED = 0;
    private static final int XDP_REDIRECT = 4;
    private static final int TC_ACT_SHOT = 2;
    private static final int TC_ACT_REDIRECT = 7;

    private static final long INGRESS = 1;
    /** The verdict if nothing is found: the lower bits of the flags. */
    private static final long FALLBACK = 3;

    private static final long BROADCAST = 8;
    private static final long EXCLUDE_INGRESS = 16;
    /** Bytes of a {@code bpf_redir_neigh}. */
    private static final int NEXT_HOP = 20;

    private RedirectCalls() {}

    static long toInterface(CallSite site, long target, long flags) {
        boolean xdp = site.workspace().layout() == ContextLayout.XDP_MD;
        if (xdp ? flags != 0 : (flags & ~INGRESS) != 0) {
            return xdp ? XDP_ABORTED : TC_ACT_SHOT;
        }
        site.workspace().input().redirect(new Redirection.Interface((int) target, flags == INGRESS));
        return xdp ? XDP_REDIRECT : TC_ACT_REDIRECT;
    }

    static long toPeer(CallSite site, long target, long flags) {
        if (flags != 0) {
            return TC_ACT_SHOT;
        }
        site.workspace().input().redirect(new Redirection.Peer((int) target));
        return TC_ACT_REDIRECT;
    }

    /** The next hop that a program gives is not looked at: there is no network that would be asked for its address. */
    static long toNeighbour(CallSite site, long target, long hop, long lengthArgument, long flags) {
        int length = (int) lengthArgument;
        if (length > 0) {
            site.reads(hop, length);
        }
        if ((length != 0 && length < NEXT_HOP) || flags != 0) {
            return TC_ACT_SHOT;
        }
        site.workspace().input().redirect(new Redirection.Neighbour((int) target));
        return TC_ACT_REDIRECT;
    }

    /** Sends a copy, and the packet stays. An interface that Linux does not know is one that is not positive. */
    static long copyTo(CallSite site, long target, long flags) {
        if ((flags & ~INGRESS) != 0 || (int) target <= 0) {
            return -EINVAL;
        }
        site.world()
                .copied(
                        new Redirection.Interface((int) target, flags == INGRESS),
                        site.workspace().packet());
        return 0;
    }

    static long throughMap(CallSite site, long pointer, long key, long flags) {
        BpfMap map = site.map(pointer);
        if (!(map instanceof RedirectMap targets)) {
            throw new IllegalStateException(map + " has no targets");
        }
        long known = FALLBACK | (targets.broadcasts() ? BROADCAST | EXCLUDE_INGRESS : 0);
        if ((flags & ~known) != 0) {
            return XDP_ABORTED;
        }
        int number = Memory.loadInt(pointer + MapHeader.NUMBER);
        Redirection to;
        if ((flags & BROADCAST) != 0) {
            to = new Redirection.Broadcast(number, (flags & EXCLUDE_INGRESS) != 0);
        } else {
            long entry = targets.entry((int) key, site.slot());
            to = entry == 0
                    ? new Redirection.None()
                    : new Redirection.Entry(number, (int) key, targets.target((int) key, entry));
        }
        site.workspace().input().redirect(to);
        return to instanceof Redirection.None ? flags & FALLBACK : XDP_REDIRECT;
    }
}
