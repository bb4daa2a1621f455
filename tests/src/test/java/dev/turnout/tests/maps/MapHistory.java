package dev.turnout.tests.maps;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.tests.maps.MapOperation.Verb;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** A map and what is done with it, in this order. */
record MapHistory(MapDefinition map, List<MapOperation> operations) {
    /** Of an update or a push; most often such as are right. */
    private static final long[] FLAGS = {0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 4, 4, 5, 6, 1L << 20, 1L << 32, 1L << 63};

    private static final List<Verb> VERBS = List.of(Verb.values());

    /** What to do on a miss; all targets, and all but where it came from; some that Linux does not know. */
    private static final long[] REDIRECTIONS = {0, 1, 2, 3, 8, 9, 24, 16, 4, 1L << 40};

    /** Whether the order of keys is free. */
    static boolean isUnordered(MapKind kind) {
        return kind.keys() == MapKind.Keys.ANY && kind != MapKind.LPM_TRIE;
    }

    MapHistory {
        operations = List.copyOf(operations);
    }

    MapHistory with(List<MapOperation> others) {
        return new MapHistory(map, others);
    }

    static MapHistory draw(MapKind kind, long seed, int length) {
        SplittableRandom random = new SplittableRandom(seed);
        return new Drawing(new MapDraw(kind, random).definition(), random).history(length);
    }

    private static final class Drawing {
        private final MapDefinition map;
        private final SplittableRandom random;
        private final OperationProgram program;
        private final List<ByteString> pushed = new ArrayList<>();

        Drawing(MapDefinition map, SplittableRandom random) {
            this.map = map;
            this.random = random;
            this.program = new OperationProgram(map);
        }

        MapHistory history(int length) {
            List<MapOperation> operations = new ArrayList<>();
            while (operations.size() < length) {
                Verb verb = VERBS.get(random.nextInt(VERBS.size()));
                boolean inside = random.nextBoolean();
                if (inside ? program.can(verb) : hostCan(verb)) {
                    operations.add(operation(verb, inside));
                }
            }
            return new MapHistory(map, operations);
        }

        private boolean hostCan(Verb verb) {
            boolean keyless = map.kind().keys() == MapKind.Keys.NONE;
            return verb.byHost()
                    && switch (verb) {
                        case PUSH, POP, PEEK -> keyless;
                        case LOOKUP, UPDATE, TAKE -> !keyless;
                        case DELETE, NEXT -> true;
                        case LOOKUP_ON, ADD, WALK, REDIRECT -> false;
                    };
        }

        private MapOperation operation(Verb verb, boolean inside) {
            return switch (verb) {
                case LOOKUP -> new MapOperation(verb, inside, key(), ByteString.EMPTY, lookupFlags(inside));
                case TAKE ->
                    new MapOperation(
                            verb, inside, key(), ByteString.EMPTY, random.nextInt(4) > 0 ? 0 : random.nextInt(8));
                case UPDATE -> new MapOperation(verb, inside, key(), value(), flags());
                case PUSH -> {
                    ByteString value = value();
                    pushed.add(value);
                    yield new MapOperation(verb, inside, ByteString.EMPTY, value, flags());
                }
                case PEEK -> new MapOperation(verb, inside, ByteString.EMPTY, looked(), 0);
                case POP, WALK -> new MapOperation(verb, inside, ByteString.EMPTY, ByteString.EMPTY, 0);
                case DELETE -> new MapOperation(verb, inside, key(), ByteString.EMPTY, 0);
                case NEXT ->
                    new MapOperation(
                            verb, inside, random.nextInt(4) == 0 ? ByteString.EMPTY : key(), ByteString.EMPTY, 0);
                case LOOKUP_ON -> new MapOperation(verb, inside, key(), ByteString.EMPTY, random.nextInt(-1, 5));
                case REDIRECT ->
                    new MapOperation(
                            verb, inside, key(), ByteString.EMPTY, REDIRECTIONS[random.nextInt(REDIRECTIONS.length)]);
                case ADD -> new MapOperation(verb, inside, key(), value(), 0);
            };
        }

        /** Before Linux 7 wrong flags were looked at before it was whether a host may read; so both are not tried at once. */
        private long lookupFlags(boolean inside) {
            int known = map.has(MapFlag.WRONLY) ? 4 : 7;
            return inside || random.nextInt(4) > 0 ? 0 : random.nextInt(8) & known;
        }

        private long flags() {
            return FLAGS[random.nextInt(FLAGS.length)];
        }

        /** A filter is asked for what it was given, now and then for another. */
        private ByteString looked() {
            if (map.kind() != MapKind.BLOOM_FILTER) {
                return ByteString.EMPTY;
            }
            return pushed.isEmpty() || random.nextInt(4) == 0 ? value() : pushed.get(random.nextInt(pushed.size()));
        }

        private ByteString value() {
            byte[] bytes = new byte[map.valueSize()];
            if (MapOperation.isTargets(map.kind())) {
                // The one interface that every system has, or none; a queue of some frames; no program.
                bytes[0] = (byte) (map.kind() == MapKind.CPUMAP ? random.nextInt(4) : random.nextInt(4) == 0 ? 0 : 1);
                bytes[2] = (byte) (map.kind() == MapKind.CPUMAP && random.nextInt(4) == 0 ? 1 : 0);
                return ByteString.copyOf(bytes);
            }
            random.nextBytes(bytes);
            return ByteString.copyOf(bytes);
        }

        /** Of a pool that is a little larger than the map. */
        private ByteString key() {
            byte[] key = new byte[map.keySize()];
            int number = random.nextInt((int) Math.min(24, map.maxEntries() + 4));
            switch (map.kind().keys()) {
                case NONE -> {}
                case INDEX -> {
                    key[0] = (byte) number;
                    if (random.nextInt(20) == 0) {
                        Arrays.fill(key, (byte) -1);
                    }
                }
                case ANY -> {
                    if (map.kind() == MapKind.LPM_TRIE) {
                        prefix(key, number);
                    } else {
                        new SplittableRandom(number).nextBytes(key);
                        key[key.length - 1] = (byte) number;
                    }
                }
            }
            return ByteString.copyOf(key);
        }

        /** Bits that often agree, of any length, one too long now and then. */
        private void prefix(byte[] key, int number) {
            int bits = 8 * (key.length - 4);
            int length = random.nextInt(16) == 0 ? bits + 1 + random.nextInt(3) : random.nextInt(bits + 1);
            if (random.nextInt(3) > 0) {
                length = Math.min(length, 4 + random.nextInt(8));
            }
            for (int at = 0; at < 4; at++) {
                key[at] = (byte) (length >>> (8 * at));
            }
            for (int at = 4; at < key.length; at++) {
                key[at] = (byte) (random.nextInt(3) == 0 ? number : random.nextInt(2) == 0 ? 0x80 : 0);
            }
        }
    }
}
