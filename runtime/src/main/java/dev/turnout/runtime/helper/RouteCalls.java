package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.EAFNOSUPPORT;
import static dev.turnout.runtime.map.Errno.EINVAL;
import static dev.turnout.runtime.map.Errno.ENODEV;

import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.runtime.route.Address;
import dev.turnout.runtime.route.RouteTable;
import dev.turnout.runtime.route.RouteTable.Interface;
import dev.turnout.runtime.route.RouteTable.Route;
import dev.turnout.stdlib.program.ContextLayout;
import java.util.Optional;

/**
 * {@code bpf_fib_lookup}: where a packet with these addresses goes, by the {@link RouteTable} of the world. What is left in the parameters when
 * the answer is no is what Linux leaves: a neighbour that is not known, say, is found out after the interface was written.
 */
final class RouteCalls {
    private static final int BYTES = 64;

    // Offsets in struct bpf_fib_lookup.
    private static final int FAMILY = 0;
    private static final int LENGTH = 6;
    private static final int INTERFACE = 8;
    private static final int METRIC = 12;
    private static final int SOURCE = 16;
    private static final int DESTINATION = 32;
    private static final int TABLE = 48;
    private static final int SOURCE_MAC = 52;
    private static final int DESTINATION_MAC = 58;

    private static final int DIRECT = 1;
    private static final int OUTPUT = 2;
    private static final int SKIP_NEIGHBOUR = 4;
    private static final int BY_TABLE = 8;
    private static final int WANTS_SOURCE = 16;
    private static final int ALL_FLAGS = 63;

    private static final int SUCCESS = 0;
    private static final int BLACKHOLE = 1;
    private static final int UNREACHABLE = 2;
    private static final int PROHIBIT = 3;
    private static final int NOT_FORWARDED = 4;
    private static final int FORWARDING_DISABLED = 5;
    private static final int NO_NEIGHBOUR = 7;
    private static final int FRAGMENTS_NEEDED = 8;
    private static final int NO_SOURCE = 9;

    private static final int INET = 2;
    private static final int INET6 = 10;
    /** What a frame has besides the MTU: Ethernet's header, and room for a tag. */
    private static final int FRAME_EXTRA = 18;

    private final RouteTable table;
    private final long at;
    private final int flags;
    private final boolean ipv6;

    private RouteCalls(RouteTable table, long at, int flags, boolean ipv6) {
        this.table = table;
        this.at = at;
        this.flags = flags;
        this.ipv6 = ipv6;
    }

    static long lookup(CallSite site, long at, long sizeArgument, long flagsArgument) {
        int size = (int) sizeArgument;
        int flags = (int) flagsArgument;
        site.writes(at, size);
        if (size < BYTES || (flags & ~ALL_FLAGS) != 0) {
            return -EINVAL;
        }
        boolean frame = site.workspace().layout() == ContextLayout.XDP_MD;
        boolean checked = frame || Memory.loadShort(at + LENGTH) != 0;
        int family = Memory.loadByte(at + FAMILY);
        if (family != INET && family != INET6) {
            return -EAFNOSUPPORT;
        }
        RouteCalls call = new RouteCalls(site.world().routes(), at, flags, family == INET6);
        int result = call.lookup(checked);
        return result == SUCCESS && !checked ? call.fit(site.workspace().packet().length) : result;
    }

    /** Without a length in the parameters, the packet itself has to fit the interface. */
    private int fit(int packet) {
        Interface through = table.at(Memory.loadInt(at + INTERFACE)).orElse(null);
        if (through == null) {
            return -ENODEV;
        }
        Memory.storeShort(at + LENGTH, (short) through.mtu());
        return packet > through.mtu() + FRAME_EXTRA ? FRAGMENTS_NEEDED : SUCCESS;
    }

    private int lookup(boolean checked) {
        Address to = address(DESTINATION);
        if (ipv6 && (to.staysHere() || address(SOURCE).staysHere())) {
            return NOT_FORWARDED;
        }
        int came = Memory.loadInt(at + INTERFACE);
        Optional<Interface> origin = table.at(came);
        if (origin.isEmpty()) {
            return -ENODEV;
        }
        if (!origin.get().forwards()) {
            return FORWARDING_DISABLED;
        }
        Optional<Route> route = find(to, (flags & OUTPUT) != 0 ? came : 0);
        if (route.isEmpty()) {
            return NOT_FORWARDED;
        }
        return switch (route.get().kind()) {
            case UNICAST ->
                table.at(route.get().through())
                        .map(through -> forward(route.get(), through, checked))
                        .orElse(NOT_FORWARDED);
            case LOCAL -> NOT_FORWARDED;
            case BLACKHOLE -> BLACKHOLE;
            case UNREACHABLE -> UNREACHABLE;
            case PROHIBIT -> PROHIBIT;
        };
    }

    private Optional<Route> find(Address to, int over) {
        if ((flags & DIRECT) == 0) {
            return table.find(to, over);
        }
        int number = RouteTable.MAIN;
        if ((flags & BY_TABLE) != 0) {
            number = Memory.loadInt(at + TABLE);
            Memory.storeInt(at + TABLE, 0);
        }
        return table.find(to, number, over);
    }

    private int forward(Route route, Interface through, boolean checked) {
        int mtu = route.mtu() == 0 ? through.mtu() : route.mtu();
        if (checked && (Memory.loadShort(at + LENGTH) & 0xffff) > mtu) {
            Memory.storeShort(at + LENGTH, (short) mtu);
            return FRAGMENTS_NEEDED;
        }
        // Linux writes the next hop of IPv4 after the source, that of IPv6 before it, and no answer shows the
        // difference but this one.
        if (ipv6) {
            nextHop(route);
        }
        Memory.storeInt(at + METRIC, route.metric());
        Memory.storeInt(at + INTERFACE, through.index());
        if ((flags & WANTS_SOURCE) != 0 && !source(route, through)) {
            return NO_SOURCE;
        }
        if (!ipv6) {
            nextHop(route);
        }
        if ((flags & SKIP_NEIGHBOUR) == 0) {
            boolean now = Memory.loadByte(at + FAMILY) == INET6;
            Optional<ByteString> mac = table.neighbour(through.index(), address(DESTINATION, now));
            if (mac.isEmpty()) {
                return NO_NEIGHBOUR;
            }
            Memory.copyIn(mac.get().toArray(), at + DESTINATION_MAC);
            Memory.copyIn(through.mac().toArray(), at + SOURCE_MAC);
        }
        Memory.storeInt(at + TABLE, 0);
        if (checked) {
            Memory.storeShort(at + LENGTH, (short) mtu);
        }
        return SUCCESS;
    }

    private void nextHop(Route route) {
        for (Address hop : route.via()) {
            if (hop.isIpv6() && !ipv6) {
                Memory.storeByte(at + FAMILY, (byte) INET6);
            }
            Memory.copyIn(hop.bytes().toArray(), at + DESTINATION);
        }
    }

    private boolean source(Route route, Interface through) {
        Optional<Address> own = route.source().stream()
                .findFirst()
                .or(() -> through.addresses().stream()
                        .filter(one -> one.isIpv6() == ipv6)
                        .findFirst());
        if (own.isEmpty() && ipv6) {
            return false;
        }
        Memory.copyIn(own.map(one -> one.bytes().toArray()).orElse(new byte[4]), at + SOURCE);
        return true;
    }

    private Address address(int field) {
        return address(field, ipv6);
    }

    private Address address(int field, boolean wide) {
        return new Address(ByteString.copyOf(Memory.copyOut(at + field, wide ? 16 : 4)));
    }
}
