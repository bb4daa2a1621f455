package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.util.Optional;

/** What Linux demands of the flags of a definition; it answers {@code EINVAL} otherwise, or {@code ENOTSUPP}. */
final class MapFlags {
    private MapFlags() {}

    /** Why there is no such map; empty if the flags are right. */
    static Optional<String> wrong(MapDefinition definition) {
        int left = definition.flags();
        for (MapFlag flag : MapFlag.values()) {
            if (flag.in(left) && !flag.takenBy(definition.kind())) {
                return Optional.of(
                        "a `" + definition.kind().word() + "` does not take the flag `" + flag.kernelName() + "`");
            }
            left &= ~flag.bit();
        }
        if (left != 0) {
            return Optional.of("its flags 0x" + Integer.toHexString(left) + " are unknown");
        }
        return conflict(definition, MapFlag.RDONLY, MapFlag.WRONLY)
                .or(() -> conflict(definition, MapFlag.RDONLY_PROG, MapFlag.WRONLY_PROG))
                .or(() -> conflict(definition, MapFlag.NO_COMMON_LRU, MapFlag.NUMA_NODE))
                .or(() -> missing(definition))
                .or(() -> extra(definition));
    }

    private static Optional<String> conflict(MapDefinition definition, MapFlag one, MapFlag other) {
        return definition.has(one) && definition.has(other)
                ? Optional.of("it has both `" + one.kernelName() + "` and `" + other.kernelName() + "`")
                : Optional.empty();
    }

    private static Optional<String> missing(MapDefinition definition) {
        MapFlag demanded = MapFlag.NO_PREALLOC;
        boolean demands = definition.kind() == MapKind.LPM_TRIE || definition.kind() == MapKind.RHASH;
        return demands && !definition.has(demanded)
                ? Optional.of("a `" + definition.kind().word() + "` needs the flag `" + demanded.kernelName() + "`")
                : Optional.empty();
    }

    private static Optional<String> extra(MapDefinition definition) {
        long most = switch (definition.kind()) {
            case BLOOM_FILTER -> 15;
            case ARENA -> -1;
            case RHASH -> 0xffff;
            default -> 0; // Most kinds know nothing that it could say.
        };
        return Long.compareUnsigned(definition.extra(), most) > 0
                ? Optional.of("its `map_extra` is " + Long.toUnsignedString(definition.extra()) + "; a `"
                        + definition.kind().word() + "` takes at most " + Long.toUnsignedString(most))
                : Optional.empty();
    }
}
