package dev.turnout.linux.report;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.stdlib.map.MapKind;
import java.util.Arrays;
import java.util.Optional;

/**
 * What must be equal for two maps to be taken for one: libbpf 1.8 compares the same.
 *
 * @param kind as the kernel numbers it
 * @param keySize bytes
 * @param valueSize bytes
 * @param flags as the kernel numbers them
 * @param extra the kernel's {@code map_extra}
 */
public record MapShape(int kind, int keySize, int valueSize, long entries, int flags, long extra) {
    /** As a program declares it. */
    public static MapShape of(MapDefinition definition) {
        return new MapShape(
                definition.kind().kernelId(),
                definition.keySize(),
                definition.valueSize(),
                definition.maxEntries(),
                definition.flags(),
                definition.extra());
    }

    /** In words that show every difference. */
    String words() {
        Optional<MapKind> known = Arrays.stream(MapKind.values())
                .filter(one -> one.kernelId() == kind)
                .findFirst();
        return "kind `" + known.map(MapKind::word).orElse(Integer.toString(kind)) + "`, keys of " + keySize
                + " bytes, values of " + valueSize + " bytes, " + entries + " entries, flags 0x"
                + Integer.toHexString(flags) + (extra == 0 ? "" : ", extra " + extra);
    }
}
