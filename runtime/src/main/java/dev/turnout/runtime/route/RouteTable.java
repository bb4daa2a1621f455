package dev.turnout.runtime.route;

import dev.turnout.ir.model.ByteString;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Interfaces, the routes over them, and who is known behind each. Immutable: a host that changes its mind gives another one. */
public record RouteTable(List<Interface> interfaces, List<Route> routes, List<Neighbour> neighbours) {
    /** Nothing is known. */
    public static final RouteTable EMPTY = new RouteTable(List.of(), List.of(), List.of());

    /** Linux's table of routes that nobody said otherwise about, and where look-ups with a table given go by default. */
    public static final int MAIN = 254;

    /** In which order the others are asked: what is local, what was given, what is left. */
    private static final List<Integer> ORDER = List.of(255, MAIN, 253);

    public RouteTable {
        interfaces = List.copyOf(interfaces);
        routes = List.copyOf(routes);
        neighbours = List.copyOf(neighbours);
    }

    /**
     * An interface.
     *
     * @param index positive
     * @param mac its address, 6 bytes
     * @param mtu bytes of a packet without Ethernet's header
     * @param forwards whether packets that came in here may go on
     * @param addresses its own
     */
    public record Interface(int index, ByteString mac, int mtu, boolean forwards, List<Address> addresses) {
        public Interface {
            addresses = List.copyOf(addresses);
        }
    }

    /** What happens to packets of a route. */
    public enum Kind {
        UNICAST,
        LOCAL,
        BLACKHOLE,
        UNREACHABLE,
        PROHIBIT
    }

    /**
     * A route.
     *
     * @param to where packets go that take it
     * @param length bits of {@code to} that count
     * @param via next hop; empty if it is the packet's own destination. One at most
     * @param through index of the interface; 0 if packets end here
     * @param metric of two routes as long, the smaller one is taken
     * @param mtu 0 if it is the interface's
     * @param source the address to send from; one at most
     */
    public record Route(
            Address to,
            int length,
            List<Address> via,
            int through,
            int metric,
            int mtu,
            int table,
            Kind kind,
            List<Address> source) {
        public Route {
            via = List.copyOf(via);
            source = List.copyOf(source);
        }
    }

    /**
     * Who has an address behind an interface.
     *
     * @param mac 6 bytes
     */
    public record Neighbour(int through, Address address, ByteString mac) {}

    /** The interface of an index. */
    public Optional<Interface> at(int index) {
        return interfaces.stream().filter(one -> one.index() == index).findFirst();
    }

    /**
     * The route to an address in one table: the longest, of several the one with the smallest metric.
     *
     * @param over only routes over this interface; 0 for all
     */
    public Optional<Route> find(Address to, int table, int over) {
        return routes.stream()
                .filter(route -> route.table() == table
                        && (over == 0 || route.through() == over)
                        && route.to().startsLike(to, route.length()))
                .min(Comparator.comparingInt((Route route) -> -route.length()).thenComparingInt(Route::metric));
    }

    /** The same in the tables that Linux asks if none is given. */
    public Optional<Route> find(Address to, int over) {
        return ORDER.stream().flatMap(table -> find(to, table, over).stream()).findFirst();
    }

    /** Ethernet's address of a neighbour, if it is known. */
    public Optional<ByteString> neighbour(int through, Address address) {
        return neighbours.stream()
                .filter(one -> one.through() == through && one.address().equals(address))
                .map(Neighbour::mac)
                .findFirst();
    }
}
