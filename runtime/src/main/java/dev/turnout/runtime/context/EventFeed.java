package dev.turnout.runtime.context;

import dev.turnout.ir.model.ByteString;
import dev.turnout.stdlib.program.ContextField;
import dev.turnout.stdlib.program.ContextLayout;
import dev.turnout.stdlib.program.ProgramType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * How a context becomes an input that is not made from a frame: what a test says of it, with a socket where the program may count on
 * one, and bytes where a packet's would be.
 *
 * @param linux whether to take what Linux's test run of {@code sk_lookup} and {@code raw_tp} programs takes and no more
 */
record EventFeed(boolean linux) {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int MOST_ARGUMENTS = ContextLayout.RAW_TRACEPOINT.size();

    /**
     * Makes it the input.
     *
     * @param given laid out as the context; what is missing is zero
     * @param behind what the first field is made to lead to; only where no field is a pointer
     * @return false if it cannot be
     */
    boolean feed(InputDescriptor to, ProgramType type, ByteString given, ByteString behind) {
        ContextLayout layout = type.context();
        if (layout.isPlain()) {
            if (linux && layout == ContextLayout.RAW_TRACEPOINT && given.size() > MOST_ARGUMENTS) {
                return false;
            }
            to.useRawContext(MemorySegment.ofArray(given.toArray()), layout, MemorySegment.ofArray(behind.toArray()));
            return true;
        }
        GivenContext context = new GivenContext(layout, given);
        if (behind.size() > 0 || context.hasPointers() || context.isTooLong()) {
            return false;
        }
        if (layout == ContextLayout.SK_LOOKUP && linux && !isLookup(context)) {
            return false;
        }
        to.useLayout(layout);
        context.copyNumbers(to);
        if (layout == ContextLayout.SK_LOOKUP) {
            keepFamily(to, context);
        }
        sockets(to, context);
        return true;
    }

    /** The same with bytes in the packet's place: a message, a segment, the value of an option. */
    boolean feed(InputDescriptor to, ProgramType type, MemorySegment bytes, ByteString given) {
        if (!feed(to, type, given, ByteString.EMPTY)) {
            return false;
        }
        Optional<ContextField> length = length(type.context());
        if (length.isPresent() && new GivenContext(type.context(), given).number(length.get()) == 0) {
            to.field(length.get(), bytes.byteSize());
        }
        to.useBytes(bytes);
        return true;
    }

    /** The field that says how long the packet is. */
    private static Optional<ContextField> length(ContextLayout layout) {
        return switch (layout) {
            case SK_BUFF, SK_REUSEPORT -> layout.field("len");
            case SK_MSG -> layout.field("size");
            case SOCK_OPS -> layout.field("skb_len");
            case SOCKOPT -> layout.field("optlen");
            case XDP_MD, DISSECTED_SK_BUFF, BPF_SOCK, SOCK_ADDR, SK_LOOKUP, SYSCTL -> Optional.empty();
            case CGROUP_DEVICE, PT_REGS, PERF_EVENT, TRACEPOINT, RAW_TRACEPOINT -> Optional.empty();
            case WRITABLE_RAW_TRACEPOINT, SYSCALL, LIRC, NETFILTER, OPAQUE -> Optional.empty();
        };
    }

    /** Sockets that Linux promises are made; of those that may be missing only the one of an event on a full socket is there. */
    private static void sockets(InputDescriptor to, GivenContext context) {
        ContextLayout layout = context.layout();
        for (ContextField field : layout.fields()) {
            boolean there = switch (field.kind()) {
                case SOCKET -> true;
                case SOCKET_OR_NULL -> layout == ContextLayout.SOCK_OPS && context.number("is_fullsock") != 0;
                case SOCKET_COMMON_OR_NULL -> layout == ContextLayout.SK_BUFF;
                case SCALAR, BYTES, PADDING, PACKET, PACKET_END, PACKET_META -> false;
                case FLOW_KEYS, TRACE_BUFFER, KERNEL_OBJECT -> false;
            };
            if (there) {
                to.field(field, AttachedSocket.make(to));
            }
        }
    }

    private static boolean isLookup(GivenContext context) {
        long family = context.number("family");
        return (family == AF_INET || family == AF_INET6)
                && context.number("local_port") <= 0xffff
                && context.number("ingress_ifindex") == 0;
    }

    /** A look-up has the addresses of its own family only. */
    private static void keepFamily(InputDescriptor to, GivenContext context) {
        long family = context.number("family") & 0xffff;
        for (ContextField field : ContextLayout.SK_LOOKUP.fields()) {
            String stem = field.stem();
            if ((stem.endsWith("_ip4") && family != AF_INET) || (stem.endsWith("_ip6") && family != AF_INET6)) {
                to.field(field, 0);
            }
        }
    }
}
