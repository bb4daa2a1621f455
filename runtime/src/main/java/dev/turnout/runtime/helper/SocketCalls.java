package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.EINVAL;
import static dev.turnout.runtime.map.Errno.EOPNOTSUPP;

import dev.turnout.runtime.context.InputDescriptor;
import dev.turnout.stdlib.program.ContextLayout;

/**
 * Helpers on sockets, in a world that has one at most: the closed one that the context leads to. Look-ups find none, as Linux's do where
 * nobody listens.
 */
final class SocketCalls {
    private static final long NOBODY = 65_534;
    private static final long ASSIGN_FLAGS = 3;

    private SocketCalls() {}

    /** A look-up by addresses: null. */
    static long find() {
        return 0;
    }

    /** Sockets are full, so what is given is given back; null stays null. */
    static long full(long socket) {
        return socket;
    }

    /** What a TCP socket has besides, or one that listens: none is either. */
    static long none() {
        return 0;
    }

    private static boolean hasSocket(CallSite site) {
        InputDescriptor input = site.workspace().input();
        return input.attachedSize() > 0 && input.layout() != ContextLayout.DISSECTED_SK_BUFF;
    }

    /** The number of the context's socket, of which there is one; 0 without. */
    static long cookie(CallSite site) {
        return hasSocket(site) ? 1 : 0;
    }

    /** Who owns the context's socket: root; without one, the user that stands for nobody. */
    static long owner(CallSite site) {
        return hasSocket(site) ? 0 : NOBODY;
    }

    /** Gives a packet to a socket, which Linux does on arrival only; of a look-up, takes back the socket that was chosen. */
    static long assign(CallSite site, long socket, long flags) {
        if (site.workspace().layout() == ContextLayout.SK_LOOKUP) {
            return socket == 0 && (flags & ~ASSIGN_FLAGS) == 0 ? 0 : -EINVAL;
        }
        return socket == 0 || flags != 0 ? -EINVAL : -EOPNOTSUPP;
    }
}
