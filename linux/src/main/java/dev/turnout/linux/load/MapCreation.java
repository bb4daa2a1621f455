package dev.turnout.linux.load;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.linux.feature.RunningKernel;
import dev.turnout.linux.load.KernelMap.Made;
import dev.turnout.linux.report.KernelErrors;
import dev.turnout.linux.syscall.Attributes;
import dev.turnout.linux.syscall.Bpf;
import dev.turnout.linux.syscall.Command;
import dev.turnout.linux.syscall.Descriptor;
import dev.turnout.linux.syscall.LockedMemory;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * How a definition becomes a map of the kernel. What else a map needs is made first and let go afterwards, for the kernel keeps
 * what it wants of it: of a map of maps an inner map that shows what its maps are like, of a value with fields of the kernel's own
 * the types that say where they are. Types are not given otherwise: many kinds refuse them.
 */
final class MapCreation {
    private MapCreation() {}

    static Made create(MapDefinition definition) {
        Made made = attempt(definition);
        // Before Linux 5.11 maps count as locked memory of the user, and too much of that is EPERM.
        boolean locked = made instanceof Made.Refused(int error)
                && error == KernelErrors.EPERM
                && RunningKernel.here().olderThan(5, 11);
        return locked && LockedMemory.raise() ? attempt(definition) : made;
    }

    private static Made attempt(MapDefinition definition) {
        if (definition.inner().isEmpty()) {
            return withTypes(definition, UnaryOperator.identity());
        }
        return switch (create(definition.inner().get())) {
            case Made.Refused refused -> refused;
            case Made.Created(KernelMap like) -> {
                try (like) {
                    yield withTypes(definition, attributes -> attributes.word(20, like.descriptor()));
                }
            }
        };
    }

    private static Made withTypes(MapDefinition definition, UnaryOperator<Attributes> rest) {
        if (!definition.fields().isEmpty()) {
            return withTypes(definition, MapTypes.of(definition), rest);
        }
        if (!(definition.content() instanceof MapDefinition.Content.Data)
                || !(definition.value() instanceof DebugType.Struct variables)) {
            return create(definition, rest);
        }
        // What the variables are called is for people and for who sets keys: without, the map is as good.
        return switch (withTypes(definition, MapTypes.of(definition, variables), rest)) {
            case Made.Created created -> created;
            case Made.Refused _ -> create(definition, rest);
        };
    }

    private static Made withTypes(MapDefinition definition, MapTypes types, UnaryOperator<Attributes> rest) {
        try (Arena arena = Arena.ofConfined()) {
            int loaded = Bpf.call(
                    Command.BTF_LOAD,
                    new Attributes(arena)
                            .bytes(0, types.types())
                            .word(16, types.types().size()));
            if (loaded < 0) {
                return new Made.Refused(-loaded);
            }
            try (Descriptor descriptor = new Descriptor(loaded)) {
                return create(
                        definition,
                        attributes -> rest.apply(attributes)
                                .word(48, descriptor.number())
                                .word(52, types.key())
                                .word(56, types.value()));
            }
        }
    }

    private static Made create(MapDefinition definition, UnaryOperator<Attributes> rest) {
        try (Arena arena = Arena.ofConfined()) {
            int made = Bpf.call(
                    Command.MAP_CREATE,
                    rest.apply(new Attributes(arena)
                            .word(0, definition.kind().kernelId())
                            .word(4, definition.keySize())
                            .word(8, definition.valueSize())
                            .word(12, entries(definition))
                            .word(16, flags(definition))
                            .name(28, definition.name())
                            .wide(64, definition.extra())));
            if (made < 0) {
                return new Made.Refused(-made);
            }
            KernelMap map = new KernelMap(definition, new Descriptor(made));
            int filled = fill(map);
            if (filled != 0) {
                map.close();
                return new Made.Refused(-filled);
            }
            return new Made.Created(map);
        }
    }

    /** Variables that hosts may write are shown to them, so that they write one and no other. */
    static int flags(MapDefinition definition) {
        return definition.content() instanceof MapDefinition.Content.Data(ByteString _, boolean frozen) && !frozen
                ? definition.flags() | MapFlag.MMAPABLE.bit()
                : definition.flags();
    }

    /** Loaders take a {@code perf_event_array} without entries for one of as many as there are CPUs. */
    static int entries(MapDefinition definition) {
        return definition.kind() == MapKind.PERF_EVENT_ARRAY && definition.maxEntries() == 0
                ? PossibleCpus.count()
                : (int) definition.maxEntries();
    }

    private static int fill(KernelMap map) {
        MapDefinition definition = map.definition();
        return switch (definition.content()) {
            case MapDefinition.Content.Empty _ -> 0;
            case MapDefinition.Content.Data data -> {
                byte[] bytes = Arrays.copyOf(data.bytes().toArray(), definition.valueSize());
                int result = map.update(KernelMap.index(0), List.of(ByteString.copyOf(bytes)), 0);
                yield result == 0 && data.frozen() ? map.freeze() : result;
            }
            case MapDefinition.Content.Targets targets -> {
                for (int i = 0; i < targets.targets().size(); i++) {
                    ByteString entry =
                            InstructionEntry.written(targets.targets().get(i));
                    int result = map.update(KernelMap.index(i), List.of(entry), 0);
                    if (result != 0) {
                        yield result;
                    }
                }
                yield map.freeze();
            }
            case MapDefinition.Content.Functions _ ->
                throw new IllegalStateException("no kernel has function tables, and " + definition.name() + " is one");
        };
    }
}
