package dev.turnout.tests.random;

import dev.turnout.bpf.isa.FieldRule;
import dev.turnout.bpf.program.BpfProgram.Entry;
import dev.turnout.bpf.program.KeyDefinition;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** What the functions of one program share: where chance comes from, constructs, maps, keys, the memory that main is given. */
final class Ingredients {
    private static final FieldRule.Range ANY = new FieldRule.Range(Integer.MIN_VALUE, Integer.MAX_VALUE);
    private static final int[] MEMORIES = {0, 1, 7, 8, 16, 64, 64, 64, 100, 256, 4096};
    private static final int[] FRAMES = {20, 64, 128, 512};

    /** Places for programs that are called by tail calls. */
    static final int PROGRAMS = 3;

    final SplittableRandom random;
    final Set<Construct> constructs = EnumSet.noneOf(Construct.class);
    final Entry entry;
    /** Bytes of memory or, of a packet, those that main proves to be there. */
    final int bytes;

    final List<MapDefinition> maps = new ArrayList<>();
    final List<KeyDefinition> keys = new ArrayList<>();

    Ingredients(SplittableRandom random) {
        this(random, false);
    }

    /**
     * @param target whether others call it in their place: it is given a packet then, and has no maps that theirs could not agree
     *     with
     */
    Ingredients(SplittableRandom random, boolean target) {
        this.random = random;
        for (Construct construct : Construct.values()) {
            if (random.nextInt(construct.oneIn()) == 0) {
                constructs.add(construct);
            }
        }
        if (target) {
            constructs.remove(Construct.MAPS);
            constructs.remove(Construct.TABLES);
            constructs.remove(Construct.AHEAD);
        }
        if (target || random.nextInt(5) == 0) {
            entry = new Entry.Context(ProgramType.XDP);
            bytes = pick(FRAMES);
        } else {
            bytes = pick(MEMORIES);
            entry = new Entry.Memory(bytes);
        }
        if (has(Construct.MAPS)) {
            drawMaps();
        }
        if (isPacket() && has(Construct.PACKET_HELPERS)) {
            maps.add(map("programs", MapKind.PROG_ARRAY, 4, 4, PROGRAMS, new MapDefinition.Content.Empty()));
        }
        if (has(Construct.AHEAD)) {
            for (int key = 0; key < 2; key++) {
                keys.add(new KeyDefinition("key" + key, random.nextInt(3), new DebugType.Void()));
            }
        }
    }

    boolean has(Construct construct) {
        return constructs.contains(construct);
    }

    boolean isPacket() {
        return entry instanceof Entry.Context;
    }

    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    int pick(int... from) {
        return from[random.nextInt(from.length)];
    }

    <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** A constant, often one at an edge. */
    int constant() {
        return ANY.draw(random);
    }

    /** A number of 64 bits, often one at an edge. */
    long number() {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextInt(-2, 3);
            case 1 -> Long.MIN_VALUE + random.nextInt(2);
            case 2 -> Long.MAX_VALUE;
            case 3 -> Integer.MIN_VALUE + (long) random.nextInt(2);
            case 4 -> 0xffff_ffffL + random.nextInt(2);
            case 5 -> 1L << random.nextInt(64);
            default -> random.nextLong();
        };
    }

    ByteString content(int size) {
        byte[] content = new byte[size];
        switch (random.nextInt(4)) {
            case 0 -> {}
            case 1 -> {
                for (int i = 0; i < size; i++) {
                    content[i] = (byte) random.nextInt(-1, 2);
                }
            }
            default -> random.nextBytes(content);
        }
        return ByteString.copyOf(content);
    }

    private void drawMaps() {
        int data = pick(8, 16, 64, 256);
        maps.add(map(".data", MapKind.ARRAY, 4, data, 1, new MapDefinition.Content.Data(content(data), false)));
        if (random.nextBoolean()) {
            int constants = pick(8, 40, 64);
            maps.add(map(
                    ".rodata",
                    MapKind.ARRAY,
                    4,
                    constants,
                    1,
                    new MapDefinition.Content.Data(content(constants), true)));
        }
        MapDefinition.Content empty = new MapDefinition.Content.Empty();
        if (random.nextBoolean()) {
            maps.add(map("array", MapKind.ARRAY, 4, pick(1, 4, 8, 12, 24), pick(1, 2, 3, 8), empty));
        }
        if (random.nextBoolean()) {
            maps.add(map("hash", MapKind.HASH, pick(4, 8), pick(1, 4, 8, 20), pick(1, 2, 3, 8), empty));
        }
        if (oneIn(4)) {
            maps.add(map("slots", MapKind.PERCPU_ARRAY, 4, pick(4, 8, 16), pick(1, 4), empty));
        }
        if (oneIn(6)) {
            maps.add(map("slots_hash", MapKind.PERCPU_HASH, 4, pick(4, 8), pick(1, 4), empty));
        }
    }

    private static MapDefinition map(
            String name, MapKind kind, int key, int value, int entries, MapDefinition.Content content) {
        DebugType untyped = new DebugType.Void();
        return new MapDefinition(name, kind, key, value, entries, 0, untyped, untyped, content);
    }
}
