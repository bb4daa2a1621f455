package dev.turnout.tests.maps;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.InnerMap;
import dev.turnout.runtime.map.MapOfMaps;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;

/** The maps of a program of {@code stress/}, and what its slots have counted. */
final class StressSubject {
    /** Offsets of the program's struct State. */
    private static final int RANDOM = 0;

    private static final int WHO = 8;
    private static final int MADE = 16;
    private static final int GONE = 24;
    private static final int SUM = 32;
    private static final int HELD = 40;
    private static final int STEPS = 56;
    private static final int COUNTER = 64;
    private static final int RETRIED = 328;

    private final Machine machine;
    /** What a host has brought, taken away and added. */
    long made;

    long gone;

    /** Inner maps that the host holds. */
    final List<InnerMap> kept = new ArrayList<>();

    StressSubject(Machine machine) {
        this.machine = machine;
    }

    BpfMap map(String name) {
        return machine.map(name, new Diagnostics()).orElseThrow();
    }

    BpfMap map() {
        return map("m");
    }

    MapOfMaps outer(String name) {
        return (MapOfMaps) map(name);
    }

    /** A map that fits into a map of maps, held by the caller. */
    InnerMap makeInner(String outer) {
        return machine.makeInner(outer(outer).template(), new Diagnostics()).orElseThrow();
    }

    static ByteString u32(long value) {
        return ByteString.copyOf(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) value)
                .array());
    }

    static ByteString u64(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            bytes.putLong(value);
        }
        return ByteString.copyOf(bytes.array());
    }

    static long wordOf(ByteString bytes, int index) {
        return bytes.asBuffer().getLong(8 * index);
    }

    /** As the programs' {@code pair}. */
    static long pair(long x) {
        long low = x & 0xffff_ffffL;
        return low << 32 | (low * 2_654_435_761L + 12_345 & 0xffff_ffffL);
    }

    static boolean isRight(long pair) {
        return pair(pair >>> 32) == pair;
    }

    static ByteString whole(long x) {
        return u64(pair(x), ~pair(x));
    }

    static boolean isWhole(ByteString cell) {
        return isRight(wordOf(cell, 0)) && wordOf(cell, 1) == ~wordOf(cell, 0);
    }

    /** Gives every slot its number and a seed. */
    void begin(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        BpfMap state = map("state");
        for (int slot = 0; slot < state.slots(); slot++) {
            byte[] bytes = new byte[state.definition().valueSize()];
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(RANDOM, random.nextLong() | 1)
                    .putLong(WHO, slot);
            state.writeSlot(u32(0), slot, ByteString.copyOf(bytes), 0);
        }
    }

    private long sum(int offset) {
        return states().stream()
                .mapToLong(state -> state.asBuffer().getLong(offset))
                .sum();
    }

    private List<ByteString> states() {
        return map("state").read(u32(0));
    }

    long steps() {
        return sum(STEPS);
    }

    long retried() {
        return sum(RETRIED);
    }

    long pushed(int slot) {
        return states().get(slot).asBuffer().getLong(COUNTER);
    }

    /** Entries that came, without those that went. */
    long stayed() {
        return sum(MADE) - sum(GONE) + made - gone;
    }

    long added() {
        return sum(SUM);
    }

    /** Which of its own keys a slot holds, a bit each. */
    long held(int slot) {
        return states().get(slot).asBuffer().getLong(HELD);
    }

    int slots() {
        return map("state").slots();
    }

    /** The sum of all values of a map, of all slots. */
    static long total(BpfMap map, LongUnaryOperator weight) {
        long total = 0;
        for (var entry : map.entries()) {
            for (ByteString value : entry.values()) {
                total += weight.applyAsLong(wordOf(value, 0));
            }
        }
        return total;
    }

    /** What the programs found wrong, by the numbers in their texts. */
    List<String> mistakes() {
        List<String> all = new ArrayList<>();
        ByteString section = map(".bss").read(u32(0)).getFirst();
        for (int number = 0; number < 8; number++) {
            long count = wordOf(section, number);
            if (count != 0) {
                all.add("mistake " + number + ", " + count + " times");
            }
        }
        return all;
    }
}
