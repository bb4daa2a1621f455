package dev.turnout.tests.model;

import static dev.turnout.tests.model.Frame.u16;
import static dev.turnout.tests.model.Frame.u32;
import static dev.turnout.tests.model.Frame.u8;

import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.engine.Input;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Of {@code examples/dissector.turn}, with its keys as they start. */
final class DissectorModel implements Model {
    private static final int DROP = 1;
    private static final int PASS = 2;
    private static final int LIMIT = 24;

    private static final int FRAGMENT = 1;
    private static final int FIRST = 2;
    private static final int TUNNEL = 4;
    private static final int OPTIONS = 8;

    private static final int IP = 0x800;
    private static final int IPV6 = 0x86dd;

    /** In the order of the program's own. */
    private enum Outcome {
        FLOW,
        FRAGMENT,
        OPAQUE,
        ENCRYPTED,
        NOT_IP,
        TRUNCATED,
        MALFORMED,
        TOO_DEEP
    }

    private static final class Seen {
        long packets;
        long bytes;
        int deepest;
    }

    /** Too many steps back. */
    private static final class TooDeep extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooDeep() {
            super(null, null, false, false);
        }
    }

    /** One walk through one frame. */
    private static final class Walk {
        final Frame frame;
        byte[] source = new byte[16];
        byte[] target = new byte[16];
        byte[] ports = new byte[4];
        int type;
        int protocol;
        int flags;
        final int[] vlans = new int[2];
        int label;
        int id;

        int tags;
        int labels;
        int headers;
        int back;

        Walk(Frame frame) {
            this.frame = frame;
        }

        void goBack() {
            if (back == LIMIT) {
                throw new TooDeep();
            }
            back++;
        }

        Outcome ethernet(int etherType) {
            headers++;
            type = etherType;
            return switch (etherType) {
                case 0x8100, 0x88a8 -> {
                    byte[] tag = frame.take(4);
                    if (tags < 2) {
                        vlans[tags] = u16(tag, 0) & 0xfff;
                    }
                    tags++;
                    goBack();
                    yield ethernet(u16(tag, 2));
                }
                case 0x8847, 0x8848 -> mpls();
                case IP -> ipv4();
                case IPV6 -> ipv6();
                default -> Outcome.NOT_IP;
            };
        }

        private Outcome mpls() {
            while (true) {
                int entry = u32(frame.take(4), 0);
                headers++;
                if (labels++ == 0) {
                    label = entry >>> 12;
                }
                if ((entry & 0x100) != 0) {
                    break;
                }
                goBack();
            }
            int version = u8(frame.peek(1), 0) >> 4;
            if (version != 4 && version != 6) {
                return Outcome.OPAQUE;
            }
            goBack();
            return ethernet(version == 4 ? IP : IPV6);
        }

        private Outcome ipv4() {
            byte[] ip = frame.take(20);
            int words = u8(ip, 0) & 15;
            if (u8(ip, 0) >> 4 != 4 || words < 5) {
                return Outcome.MALFORMED;
            }
            if (words > 5) {
                flags |= OPTIONS;
                frame.skip((words - 5) * 4);
            }
            source = Frame.mapped(ip, 12);
            target = Frame.mapped(ip, 16);
            int part = u16(ip, 6);
            if ((part & 0x1fff) != 0) {
                protocol = u8(ip, 9);
                flags |= FRAGMENT;
                return Outcome.FRAGMENT;
            }
            if ((part & 0x2000) != 0) {
                flags |= FIRST;
            }
            return payload(u8(ip, 9));
        }

        private Outcome ipv6() {
            byte[] ip = frame.take(40);
            if (u8(ip, 0) >> 4 != 6) {
                return Outcome.MALFORMED;
            }
            source = Arrays.copyOfRange(ip, 8, 24);
            target = Arrays.copyOfRange(ip, 24, 40);
            return payload(u8(ip, 6));
        }

        private Outcome payload(int next) {
            headers++;
            protocol = next;
            return switch (next) {
                case 6, 17, 132, 136 -> {
                    ports = frame.take(4);
                    yield Outcome.FLOW;
                }
                case 1, 58 -> {
                    byte[] icmp = frame.take(8);
                    int kind = u8(icmp, 0);
                    boolean echo = kind == 0 || kind == 8 || kind == 128 || kind == 129;
                    ports = new byte[] {echo ? icmp[4] : 0, echo ? icmp[5] : 0, icmp[0], icmp[1]};
                    yield Outcome.FLOW;
                }
                case 0, 43, 60 -> {
                    byte[] option = frame.take(8);
                    flags |= OPTIONS;
                    frame.skip(u8(option, 1) * 8);
                    goBack();
                    yield payload(u8(option, 0));
                }
                case 44 -> {
                    byte[] part = frame.take(8);
                    if (u16(part, 2) >> 3 != 0) {
                        protocol = u8(part, 0);
                        flags |= FRAGMENT;
                        yield Outcome.FRAGMENT;
                    }
                    if ((u16(part, 2) & 1) != 0) {
                        flags |= FIRST;
                    }
                    goBack();
                    yield payload(u8(part, 0));
                }
                case 51 -> {
                    byte[] auth = frame.take(12);
                    if (u8(auth, 1) < 1) {
                        yield Outcome.MALFORMED;
                    }
                    id = u32(auth, 4);
                    frame.skip((u8(auth, 1) - 1) * 4);
                    goBack();
                    yield payload(u8(auth, 0));
                }
                case 50 -> {
                    id = u32(frame.take(8), 0);
                    yield Outcome.ENCRYPTED;
                }
                case 47 -> gre();
                case 4, 41 -> {
                    flags |= TUNNEL;
                    goBack();
                    yield ethernet(next == 4 ? IP : IPV6);
                }
                default -> Outcome.OPAQUE;
            };
        }

        private Outcome gre() {
            byte[] gre = frame.take(4);
            int bits = u16(gre, 0);
            if ((bits & 7) != 0 || (bits & 0x4000) != 0) {
                return Outcome.OPAQUE;
            }
            frame.skip((bits & 0x8000) != 0 ? 4 : 0);
            if ((bits & 0x2000) != 0) {
                id = u32(frame.take(4), 0);
            }
            frame.skip((bits & 0x1000) != 0 ? 4 : 0);
            flags |= TUNNEL;
            int carried = u16(gre, 2);
            if (carried == 0x6558) {
                carried = u16(frame.take(14), 12);
            }
            goBack();
            return ethernet(carried);
        }

        ByteString flow() {
            return new Bytes(52)
                    .raw(source)
                    .raw(target)
                    .raw(ports)
                    .network(type)
                    .one(protocol)
                    .one(flags)
                    .half(vlans[0])
                    .half(vlans[1])
                    .word(label)
                    .word(id)
                    .done();
        }
    }

    private final Map<ByteString, Seen> flows = new HashMap<>();
    private final TreeMap<Integer, Long> outcomes = new TreeMap<>();
    private final TreeMap<Integer, Long> deep = new TreeMap<>();

    @Override
    public Map<String, Map<ByteString, ByteString>> presets() {
        return Map.of();
    }

    @Override
    public Input input(ByteString frame) {
        return new Input.Packet(frame);
    }

    @Override
    public Answer run(Input input) {
        ByteString frame = ((Input.Packet) input).frame();
        Walk walk = new Walk(new Frame(frame));
        Outcome outcome;
        try {
            outcome = walk.ethernet(u16(walk.frame.take(14), 12));
        } catch (Frame.Ended _) {
            outcome = Outcome.TRUNCATED;
        } catch (TooDeep _) {
            outcome = Outcome.TOO_DEEP;
        }
        Bytes.count(outcomes, outcome);
        Bytes.count(deep, walk.headers & 63);
        switch (outcome) {
            case FLOW, FRAGMENT, OPAQUE, ENCRYPTED -> {
                Seen seen = flows.computeIfAbsent(walk.flow(), _ -> new Seen());
                seen.packets++;
                seen.bytes += frame.size();
                seen.deepest = Math.max(seen.deepest, walk.headers);
            }
            case NOT_IP -> {}
            case TRUNCATED, MALFORMED, TOO_DEEP -> {
                return new Answer(DROP, frame);
            }
        }
        return new Answer(PASS, frame);
    }

    @Override
    public Map<String, Map<ByteString, ByteString>> contents() {
        Map<ByteString, ByteString> seen = new HashMap<>();
        flows.forEach((flow, one) -> seen.put(
                flow,
                new Bytes(24)
                        .wide(one.packets)
                        .wide(one.bytes)
                        .word(one.deepest)
                        .done()));
        return Map.of("flows", seen, "outcomes", Bytes.entries(outcomes), "deep", Bytes.entries(deep));
    }
}
