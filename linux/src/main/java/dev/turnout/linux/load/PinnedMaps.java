package dev.turnout.linux.load;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.linux.report.KernelErrors;
import dev.turnout.linux.report.MapShape;
import dev.turnout.linux.syscall.Attributes;
import dev.turnout.linux.syscall.Bpf;
import dev.turnout.linux.syscall.Command;
import dev.turnout.linux.syscall.Descriptor;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Maps that an object declares to be pinned by name, where a loader looks for them. What is there is used; what is not there is made and
 * not pinned, for a run leaves nothing behind.
 *
 * @param folder of a BPF file system
 * @param names of the maps
 */
record PinnedMaps(Path folder, Set<String> names) {
    static final PinnedMaps NONE = new PinnedMaps(Path.of("/"), Set.of());

    PinnedMaps {
        names = Set.copyOf(names);
    }

    /** What became of looking for one. */
    sealed interface Found {
        record There(KernelMap map) implements Found {}

        /** Nothing is pinned by that name, or the map is none that is. */
        record Nothing() implements Found {}

        /** Something is there that cannot be used, which was reported. */
        record Unusable() implements Found {}
    }

    Found find(MapDefinition definition, Diagnostics diagnostics) {
        Path path = folder.resolve(definition.name());
        if (!names.contains(definition.name()) || !Files.exists(path)) {
            return new Found.Nothing();
        }
        int opened;
        try (Arena arena = Arena.ofConfined()) {
            opened = Bpf.call(Command.OBJ_GET, new Attributes(arena).text(0, path.toString()));
        }
        if (opened < 0) {
            diagnostics.report(
                    opened == -KernelErrors.EPERM
                            ? KernelErrors.notPermitted(Optional.empty())
                            : KernelErrors.noMap(definition, path.toString(), -opened));
            return new Found.Unusable();
        }
        KernelMap map = KernelMap.opened(definition, new Descriptor(opened));
        MapShape there = map.shape();
        if (plain(there).equals(plain(wanted(definition)))) {
            return new Found.There(map);
        }
        map.close();
        diagnostics.report(KernelErrors.otherShape(definition, path.toString(), there));
        return new Found.Unusable();
    }

    private static MapShape wanted(MapDefinition definition) {
        MapShape shape = MapShape.of(definition);
        return new MapShape(
                shape.kind(),
                shape.keySize(),
                shape.valueSize(),
                MapCreation.entries(definition) & 0xffffffffL,
                shape.flags(),
                shape.extra());
    }

    /** The kernel adds this flag to maps of devices by itself. */
    private static MapShape plain(MapShape shape) {
        boolean ofDevices = shape.kind() == MapKind.DEVMAP.kernelId() || shape.kind() == MapKind.DEVMAP_HASH.kernelId();
        return ofDevices
                ? new MapShape(
                        shape.kind(),
                        shape.keySize(),
                        shape.valueSize(),
                        shape.entries(),
                        shape.flags() & ~MapFlag.RDONLY_PROG.bit(),
                        shape.extra())
                : shape;
    }
}
