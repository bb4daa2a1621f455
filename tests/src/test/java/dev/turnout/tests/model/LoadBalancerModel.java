package dev.turnout.tests.model;

import static dev.turnout.tests.model.Frame.u16;
import static dev.turnout.tests.model.Frame.u8;

import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.engine.Input;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Of {@code examples/loadbalancer.turn}, with its keys as they start. The services are what the capture has most packets of, so that most of
 * the program is reached; servers are of both kinds, and every fifth is down.
 */
final class LoadBalancerModel implements Model {
    private static final int DROP = 1;
    private static final int PASS = 2;
    private static final int TX = 3;

    private static final int RING = 4099;
    private static final int SERVERS = 40;
    private static final int SERVICES = 16;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;

    private static final byte[] SELF4 = {(byte) 192, 0, 2, 1};
    private static final byte[] SELF6 = {0x20, 1, 0x0d, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    private static final byte[] SELF_MAC = {2, 0, 0, 0, 0, 1};

    private enum Algorithm {
        RING,
        SOURCE,
        FAILOVER
    }

    private enum Outcome {
        PASSED,
        KNOWN,
        OPENED,
        MOVED,
        NO_SERVER,
        PINGED,
        FRAGMENT,
        MALFORMED
    }

    /** @param algorithm not always one that there is */
    private record Vip(int index, int algorithm, boolean sticky, int first, int servers) {}

    private record Server(ByteString address, ByteString mac, boolean ipv6, boolean up) {}

    private enum Kind {
        OTHER,
        FLOW,
        PING,
        FRAGMENT,
        MALFORMED
    }

    /** What was read of a frame. */
    private static final class Packet {
        byte[] source = new byte[16];
        byte[] target = new byte[16];
        byte[] sport = new byte[2];
        byte[] dport = new byte[2];
        int protocol;
        int length;
        boolean ipv6;
        boolean opening;

        ByteString flow() {
            return new Bytes(38)
                    .raw(source)
                    .raw(target)
                    .raw(sport)
                    .raw(dport)
                    .one(protocol)
                    .done();
        }

        ByteString service(boolean withPort) {
            return LoadBalancerModel.service(target, withPort ? dport : new byte[2], protocol);
        }
    }

    private final Map<ByteString, Vip> services = new HashMap<>();
    private final Server[] servers = new Server[256];
    private final int[] rings = new int[SERVICES * RING];
    private final Map<ByteString, Integer> connections = new HashMap<>();
    private final TreeMap<Integer, Long> outcomes = new TreeMap<>();
    private final TreeMap<Integer, long[]> traffic = new TreeMap<>();

    LoadBalancerModel(List<ByteString> capture) {
        Map<ByteString, Long> seen = new HashMap<>();
        for (ByteString frame : capture) {
            Packet packet = new Packet();
            Kind kind = read(new Frame(frame), packet);
            if (kind == Kind.FLOW || kind == Kind.PING) {
                seen.merge(packet.service(true), 1L, Long::sum);
            }
            if (kind == Kind.FRAGMENT) {
                seen.merge(packet.service(false), 1L, Long::sum);
            }
        }
        List<ByteString> most = seen.entrySet().stream()
                .sorted(Map.Entry.<ByteString, Long>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.comparing(ByteString::toString))))
                .map(Map.Entry::getKey)
                .limit(SERVICES)
                .toList();
        for (int index = 0; index < most.size(); index++) {
            // The last has a way to choose that there is not.
            int algorithm = index == SERVICES - 1 ? 9 : index % Algorithm.values().length;
            services.put(most.get(index), new Vip(index, algorithm, index % 2 == 0, index * 2, index % 10));
        }
        for (int number = 0; number < SERVERS; number++) {
            byte[] address = new byte[16];
            address[0] = 10;
            address[12] = 10;
            address[15] = (byte) number;
            servers[number] = new Server(
                    ByteString.copyOf(address),
                    new Bytes(6).one(2).half(0).one(0).one(1).one(number).done(),
                    number % 3 == 0,
                    number % 5 != 4);
        }
        for (int slot = 0; slot < rings.length; slot++) {
            rings[slot] = slot * 7 % (SERVERS + 2);
        }
    }

    private static ByteString service(byte[] address, byte[] port, int protocol) {
        return new Bytes(20).raw(address).raw(port).one(protocol).done();
    }

    @Override
    public Map<String, Map<ByteString, ByteString>> presets() {
        Map<ByteString, ByteString> vips = new HashMap<>();
        services.forEach((service, vip) -> vips.put(
                service,
                new Bytes(8)
                        .word(vip.index)
                        .one(vip.algorithm)
                        .one(vip.sticky ? 1 : 0)
                        .one(vip.first)
                        .one(vip.servers)
                        .done()));
        Map<ByteString, ByteString> known = new HashMap<>();
        for (int number = 0; number < SERVERS; number++) {
            Server server = servers[number];
            known.put(
                    Bytes.u32(number),
                    new Bytes(24)
                            .raw(server.address.toArray())
                            .raw(server.mac.toArray())
                            .one(server.ipv6 ? 1 : 0)
                            .one(server.up ? 1 : 0)
                            .done());
        }
        Map<ByteString, ByteString> slots = new HashMap<>();
        for (int slot = 0; slot < rings.length; slot++) {
            slots.put(Bytes.u32(slot), Bytes.u32(rings[slot]));
        }
        return Map.of("services", vips, "servers", known, "rings", slots);
    }

    @Override
    public Input input(ByteString frame) {
        return new Input.Packet(frame);
    }

    // --- reading

    private static Kind read(Frame frame, Packet packet) {
        try {
            return switch (u16(frame.take(14), 12)) {
                case 0x800 -> ipv4(frame, packet);
                case 0x86dd -> ipv6(frame, packet);
                default -> Kind.OTHER;
            };
        } catch (Frame.Ended _) {
            return Kind.MALFORMED;
        }
    }

    private static Kind ipv4(Frame frame, Packet packet) {
        byte[] ip = frame.take(20);
        int words = u8(ip, 0) & 15;
        if (u8(ip, 0) >> 4 != 4 || words < 5) {
            return Kind.MALFORMED;
        }
        packet.source = Frame.mapped(ip, 12);
        packet.target = Frame.mapped(ip, 16);
        packet.protocol = u8(ip, 9);
        packet.length = u16(ip, 2);
        frame.skip((words - 5) * 4);
        if ((u16(ip, 6) & 0x3fff) != 0) {
            return Kind.FRAGMENT;
        }
        if (packet.protocol != ICMP) {
            return ports(frame, packet);
        }
        int kind = u8(frame.take(8), 0);
        if (kind != 3 && kind != 11 && kind != 12) {
            return kind == 8 ? Kind.PING : Kind.OTHER;
        }
        byte[] about = frame.take(20);
        if (u8(about, 0) != 0x45) {
            return Kind.MALFORMED;
        }
        packet.source = Frame.mapped(about, 16);
        packet.target = Frame.mapped(about, 12);
        packet.protocol = u8(about, 9);
        return quoted(frame, packet);
    }

    private static Kind ipv6(Frame frame, Packet packet) {
        byte[] ip = frame.take(40);
        if (u8(ip, 0) >> 4 != 6) {
            return Kind.MALFORMED;
        }
        packet.source = Arrays.copyOfRange(ip, 8, 24);
        packet.target = Arrays.copyOfRange(ip, 24, 40);
        packet.protocol = u8(ip, 6);
        packet.length = u16(ip, 4) + 40 & 0xffff;
        packet.ipv6 = true;
        if (packet.protocol == 44) {
            return Kind.FRAGMENT;
        }
        if (packet.protocol != ICMPV6) {
            return ports(frame, packet);
        }
        int kind = u8(frame.take(8), 0);
        if (kind < 1 || kind > 3) {
            return kind == 128 ? Kind.PING : Kind.OTHER;
        }
        byte[] about = frame.take(40);
        if (u8(about, 0) >> 4 != 6) {
            return Kind.MALFORMED;
        }
        packet.source = Arrays.copyOfRange(about, 24, 40);
        packet.target = Arrays.copyOfRange(about, 8, 24);
        packet.protocol = u8(about, 6);
        return quoted(frame, packet);
    }

    private static Kind ports(Frame frame, Packet packet) {
        if (packet.protocol != TCP && packet.protocol != UDP) {
            return Kind.OTHER;
        }
        if (packet.protocol == TCP) {
            packet.opening = (u8(frame.peek(20), 13) & 0x12) == 0x02;
        }
        packet.sport = frame.take(2);
        packet.dport = frame.take(2);
        return Kind.FLOW;
    }

    private static Kind quoted(Frame frame, Packet packet) {
        byte[] both = frame.take(4);
        packet.sport = Arrays.copyOfRange(both, 2, 4);
        packet.dport = Arrays.copyOfRange(both, 0, 2);
        return packet.protocol == TCP || packet.protocol == UDP ? Kind.FLOW : Kind.OTHER;
    }

    // --- choosing

    private Optional<Vip> serviceOf(Packet packet) {
        return Optional.ofNullable(services.get(packet.service(true)))
                .or(() -> Optional.ofNullable(services.get(packet.service(false))));
    }

    private boolean usable(int number, Packet packet) {
        return number < SERVERS && servers[number].up && (servers[number].ipv6 || !packet.ipv6);
    }

    private int choose(Packet packet, Vip vip) {
        return switch (Algorithm.values()[vip.algorithm]) {
            case RING ->
                rings[
                        vip.index * RING
                                + Integer.remainderUnsigned(
                                        JenkinsHash.of(packet.flow().toArray(), vip.index), RING)];
            case SOURCE ->
                vip.first
                        + Integer.remainderUnsigned(JenkinsHash.of(packet.source, vip.index), Math.max(vip.servers, 1));
            case FAILOVER -> {
                for (int number = vip.first; number < vip.first + Math.min(vip.servers, 8); number++) {
                    if (servers[number].up) {
                        yield number;
                    }
                }
                yield vip.first;
            }
        };
    }

    private Optional<Server> pick(Packet packet, Vip vip) {
        Outcome outcome = Outcome.OPENED;
        Integer before = connections.get(packet.flow());
        if (vip.sticky && !packet.opening && before != null) {
            if (usable(before, packet)) {
                Bytes.count(outcomes, Outcome.KNOWN);
                return Optional.of(servers[before]);
            }
            outcome = Outcome.MOVED;
        }
        if (vip.algorithm >= Algorithm.values().length) {
            return Optional.empty();
        }
        int number = choose(packet, vip);
        if (!usable(number, packet)) {
            return Optional.empty();
        }
        Bytes.count(outcomes, outcome);
        if (vip.sticky) {
            connections.put(packet.flow(), number);
        }
        return Optional.of(servers[number]);
    }

    // --- sending

    private static ByteString wrapped(ByteString frame, Packet packet, Server server) {
        byte[] old = frame.toArray();
        Bytes wrapped = new Bytes(frame.size() + (server.ipv6 ? 40 : 20))
                .raw(server.mac.toArray())
                .raw(SELF_MAC);
        if (server.ipv6) {
            wrapped.network(0x86dd)
                    .raw((byte) 0x60, (byte) 0, (byte) 0, (byte) 0)
                    .network(packet.length)
                    .one(packet.ipv6 ? 41 : 4)
                    .one(64)
                    .raw(SELF6)
                    .raw(server.address.toArray());
        } else {
            byte[] ip = {0x45, 0, 0, 0, 0, 0, 0, 0, 64, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
            ip[2] = (byte) ((packet.length + 20) >> 8);
            ip[3] = (byte) (packet.length + 20);
            System.arraycopy(SELF4, 0, ip, 12, 4);
            System.arraycopy(server.address.toArray(), 12, ip, 16, 4);
            int sum = 0;
            for (int at = 0; at < 20; at += 2) {
                sum += u16(ip, at);
            }
            sum = ~folded(sum);
            ip[10] = (byte) (sum >> 8);
            ip[11] = (byte) sum;
            wrapped.network(0x800).raw(ip);
        }
        return wrapped.raw(Arrays.copyOfRange(old, 14, old.length)).done();
    }

    private static int folded(int sum) {
        int folded = (sum & 0xffff) + (sum >>> 16);
        return (folded & 0xffff) + (folded >>> 16);
    }

    private static ByteString pong(ByteString frame, Packet packet) {
        byte[] bytes = frame.toArray();
        swap(bytes, 0, 6, 6);
        int kind;
        int icmp;
        if (packet.ipv6) {
            swap(bytes, 22, 38, 16);
            icmp = 54;
            kind = 129;
        } else {
            swap(bytes, 26, 30, 4);
            icmp = 14 + (bytes[14] & 15) * 4;
            kind = 0;
        }
        // RFC 1624: HC' = ~(~HC + ~m + m').
        int sum = (~u16(bytes, icmp + 2) & 0xffff) + (~u16(bytes, icmp) & 0xffff) + (kind << 8 | u8(bytes, icmp + 1));
        int changed = ~folded(sum);
        bytes[icmp] = (byte) kind;
        bytes[icmp + 2] = (byte) (changed >> 8);
        bytes[icmp + 3] = (byte) changed;
        return ByteString.copyOf(bytes);
    }

    private static void swap(byte[] bytes, int one, int other, int size) {
        for (int at = 0; at < size; at++) {
            byte kept = bytes[one + at];
            bytes[one + at] = bytes[other + at];
            bytes[other + at] = kept;
        }
    }

    // --- a run

    @Override
    public Answer run(Input input) {
        ByteString frame = ((Input.Packet) input).frame();
        Packet packet = new Packet();
        return switch (read(new Frame(frame), packet)) {
            case FLOW -> balance(frame, packet);
            case PING -> {
                if (serviceOf(packet).isEmpty()) {
                    yield end(Outcome.PASSED, PASS, frame);
                }
                yield end(Outcome.PINGED, TX, pong(frame, packet));
            }
            case FRAGMENT ->
                serviceOf(packet).isEmpty() ? end(Outcome.PASSED, PASS, frame) : end(Outcome.FRAGMENT, DROP, frame);
            case MALFORMED -> end(Outcome.MALFORMED, DROP, frame);
            case OTHER ->
                // What is neither IPv4 nor IPv6 is not counted apart.
                end(Outcome.PASSED, PASS, frame);
        };
    }

    private Answer end(Outcome outcome, int result, ByteString frame) {
        Bytes.count(outcomes, outcome);
        return new Answer(result, frame);
    }

    private Answer balance(ByteString frame, Packet packet) {
        Optional<Vip> vip = serviceOf(packet);
        if (vip.isEmpty()) {
            return end(Outcome.PASSED, PASS, frame);
        }
        Optional<Server> server = pick(packet, vip.get());
        if (server.isEmpty()) {
            return end(Outcome.NO_SERVER, DROP, frame);
        }
        long[] sums = traffic.computeIfAbsent(vip.get().index, _ -> new long[2]);
        sums[0]++;
        sums[1] += packet.length;
        return new Answer(TX, wrapped(frame, packet, server.get()));
    }

    @Override
    public Map<String, Map<ByteString, ByteString>> contents() {
        Map<ByteString, ByteString> kept = new HashMap<>();
        connections.forEach(
                (flow, server) -> kept.put(flow, new Bytes(16).word(server).done()));
        Map<ByteString, ByteString> sums = new HashMap<>();
        traffic.forEach((index, two) -> sums.put(
                Bytes.u32(index), new Bytes(16).wide(two[0]).wide(two[1]).done()));
        return Map.of("conns", kept, "traffic", sums, "outcomes", Bytes.entries(outcomes));
    }
}
