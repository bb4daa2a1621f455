package dev.turnout.tests.maps;

import static dev.turnout.tests.maps.StressSubject.isRight;
import static dev.turnout.tests.maps.StressSubject.isWhole;
import static dev.turnout.tests.maps.StressSubject.pair;
import static dev.turnout.tests.maps.StressSubject.u32;
import static dev.turnout.tests.maps.StressSubject.u64;
import static dev.turnout.tests.maps.StressSubject.whole;
import static dev.turnout.tests.maps.StressSubject.wordOf;

import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.Errno;
import dev.turnout.runtime.map.InnerMap;
import dev.turnout.runtime.map.MapEntry;
import dev.turnout.runtime.map.MapResult;
import dev.turnout.runtime.memory.Memory;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What a host does with the maps of {@code stress/NAME.turn} while programs work on it, and what must hold in the end. An operation
 * that gives what it never may throws.
 */
enum StressCase {
    ARRAY {
        @Override
        void update(StressSubject maps, SplittableRandom random) {
            BpfMap cells = maps.map("cells");
            ByteString key = u32(random.nextInt(16));
            if (random.nextBoolean()) {
                expect(cells.write(key, u64(pair(random.nextLong())), 0) == 0);
            } else {
                long now = wordOf(cells.find(key, 0).values().getFirst(), 0);
                expect(now == 0 || isRight(now));
            }
        }

        @Override
        Optional<String> verdict(StressSubject maps) {
            return equal("counters", StressSubject.total(maps.map(), value -> value), maps.added());
        }
    },
    PERCPU_ARRAY {
        @Override
        void update(StressSubject maps, SplittableRandom random) {
            BpfMap cells = maps.map("cells");
            ByteString key = u32(random.nextInt(16));
            if (random.nextBoolean()) {
                expect(cells.write(key, u64(pair(random.nextLong())), 0) == 0);
            } else {
                for (ByteString value : cells.find(key, 0).values()) {
                    expect(wordOf(value, 0) == 0 || isRight(wordOf(value, 0)));
                }
            }
        }

        @Override
        Optional<String> verdict(StressSubject maps) {
            return equal("counters", StressSubject.total(maps.map(), value -> value), maps.added());
        }
    },
    HASH {
        @Override
        void update(StressSubject maps, SplittableRandom random) {
            BpfMap map = maps.map();
            ByteString key = u32(random.nextInt(256));
            switch (random.nextInt(6)) {
                case 0 -> made(maps, map.write(key, whole(random.nextLong()), BpfMap.NO_EXIST));
                case 1 -> {
                    int result = map.write(key, whole(random.nextLong()), BpfMap.EXIST);
                    expect(result == 0 || result == -Errno.ENOENT);
                }
                case 2 -> gone(maps, map.remove(key));
                case 3 -> gone(maps, seen(map.take(key, 0)));
                case 4 -> seen(map.find(key, 0));
                default -> map.nextKey(Optional.of(key));
            }
        }

        // A host never sees half an update.
        private int seen(MapResult found) {
            expect(!found.found() || isWhole(found.values().getFirst()));
            return found.error();
        }

        @Override
        Optional<String> verdict(StressSubject maps) {
            return equal("entries", distinct(maps.map()), maps.stayed()).or(() -> privateKeys(maps));
        }
    },
    PERCPU_HASH {
        @Override
        void begin(StressSubject maps) {
            for (int key = 0; key < STAYING; key++) {
                expect(maps.map().write(u32(key), u64(0), 0) == 0);
            }
        }

        @Override
        void update(StressSubject maps, SplittableRandom random) {
            BpfMap map = maps.map();
            ByteString key = u32(1024 + random.nextInt(STAYING));
            switch (random.nextInt(4)) {
                case 0 -> made(maps, map.write(key, u64(pair(random.nextLong())), BpfMap.NO_EXIST));
                case 1 -> gone(maps, map.remove(key));
                case 2 -> gone(maps, map.take(key, 0).error());
                default -> expect(map.find(u32(random.nextInt(STAYING)), 0).found());
            }
        }

        @Override
        Optional<String> verdict(StressSubject maps) {
            long counted = 0;
            for (MapEntry entry : maps.map().entries()) {
                if (entry.key().asBuffer().getInt(0) < STAYING) {
                    counted += entry.values().stream()
                            .mapToLong(value -> wordOf(value, 0))
                            .sum();
                }
            }
            return equal("counters", counted, maps.added())
                    .or(() -> equal("entries", distinct(maps.map()), maps.stayed() + STAYING));
        }
    },
    LRU_HASH {
        @Override
        void update(StressSubject maps, SplittableRandom random) {
            ByteString key = u32(random.nextInt(1024));
            if (random.nextBoolean()) {
                expect(maps.map().write(key, whole(random.nextLong()), 0) == 0);
            } else {
                MapResult found = maps.map().find(key, 0);
                expect(!found.found() || isWhole(found.values().getFirst()));
            }
        }

        @Override
        Optional<String> verdict(StressSubject maps) {
            return atMost(
                    "entries", distinct(maps.map()), maps.map().definition().maxEntries());
        }
    },
    LRU_PERCPU_HASH {
        @Override
        void update(StressSubject maps, SplittableRandom random) {
            ByteString key = u32(random.nextInt(1024));
            if (random.nextBoolean()) {
                expect(maps.map().write(key, u64(pair(random.nextLong())), 0) == 0);
            } else {
                for (ByteString value : maps.map().find(key, 0).values()) {
                    expect(wordOf(value, 0) == 0 || isRight(wordOf(value, 0)));
                }
            }
        }

        @Override
        Optional<String> verdict(StressSubject maps) {
            return atMost(
                    "entries", distinct(maps.map()), maps.map().definition().maxEntries());
        }
    },
    LPM_TRIE {
        @Override
        void begin(StressSubject maps) {
            expect(maps.map().write(prefix(NET, 8), u64(8L << 32 | NET), 0) == 0);
        }

        @Override
        void update(StressSubject maps, SplittableRandom random) {
            BpfMap map = maps.map();
            int address = NET | (random.nextInt() & 0x00e0_c0f0);
            int length = 9 + random.nextInt(23);
            int cut = address & ~(-1 >>> length);
            switch (random.nextInt(3)) {
                case 0 -> made(maps, map.write(prefix(cut, length), u64((long) length << 32 | cut), BpfMap.NO_EXIST));
                case 1 -> gone(maps, map.remove(prefix(cut, length)));
                default -> {
                    long found =
                            wordOf(map.find(prefix(address, 31), 0).values().getFirst(), 0);
                    expect((address & ~(-1 >>> (found >>> 32))) == (int) found);
                }
            }
        }

        @Override
        Optional<String> verdict(StressSubject maps) {
            return equal("entries", distinct(maps.map()), maps.stayed() + 1);
        }
    },
    QUEUE {
        @Override
        void update(StressSubject maps, SplittableRandom random) {
            pushOrPop(maps, random);
        }

        @Override
        Optional<String> verdict(StressSubject maps) {
            return drained(maps);
        }
    },
    STACK {
        @Override
        void update(StressSubject maps, SplittableRandom random) {
            pushOrPop(maps, random);
        }

        @Override
        Optional<String> verdict(StressSubject maps) {
            return drained(maps);
        }
    },
    LOCKED {
        @Override
        void begin(StressSubject maps) {
            for (int key = 0; key < 16; key++) {
                expect(maps.map().write(u32(key), u64(0, 0, 0, ~0L), 0) == 0);
                expect(maps.map("places").write(u32(key), u64(0, 0, 0, ~0L), 0) == (key < 8 ? 0 : -Errno.E2BIG));
            }
        }

        @Override
        void update(StressSubject maps, SplittableRandom random) {
            int key = random.nextInt(16);
            BpfMap map = random.nextBoolean() && key < 8 ? maps.map("places") : maps.map();
            if (key < 8) {
                ByteString found = map.find(u32(key), BpfMap.LOCK).values().getFirst();
                expect(wordOf(found, 0) == 0 && wordOf(found, 3) == ~wordOf(found, 2));
            } else {
                long a = random.nextLong();
                expect(map.write(u32(key), u64(-1, 0, a, ~a), BpfMap.LOCK) == 0);
            }
        }

        @Override
        Optional<String> verdict(StressSubject maps) {
            long turns = 0;
            for (int key = 0; key < 8; key++) {
                turns += wordOf(maps.map().find(u32(key), 0).values().getFirst(), 1);
                turns += wordOf(maps.map("places").find(u32(key), 0).values().getFirst(), 1);
            }
            return equal("turns", turns, maps.added());
        }
    },
    MAPS_IN_MAPS {
        @Override
        void begin(StressSubject maps) {
            for (int i = 0; i < KEPT; i++) {
                maps.kept.add(inner(maps, "outer"));
            }
        }

        @Override
        void update(StressSubject maps, SplittableRandom random) {
            ByteString key = u32(random.nextInt(8));
            // Most of its turns it lets pass: each map that it makes is memory of the system's.
            switch (random.nextInt(64)) {
                case 0 -> {
                    InnerMap one = maps.kept.get(random.nextInt(KEPT));
                    expect(maps.outer("outer").put(key, one, 0) == 0);
                }
                case 1 -> {
                    int result = maps.map("outer").remove(key);
                    expect(result == 0 || result == -Errno.ENOENT);
                }
                case 2 -> {
                    InnerMap one = inner(maps, "named");
                    expect(maps.outer("named").put(key, one, 0) == 0);
                    one.release();
                }
                case 3 -> {
                    int result = maps.map("named").remove(key);
                    expect(result == 0 || result == -Errno.ENOENT);
                }
                default -> Thread.onSpinWait();
            }
        }

        private InnerMap inner(StressSubject maps, String outer) {
            InnerMap one = maps.makeInner(outer);
            for (int key = 0; key < 32; key++) {
                expect(one.map().write(u32(key), u64(outer.equals("outer") ? 0 : pair(key)), 0) == 0);
            }
            return one;
        }

        @Override
        Optional<String> verdict(StressSubject maps) {
            long total = 0;
            for (InnerMap one : maps.kept) {
                total += StressSubject.total(one.map(), value -> value);
                one.release();
            }
            return equal("counters", total, maps.added());
        }
    },
    BLOOM_FILTER {
        @Override
        void update(StressSubject maps, SplittableRandom random) {
            ByteString value = u64(random.nextLong());
            expect(maps.map().push(value, 0) == 0 && maps.map().test(value) == 0);
        }

        @Override
        Optional<String> verdict(StressSubject maps) {
            return Optional.empty();
        }
    };

    private static final int STAYING = 128;
    private static final int NET = 0x0a00_0000;
    /** In the values of queues: who pushed. */
    private static final long HOST = 15;

    private static final int WHO_AT = 40;
    private static final long MARKED = 1L << 23;

    private static final int KEPT = 24;

    /** The name of its program: a map kind, or what else is special. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Before programs run. */
    void begin(StressSubject maps) {}

    /** One operation of the host. */
    abstract void update(StressSubject maps, SplittableRandom random);

    /** What is wrong when nothing runs any more. */
    abstract Optional<String> verdict(StressSubject maps);

    static Optional<StressCase> named(String word) {
        for (StressCase one : values()) {
            if (one.word().equals(word.toLowerCase(Locale.ROOT))) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    private static void expect(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("a host saw what must not be");
        }
    }

    private static void made(StressSubject maps, int result) {
        expect(result == 0 || result == -Errno.EEXIST || result == -Errno.E2BIG || result == -Errno.ENOSPC);
        maps.made += result == 0 ? 1 : 0;
    }

    private static void gone(StressSubject maps, int result) {
        expect(result == 0 || result == -Errno.ENOENT);
        maps.gone += result == 0 ? 1 : 0;
    }

    private static ByteString prefix(int address, int length) {
        byte[] key = new byte[8];
        key[0] = (byte) length;
        for (int at = 0; at < 4; at++) {
            key[4 + at] = (byte) (address >>> (24 - 8 * at));
        }
        return ByteString.copyOf(key);
    }

    private static void pushOrPop(StressSubject maps, SplittableRandom random) {
        if (random.nextBoolean()) {
            int result = maps.map().push(u64(HOST << WHO_AT | (maps.made + 1)), 0);
            expect(result == 0 || result == -Errno.E2BIG);
            maps.made += result == 0 ? 1 : 0;
        } else {
            MapResult found = maps.map().take(ByteString.EMPTY, 0);
            if (found.found()) {
                maps.gone++;
                expect(!isMarked(maps, wordOf(found.values().getFirst(), 0)));
            }
        }
    }

    /** Marks that a value came out; whether it had before. */
    private static boolean isMarked(StressSubject maps, long value) {
        long counter = value & (1L << WHO_AT) - 1;
        if (counter >= MARKED) {
            return false;
        }
        long bit = counter + (value >>> WHO_AT) * MARKED;
        long place = maps.map("popped").address(u32(bit >>> 6)).orElseThrow();
        long mask = 1L << (bit & 63);
        while (true) {
            long now = Memory.loadLongVolatile(place);
            if ((now & mask) != 0) {
                return true;
            }
            if (Memory.compareAndSetLong(place, now, now | mask)) {
                return false;
            }
        }
    }

    private static Optional<String> drained(StressSubject maps) {
        long left = 0;
        while (true) {
            MapResult found = maps.map().take(ByteString.EMPTY, 0);
            if (!found.found()) {
                return equal("values", left, maps.stayed());
            }
            left++;
            if (isMarked(maps, wordOf(found.values().getFirst(), 0))) {
                return Optional.of("a value came out twice");
            }
        }
    }

    /** How many entries there are; no key is there twice. */
    private static long distinct(BpfMap map) {
        List<MapEntry> entries = map.entries();
        Set<ByteString> keys = new HashSet<>();
        entries.forEach(entry -> keys.add(entry.key()));
        return keys.size() == entries.size() ? keys.size() : -1;
    }

    private static Optional<String> privateKeys(StressSubject maps) {
        for (int slot = 0; slot < maps.slots(); slot++) {
            for (int number = 0; number < 64; number++) {
                boolean there =
                        maps.map().find(u32(1024 + 64L * slot + number), 0).found();
                if (there != ((maps.held(slot) >>> number & 1) != 0)) {
                    return Optional.of(
                            "slot " + slot + " and the map disagree whether its key " + number + " is there");
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> equal(String what, long found, long expected) {
        return found == expected ? Optional.empty() : Optional.of(what + ": " + found + " instead of " + expected);
    }

    private static Optional<String> atMost(String what, long found, long most) {
        return found >= 0 && found <= most
                ? Optional.empty()
                : Optional.of(what + ": " + found + " of at most " + most);
    }
}
