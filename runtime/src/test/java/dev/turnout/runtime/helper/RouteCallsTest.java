package dev.turnout.runtime.helper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.Errno;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.runtime.route.Address;
import dev.turnout.runtime.route.RouteReader;
import dev.turnout.runtime.route.RouteTable;
import dev.turnout.runtime.route.RouteTable.Interface;
import dev.turnout.runtime.route.RouteTable.Kind;
import dev.turnout.runtime.route.RouteTable.Neighbour;
import dev.turnout.runtime.route.RouteTable.Route;
import dev.turnout.stdlib.helper.HelperFunction;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RouteCallsTest {
    private static final int SKIP_NEIGHBOUR = 4;
    private static final int WANTS_SOURCE = 16;

    private final Workspace workspace = Workspace.create().orElseThrow();
    private final Arena arena = Arena.ofConfined();
    private final long at = arena.allocate(64, 8).address();
    private final ScriptedWorld world = new ScriptedWorld();

    RouteCallsTest() {
        world.routes(new RouteTable(
                List.of(
                        new Interface(1, mac("020000000001"), 1500, true, List.of()),
                        new Interface(2, mac("020000000002"), 1400, true, List.of(address("10.0.0.9"))),
                        new Interface(3, mac("020000000003"), 9000, false, List.of())),
                List.of(
                        route("10.0.0.0", 8, "10.0.0.1", 2, 100, 0, Kind.UNICAST),
                        route("10.1.0.0", 16, "", 1, 100, 0, Kind.UNICAST),
                        route("10.1.0.0", 16, "", 2, 50, 600, Kind.UNICAST),
                        route("10.9.0.0", 16, "", 0, 0, 0, Kind.BLACKHOLE),
                        route("10.8.0.0", 16, "", 0, 0, 0, Kind.PROHIBIT),
                        route("10.7.0.0", 16, "", 0, 0, 0, Kind.UNREACHABLE),
                        route("10.6.0.0", 16, "", 1, 0, 0, Kind.LOCAL),
                        route("192.168.0.0", 16, "2001:db8::1", 1, 0, 0, Kind.UNICAST),
                        route("2001:db8::", 32, "2001:db8::1", 1, 7, 0, Kind.UNICAST)),
                List.of(
                        new Neighbour(2, address("10.0.0.1"), mac("0200000000fe")),
                        new Neighbour(2, address("10.1.2.3"), mac("0200000000fd")),
                        new Neighbour(1, address("2001:db8::1"), mac("0200000000fc")))));
    }

    @AfterEach
    void close() {
        workspace.close();
        arena.close();
    }

    private static ByteString mac(String hex) {
        return ByteString.copyOf(HexFormat.of().parseHex(hex));
    }

    private static Address address(String text) {
        return Address.parse(text).orElseThrow();
    }

    private static Route route(String to, int length, String via, int through, int metric, int mtu, Kind kind) {
        return new Route(
                address(to),
                length,
                via.isEmpty() ? List.of() : List.of(address(via)),
                through,
                metric,
                mtu,
                RouteTable.MAIN,
                kind,
                List.of());
    }

    /** The site of a call by an XDP program. */
    private CallSite site() {
        return new CallSite() {
            @Override
            public World world() {
                return world;
            }

            @Override
            public Workspace workspace() {
                return workspace;
            }

            @Override
            public int slot() {
                return 0;
            }

            @Override
            public BpfMap map(long pointer) {
                throw new AssertionError();
            }

            @Override
            public void reads(long address, long bytes) {}

            @Override
            public void writes(long address, long bytes) {}

            @Override
            public boolean owns(long address, long bytes) {
                return false;
            }
        };
    }

    private long lookup(String to, int through, int length, int flags) {
        Memory.zero(at, 64);
        Address address = address(to);
        Memory.storeByte(at, (byte) (address.isIpv6() ? 10 : 2));
        Memory.storeShort(at + 6, (short) length);
        Memory.storeInt(at + 8, through);
        Memory.copyIn(address.bytes().toArray(), at + 32);
        return call(64, flags);
    }

    private long call(int size, int flags) {
        return HelperCalls.call(HelperFunction.FIB_LOOKUP, site(), 0, at, size, flags, 0);
    }

    private String bytes(int offset, int count) {
        return HexFormat.of().formatHex(Memory.copyOut(at + offset, count));
    }

    @Test
    void the_longest_route_says_the_next_hop() {
        assertThat(lookup("10.200.0.1", 1, 100, 0)).isZero();
        assertThat(Memory.loadInt(at + 8)).isEqualTo(2);
        assertThat(Memory.loadInt(at + 12)).isEqualTo(100);
        assertThat(bytes(32, 4)).isEqualTo("0a000001");
        assertThat(bytes(52, 12)).isEqualTo("020000000002" + "0200000000fe");
        assertThat(Memory.loadShort(at + 6)).isEqualTo((short) 1400);
    }

    @Test
    void of_two_the_smaller_metric_is_taken_and_a_route_may_have_an_mtu() {
        assertThat(lookup("10.1.2.3", 1, 600, 0)).isZero();
        assertThat(Memory.loadInt(at + 8)).isEqualTo(2);
        assertThat(bytes(32, 4)).isEqualTo("0a010203");
        assertThat(bytes(58, 6)).isEqualTo("0200000000fd");
        assertThat(lookup("10.1.2.3", 1, 601, 0)).isEqualTo(8);
        assertThat(Memory.loadShort(at + 6)).isEqualTo((short) 600);
    }

    @Test
    void a_neighbour_that_is_unknown_is_found_out_last() {
        assertThat(lookup("10.1.9.9", 1, 100, 0)).isEqualTo(7);
        assertThat(Memory.loadInt(at + 8)).isEqualTo(2);
        assertThat(lookup("10.1.9.9", 1, 100, SKIP_NEIGHBOUR)).isZero();
        assertThat(bytes(52, 12)).isEqualTo("00".repeat(12));
    }

    @Test
    void routes_may_say_no() {
        assertThat(lookup("10.9.0.1", 1, 0, 0)).isEqualTo(1);
        assertThat(lookup("10.7.0.1", 1, 0, 0)).isEqualTo(2);
        assertThat(lookup("10.8.0.1", 1, 0, 0)).isEqualTo(3);
        assertThat(lookup("10.6.0.1", 1, 0, 0)).isEqualTo(4);
        assertThat(lookup("172.16.0.1", 1, 0, 0)).isEqualTo(4);
        assertThat(lookup("10.0.0.5", 3, 0, 0)).isEqualTo(5);
        assertThat(lookup("10.0.0.5", 4, 0, 0)).isEqualTo(-Errno.ENODEV);
    }

    @Test
    void what_the_call_says_wrong_is_said_first() {
        assertThat(call(63, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(lookup("10.0.0.5", 9, 0, 64)).isEqualTo(-Errno.EINVAL);
        Memory.storeByte(at, (byte) 3);
        assertThat(call(64, 0)).isEqualTo(-Errno.EAFNOSUPPORT);
    }

    @Test
    void six_and_four_may_be_mixed_at_the_next_hop() {
        assertThat(lookup("2001:db8:7::1", 2, 100, 0)).isZero();
        assertThat(bytes(32, 16)).isEqualTo("20010db8000000000000000000000001");
        assertThat(lookup("192.168.3.4", 2, 100, 0)).isZero();
        assertThat(Memory.loadByte(at)).isEqualTo((byte) 10);
        assertThat(bytes(58, 6)).isEqualTo("0200000000fc");
        assertThat(lookup("fe80::1", 99, 100, 0)).isEqualTo(4);
        assertThat(lookup("::1", 99, 100, 0)).isEqualTo(4);
    }

    @Test
    void a_source_is_the_routes_or_the_interfaces() {
        assertThat(lookup("10.200.0.1", 1, 100, WANTS_SOURCE)).isZero();
        assertThat(bytes(16, 4)).isEqualTo("0a000009");
        assertThat(lookup("2001:db8:7::1", 2, 100, WANTS_SOURCE)).isEqualTo(9);
    }

    @Test
    void only_routes_out_of_an_interface_or_of_a_table_can_be_asked_for() {
        assertThat(lookup("10.1.2.3", 1, 100, 2 | SKIP_NEIGHBOUR)).isZero();
        assertThat(Memory.loadInt(at + 8)).isEqualTo(1);
        lookup("10.200.0.1", 1, 100, 0);
        Memory.storeInt(at + 48, 77);
        assertThat(call(64, 1 | 8)).isEqualTo(4);
        assertThat(Memory.loadInt(at + 48)).isZero();
    }

    @Test
    void tables_are_read_from_data() {
        StringBuilder why = new StringBuilder();
        Datum routes = new Datum.Fields(Map.of(
                "interfaces", new Datum.Items(List.of(new Datum.Fields(Map.of("index", Datum.of(4))))),
                "routes",
                        new Datum.Items(List.of(new Datum.Fields(
                                Map.of("to", new Datum.Text("10.0.0.0/8"), "interface", Datum.of(4)))))));
        RouteTable table = RouteReader.read(routes, why).orElseThrow();
        assertThat(table.at(4).orElseThrow().mtu()).isEqualTo(1500);
        assertThat(table.find(address("10.3.4.5"), 0).orElseThrow().through()).isEqualTo(4);
        assertThat(table.find(address("11.3.4.5"), 0)).isEmpty();
    }

    @Test
    void what_is_wrong_with_data_is_said_where_it_is() {
        List<String> told = new ArrayList<>();
        for (Map<String, Datum> route : List.<Map<String, Datum>>of(
                Map.of("to", new Datum.Text("10.0.0.0/33"), "interface", Datum.of(1)),
                Map.of("to", new Datum.Text("10.0.0/8"), "interface", Datum.of(1)),
                Map.of("to", new Datum.Text("10.0.0.0/8")),
                Map.of(
                        "to",
                        new Datum.Text("10.0.0.0/8"),
                        "kind",
                        new Datum.Text("sideways"),
                        "interface",
                        Datum.of(1)),
                Map.of("towards", Datum.of(1)))) {
            StringBuilder why = new StringBuilder();
            Datum all = new Datum.Fields(Map.of("routes", new Datum.Items(List.of(new Datum.Fields(route)))));
            assertThat(RouteReader.read(all, why)).isEmpty();
            told.add(why.toString());
        }
        assertThat(told.get(0)).isEqualTo("routes[0]: `to` ends in `/33`, which is no length up to 32");
        assertThat(told.get(1)).contains("routes[0]: `to` must be an address");
        assertThat(told.get(2)).contains("`interface` must be a number from 1");
        assertThat(told.get(3)).contains("`sideways` is no kind of route");
        assertThat(told.get(4)).contains("`towards` is unknown");
    }

    @Test
    void addresses_are_written_as_people_do() {
        assertThat(address("2001:db8::1").bytes()).hasToString("20010db8000000000000000000000001");
        assertThat(address("::").bytes()).hasToString("00".repeat(16));
        assertThat(address("1:2:3:4:5:6:7:8").bytes()).hasToString("00010002000300040005000600070008");
        for (String wrong :
                List.of("", "1.2.3", "1.2.3.256", "1.2.3.4.5", ":", "1::2::3", "1:2:3:4:5:6:7:8:9", "g::")) {
            assertThat(Address.parse(wrong)).as(wrong).isEmpty();
        }
    }
}
