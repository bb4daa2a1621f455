package dev.turnout.runtime.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapField;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Maps for tests. */
final class Maps {
    static final int SLOTS = 3;

    private Maps() {}

    static MapDefinition definition(MapKind kind, int keySize, int valueSize, long maxEntries) {
        return definition(kind, keySize, valueSize, maxEntries, 0, 0);
    }

    static MapDefinition definition(
            MapKind kind, int keySize, int valueSize, long maxEntries, int flags, long extra, MapField... fields) {
        return new MapDefinition(
                "m",
                kind,
                keySize,
                valueSize,
                maxEntries,
                flags,
                extra,
                new DebugType.Void(),
                new DebugType.Void(),
                new MapDefinition.Content.Empty(),
                Optional.empty(),
                List.of(fields));
    }

    static int bits(MapFlag... flags) {
        return Arrays.stream(flags).mapToInt(MapFlag::bit).sum();
    }

    static BpfMap of(MapKind kind, int keySize, int valueSize, long maxEntries) {
        return of(definition(kind, keySize, valueSize, maxEntries));
    }

    static BpfMap of(MapDefinition definition) {
        Diagnostics diagnostics = new Diagnostics();
        var map = MapFactory.create(definition, SLOTS, diagnostics);
        assertThat(diagnostics.all()).isEmpty();
        return map.orElseThrow();
    }

    static ByteString u32(int value) {
        return ByteString.copyOf(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    static ByteString u64(long value) {
        return ByteString.copyOf(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }

    static long number(ByteString bytes) {
        long value = 0;
        for (int i = bytes.size() - 1; i >= 0; i--) {
            value = (value << 8) | (bytes.at(i) & 0xff);
        }
        return value;
    }
}
