package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.EINVAL;

import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.program.ContextField;
import dev.turnout.stdlib.program.ContextLayout;

/** Helpers on the connection that a {@code sockops} program hears of: what it asks for is noted in its context. */
final class ConnectionCalls {
    private static final int ALL_CALLBACKS = 0x7f;
    private static final ContextField CALLBACKS =
            ContextLayout.SOCK_OPS.field("bpf_sock_ops_cb_flags").orElseThrow();
    private static final ContextField FULL =
            ContextLayout.SOCK_OPS.field("is_fullsock").orElseThrow();

    private ConnectionCalls() {}

    /** Says of which events the program wants to hear; those that there are not come back. */
    static long callbacks(CallSite site, long flags) {
        long context = site.workspace().context();
        if (Memory.loadInt(context + FULL.offset()) == 0) {
            return -EINVAL;
        }
        Memory.storeInt(context + CALLBACKS.offset(), (int) flags & ALL_CALLBACKS);
        return (int) flags & ~ALL_CALLBACKS;
    }
}
