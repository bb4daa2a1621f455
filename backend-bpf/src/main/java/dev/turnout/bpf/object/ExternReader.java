package dev.turnout.bpf.object;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.btf.DebugTypeReader;
import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what an object leaves to others: undefined symbols that BTF describes in {@code .ksyms} (the kernel's functions and variables) or
 * {@code .kconfig} (values of the kernel's configuration, which the loader writes into a map of that name). An undefined symbol that no
 * type describes is none; whoever refers to it is told so.
 */
final class ExternReader {
    private final Btf btf;
    private final DebugTypeReader types;
    private final List<ObjectExtern> externs = new ArrayList<>();
    private final List<DataSection.Variable> configuration = new ArrayList<>();
    private int configurationBytes;

    private ExternReader(Btf btf, DebugTypeReader types) {
        this.btf = btf;
        this.types = types;
    }

    static ExternReader read(ElfImage image, Btf btf, DebugTypeReader types) {
        ExternReader reader = new ExternReader(btf, types);
        Map<String, Integer> kernel = reader.described(Elf.KERNEL_SYMBOLS);
        Map<String, Integer> configuration = reader.described(DataSection.CONFIGURATION);
        Set<String> seen = new HashSet<>();
        for (ElfImage.Symbol symbol : image.symbols()) {
            boolean undefined = symbol.section() == 0 && !symbol.isLocal() && symbol.type() == Elf.NOTYPE;
            if (!undefined || !seen.add(symbol.name())) {
                continue;
            }
            Integer ofKernel = kernel.get(symbol.name());
            Integer ofConfiguration = configuration.get(symbol.name());
            if (ofKernel != null) {
                reader.externs.add(reader.extern(symbol, ofKernel));
            } else if (ofConfiguration != null) {
                reader.configure(symbol.name(), types.type(ofConfiguration));
            }
        }
        return reader;
    }

    List<ObjectExtern> externs() {
        return externs;
    }

    /** The map of the kernel's configuration. Its bytes are the loader's to fill: here they are not known. */
    Optional<DataSection> configuration() {
        return configuration.isEmpty()
                ? Optional.empty()
                : Optional.of(new DataSection(
                        DataSection.CONFIGURATION, ByteString.zeros(configurationBytes), 8, configuration));
    }

    private Map<String, Integer> described(String section) {
        Map<String, Integer> ids = new HashMap<>();
        btf.dataSection(section)
                .ifPresent(found -> found.variables()
                        .forEach(placement -> btf.find(placement.variable())
                                .ifPresent(type -> ids.put(type.name(), placement.variable()))));
        return ids;
    }

    private ObjectExtern extern(ElfImage.Symbol symbol, int id) {
        boolean weak = symbol.binding() == Elf.WEAK;
        return switch (btf.find(id).orElse(null)) {
            case BtfType.Function function ->
                new ObjectExtern(
                        symbol.name(),
                        ObjectExtern.Kind.FUNCTION,
                        weak,
                        function.prototype(),
                        types.type(function.prototype()));
            case BtfType.Variable variable
            when btf.strip(variable.type()) != 0 ->
                new ObjectExtern(
                        symbol.name(), ObjectExtern.Kind.VARIABLE, weak, variable.type(), new DebugType.Void());
            case null, default ->
                new ObjectExtern(symbol.name(), ObjectExtern.Kind.ADDRESS, weak, 0, new DebugType.Void());
        };
    }

    /** A string has no end but its section's: libbpf takes its declared size, and so does its type here. */
    private void configure(String name, DebugType type) {
        int size = Math.clamp(type.size(), 1, 4096);
        int align = Math.min(8, Integer.highestOneBit(size));
        int at = (configurationBytes + align - 1) / align * align;
        configuration.add(new DataSection.Variable(name, at, size, type, true));
        configurationBytes = at + size;
    }
}
