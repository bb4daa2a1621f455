package dev.turnout.frontend.lower;

import dev.turnout.ir.eval.CheckedMemory;
import dev.turnout.ir.eval.EvaluationFailure;
import dev.turnout.ir.eval.Evaluator;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.MapDeclaration;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Region;
import dev.turnout.stdlib.map.MapKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A small world for lowered code: maps, packets, output, and what a test block's {@code expect} found. */
final class World extends CheckedMemory {
    private final Map<Long, Entries> maps = new HashMap<>();
    private final Map<Long, byte[]> handles = new HashMap<>();
    final StringBuilder output = new StringBuilder();
    final List<String> calls = new ArrayList<>();
    final List<Integer> failedChecks = new ArrayList<>();
    private byte[] packet = new byte[0];
    private long packetAddress;

    /** A map's values: where each lies. */
    private record Entries(MapDeclaration map, Map<ByteString, Long> values) {}

    World(Module module) {
        super(module);
        for (MapDeclaration map : module.maps()) {
            maps.put(addressOf(Region.MAP, map.name()), new Entries(map, new HashMap<>()));
        }
    }

    /** Puts a packet where an {@code xdp_md} at {@link #context} says that it is. */
    void packet(int... bytes) {
        packet = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            packet[i] = (byte) bytes[i];
        }
        packetAddress = allocate("packet", packet, true);
        contextField(0, packetAddress);
        contextField(4, packetAddress + packet.length);
        // An sk_buff too: its length.
        if (packet.length > 0) {
            contextField(0, packetAddress);
        }
    }

    /** The packet of a program whose packets are copied. */
    void copiedPacket(int... bytes) {
        packet(bytes);
        contextField(0, bytes.length);
    }

    /** Where the packet lies. The same in every world of a module that is set up alike. */
    long packetAddress() {
        return packetAddress;
    }

    byte[] packet() {
        return packet;
    }

    byte[] bytes(long address, long size) {
        byte[] bytes = new byte[(int) size];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) load(address + i, 1);
        }
        return bytes;
    }

    private void put(long address, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            store(address + i, 1, bytes[i]);
        }
    }

    /** Puts an entry into a map. */
    void preset(String map, byte[] key, byte[] value) {
        map(addressOf(Region.MAP, map)).values.put(ByteString.copyOf(key), allocate(map, value.clone(), true));
    }

    private byte[] handle(long handle) {
        byte[] bytes = handles.get(handle);
        if (bytes == null) {
            throw new EvaluationFailure("no packet has the handle " + handle);
        }
        return bytes;
    }

    private Entries map(long address) {
        Entries found = maps.get(address);
        if (found == null) {
            throw new EvaluationFailure("no map there");
        }
        return found;
    }

    private long lookup(long address, long keyAddress) {
        Entries entries = map(address);
        ByteString key = ByteString.copyOf(bytes(keyAddress, entries.map.key().size()));
        Long found = entries.values.get(key);
        boolean indexed = MapKind.ofWord(entries.map.kind()).orElseThrow().keys() == MapKind.Keys.INDEX;
        if (found == null && indexed && Copies.number(key, 0, 4) < entries.map.maxEntries()) {
            found = allocate(
                    entries.map.name(), new byte[(int) entries.map.value().size()], true);
            entries.values.put(key, found);
        }
        return found == null ? 0 : found;
    }

    @Override
    public long callHelper(String helper, long[] arguments, Evaluator evaluator) {
        calls.add(helper);
        return switch (helper) {
            case "map_lookup_elem" -> {
                yield lookup(arguments[0], arguments[1]);
            }
            case "map_update_elem" -> {
                Entries entries = map(arguments[0]);
                ByteString key =
                        ByteString.copyOf(bytes(arguments[1], entries.map.key().size()));
                byte[] value = bytes(arguments[2], entries.map.value().size());
                if (arguments[3] == 1 && entries.values.containsKey(key)) {
                    yield -17;
                }
                long at = entries.values.computeIfAbsent(key, _ -> allocate(entries.map.name(), value, true));
                put(at, value);
                yield 0;
            }
            case "map_delete_elem" -> {
                Entries entries = map(arguments[0]);
                ByteString key =
                        ByteString.copyOf(bytes(arguments[1], entries.map.key().size()));
                yield entries.values.remove(key) == null ? -2 : 0;
            }
            case "skb_load_bytes" -> {
                if (arguments[1] + arguments[3] > packet.length) {
                    yield -14;
                }
                put(arguments[2], bytes(packetAddress + arguments[1], arguments[3]));
                yield 0;
            }
            case "trace_printk", "trace_vprintk" -> {
                output.append(format(helper, arguments)).append('\n');
                yield 0;
            }
            case "get_current_comm" -> {
                byte[] name = new byte[(int) arguments[1]];
                name[0] = 't';
                put(arguments[0], name);
                yield 0;
            }
            case "ktime_get_ns" -> {
                yield 77;
            }
            default -> throw new EvaluationFailure("no helper " + helper);
        };
    }

    private String format(String helper, long[] arguments) {
        byte[] format = bytes(arguments[0], arguments[1]);
        String text = new String(format, 0, format.length - 1, StandardCharsets.UTF_8);
        StringBuilder out = new StringBuilder();
        int next = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != '%') {
                out.append(text.charAt(i));
                continue;
            }
            int end = i + 1;
            while ("0123456789l".indexOf(text.charAt(end)) >= 0) {
                end++;
            }
            char kind = text.charAt(end);
            if (kind == '%') {
                out.append('%');
            } else {
                long value = helper.equals("trace_printk") ? arguments[2 + next] : load(arguments[2] + 8L * next, 8);
                next++;
                out.append(
                        switch (kind) {
                            case 'u' -> Long.toUnsignedString(value);
                            case 'd' -> Long.toString(value);
                            case 'x' -> {
                                String hex = Long.toHexString(value);
                                yield text.substring(i, end).contains("02") && hex.length() < 2 ? "0" + hex : hex;
                            }
                            case 's' -> string(value);
                            default -> throw new EvaluationFailure("no format %" + kind);
                        });
            }
            i = end;
        }
        return out.toString();
    }

    private String string(long address) {
        StringBuilder out = new StringBuilder();
        for (long at = address; load(at, 1) != 0; at++) {
            out.append((char) load(at, 1));
        }
        return out.toString();
    }

    @Override
    public long callHost(String service, long[] arguments, Evaluator evaluator) {
        calls.add(service);
        return switch (HostService.ofWord(service).orElseThrow()) {
            case RUN_BOTH, USER_MEMORY -> throw new IllegalStateException(service);
            case EXPECT -> {
                if (arguments[0] == 0) {
                    failedChecks.add((int) arguments[1]);
                }
                yield 0;
            }
            case FAIL -> {
                failedChecks.add((int) arguments[0]);
                yield 0;
            }
            case RUN -> {
                byte[] bytes = handle(arguments[1]);
                int[] numbers = new int[bytes.length];
                for (int i = 0; i < bytes.length; i++) {
                    numbers[i] = bytes[i];
                }
                packet(numbers);
                long result = evaluator.run(functionAt(arguments[0]), 1);
                handles.put(arguments[1], packet);
                yield result;
            }
            case PACKET -> {
                long handle = handles.size() + 100L;
                handles.put(handle, new byte[0]);
                yield handle;
            }
            case APPEND -> {
                byte[] old = handle(arguments[0]);
                byte[] more = bytes(arguments[1], arguments[2]);
                byte[] all = java.util.Arrays.copyOf(old, old.length + more.length);
                System.arraycopy(more, 0, all, old.length, more.length);
                handles.put(arguments[0], all);
                yield 0;
            }
            case CUT -> {
                long handle = handles.size() + 100L;
                byte[] old = handle(arguments[0]);
                handles.put(handle, java.util.Arrays.copyOf(old, (int) Math.min(old.length, arguments[1])));
                yield handle;
            }
            case BYTES_AT -> {
                byte[] bytes = handle(arguments[0]);
                yield arguments[1] + arguments[2] > bytes.length ? 0 : allocate("view", bytes, true) + arguments[1];
            }
            case LENGTH -> {
                yield handle(arguments[0]).length;
            }
            case OUTPUT -> {
                yield 1;
            }
            case TEXT_EQUALS -> {
                String wanted = new String(bytes(arguments[1], arguments[2]), StandardCharsets.UTF_8);
                yield output.toString().equals(wanted) ? 1 : 0;
            }
            case ENTRIES -> {
                yield map(arguments[0]).values.size();
            }
            case RUN_CONTEXT, CLOCK, SET_KEY, RELOAD, EVENTS, NEXT_EVENT, TEXT, TABLES, GOTOX, CALLX, NOPS, SITES ->
                throw new EvaluationFailure("no service " + service);
        };
    }
}
