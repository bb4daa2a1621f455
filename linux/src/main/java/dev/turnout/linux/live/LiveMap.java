package dev.turnout.linux.live;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfReader;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.btf.DebugTypeReader;
import dev.turnout.bpf.object.DataSection;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.DebugType;
import dev.turnout.linux.load.KernelMap;
import dev.turnout.linux.syscall.Command;
import dev.turnout.linux.syscall.Descriptor;
import dev.turnout.stdlib.map.MapKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A map that somebody made.
 *
 * @param id the kernel's number for it
 * @param name at most 15 bytes
 * @param map open until the program is closed that it was asked for
 * @param frozen whether only programs may write it
 * @param section the data section that it holds, by the types that came with it; empty if it holds none, or without types
 * @param variables of that section, in order of offset
 */
public record LiveMap(
        int id,
        String name,
        KernelMap map,
        boolean frozen,
        Optional<String> section,
        List<DataSection.Variable> variables) {
    private static final int BYTES = 88;

    public LiveMap {
        variables = List.copyOf(variables);
    }

    /**
     * The map behind a descriptor, which is the result's to close.
     *
     * @param otherwise types to look into if the map has none: those of its program
     * @return empty if it is of a kind that we do not know
     */
    static Optional<LiveMap> of(Descriptor descriptor, Btf otherwise) {
        ObjectInfo info = ObjectInfo.of(descriptor, BYTES);
        Optional<MapKind> kind = Arrays.stream(MapKind.values())
                .filter(one -> one.kernelId() == info.word(0))
                .findFirst();
        if (kind.isEmpty()) {
            descriptor.close();
            return Optional.empty();
        }
        DebugType none = new DebugType.Void();
        MapDefinition definition = new MapDefinition(
                info.name(24),
                kind.get(),
                info.word(8),
                info.word(12),
                Integer.toUnsignedLong(info.word(16)),
                info.word(20),
                none,
                none,
                new MapDefinition.Content.Empty());
        Btf types = info.word(64) == 0 ? otherwise : types(info.word(64));
        Optional<BtfType.DataSection> section = types.find(info.word(72))
                .filter(BtfType.DataSection.class::isInstance)
                .map(BtfType.DataSection.class::cast)
                .or(() -> types.dataSection(definition.name()));
        return Optional.of(new LiveMap(
                info.word(4),
                definition.name(),
                KernelMap.opened(definition, descriptor),
                isFrozen(descriptor),
                section.map(BtfType.DataSection::name),
                section.map(one -> variables(types, one, definition.valueSize()))
                        .orElse(List.of())));
    }

    private static List<DataSection.Variable> variables(Btf types, BtfType.DataSection section, int size) {
        DebugTypeReader reader = new DebugTypeReader(types);
        List<DataSection.Variable> variables = new ArrayList<>();
        for (BtfType.Placement placement : section.variables()) {
            if (types.find(placement.variable()).orElse(null) instanceof BtfType.Variable variable
                    && placement.offset() + placement.size() <= size) {
                variables.add(new DataSection.Variable(
                        variable.name(),
                        Math.toIntExact(placement.offset()),
                        Math.toIntExact(placement.size()),
                        reader.type(variable.type()),
                        variable.linkage() == BtfType.Linkage.GLOBAL));
            }
        }
        return variables;
    }

    /** The types of this number; none if they cannot be had. */
    static Btf types(int number) {
        Optional<Descriptor> opened =
                number == 0 ? Optional.empty() : ObjectInfo.opened(Command.BTF_GET_FD_BY_ID, number);
        if (opened.isEmpty()) {
            return Btf.EMPTY;
        }
        try (Descriptor descriptor = opened.get()) {
            return BtfReader.read(ObjectInfo.typesOf(descriptor), new Diagnostics())
                    .map(BtfReader::btf)
                    .orElse(Btf.EMPTY);
        }
    }

    /** Only {@code /proc} says so. */
    private static boolean isFrozen(Descriptor descriptor) {
        try {
            return Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor.number())).stream()
                    .anyMatch(line -> line.startsWith("frozen:") && line.endsWith("1"));
        } catch (IOException unknown) {
            return false;
        }
    }
}
