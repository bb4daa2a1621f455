package dev.turnout.tests.maps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.tests.maps.MapOperation.Verb;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What Linux promises of a full LRU map, whichever keys it drops: an insert never fails, what was inserted is there at once, no more
 * entries than places, keys that programs keep looking up stay, and values are never another key's. The kernel is held to it too, so
 * that no promise is ours alone.
 */
class EvictionTest {
    private static final int ENTRIES = 1024;
    private static final int HOT = 64;
    private static final int COLD = 6_000;
    /** Each hot key is looked up once in so many inserts: well before its turn would come. */
    private static final int ROUND = 64;

    private static MapDefinition definition(MapKind kind, int flags) {
        DebugType none = new DebugType.Void();
        return new MapDefinition(
                OperationProgram.MAP, kind, 4, 8, ENTRIES, flags, none, none, new MapDefinition.Content.Empty());
    }

    @ParameterizedTest
    @CsvSource({
        "kernel, LRU_HASH, false",
        "kernel, LRU_HASH, true",
        "kernel, LRU_PERCPU_HASH, false",
        "direct, LRU_HASH, false",
        "direct, LRU_HASH, true",
        "direct, LRU_PERCPU_HASH, false",
        "interp, LRU_HASH, false"
    })
    void what_is_used_stays_and_what_is_new_is_there(String engine, MapKind kind, boolean apart) {
        MapDefinition definition = definition(kind, apart ? MapFlag.NO_COMMON_LRU.bit() : 0);
        try (MapSide side = side(engine, definition)) {
            SplittableRandom random = new SplittableRandom(kind.kernelId());
            for (int hot = 0; hot < HOT; hot++) {
                assertThat(side.perform(update(hot, random.nextBoolean()))).startsWith("0");
            }
            for (int cold = 0; cold < COLD; cold++) {
                int key = 1_000_000 + cold;
                assertThat(side.perform(update(key, random.nextInt(4) > 0))).startsWith("0");
                assertThat(side.perform(lookup(key, false))).startsWith("0 " + value(key));
                if (cold % ROUND < HOT) {
                    assertThat(side.perform(lookup(cold % ROUND, true))).isEqualTo("1 " + value(cold % ROUND));
                }
            }
            int there = 0;
            for (int cold = 0; cold < COLD; cold++) {
                String found = side.perform(lookup(1_000_000 + cold, false));
                if (found.startsWith("0")) {
                    there++;
                    assertThat(found).startsWith("0 " + value(1_000_000 + cold));
                }
            }
            assertThat(there + HOT).isBetween(ENTRIES / 4, ENTRIES);
        }
    }

    private static MapSide side(String engine, MapDefinition definition) {
        if (engine.equals(EngineRow.KERNEL.word())) {
            assumeTrue(KernelObject.permitted(new Diagnostics()), "bpf(2) is not permitted here");
            return new KernelSide(definition);
        }
        for (EngineRow row : List.of(EngineRow.DIRECT, EngineRow.INTERP)) {
            if (row.word().equals(engine) && row.availability() instanceof EngineRow.Availability.Here(var here)) {
                return new EngineSide(row, here, definition, 2, 0);
            }
        }
        assumeTrue(false, "no native code on this system");
        throw new AssertionError();
    }

    private static MapOperation update(int key, boolean inside) {
        return new MapOperation(Verb.UPDATE, inside, bytes(key), value(key), 0);
    }

    private static MapOperation lookup(int key, boolean inside) {
        return new MapOperation(Verb.LOOKUP, inside, bytes(key), ByteString.EMPTY, 0);
    }

    private static ByteString bytes(int key) {
        return ByteString.copyOf(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(key)
                .array());
    }

    private static ByteString value(int key) {
        return ByteString.copyOf(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0x5eed_0000_0000L + key)
                .array());
    }
}
