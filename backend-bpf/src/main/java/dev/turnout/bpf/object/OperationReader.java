package dev.turnout.bpf.object;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads structures of operations: variables in sections {@code .struct_ops*}, whose relocations say which program stands in which member.
 * What else their bytes hold is between the loader and the kernel.
 */
final class OperationReader {
    private static final String SECTION = ".struct_ops";
    private static final String FLAVOUR = "___";

    private final ElfImage image;
    private final Btf btf;
    private final Map<Integer, ElfReader.Part> parts;
    private final List<StructOperation> operations = new ArrayList<>();

    private OperationReader(ElfImage image, Btf btf, Map<Integer, ElfReader.Part> parts) {
        this.image = image;
        this.btf = btf;
        this.parts = parts;
    }

    static List<StructOperation> read(ElfImage image, Btf btf, Map<Integer, ElfReader.Part> parts) {
        OperationReader reader = new OperationReader(image, btf, parts);
        for (ElfImage.Section section : image.sections()) {
            boolean names = section.type() == Elf.REL
                    && section.info() > 0
                    && section.info() < image.sections().size();
            if (names && isOperations(image.sections().get(section.info()).name())) {
                reader.entries(image.sections().get(section.info()), section);
            }
        }
        return reader.operations;
    }

    /** A leading question mark means that the structure is not loaded unless someone asks. */
    private static boolean isOperations(String name) {
        return name.startsWith(SECTION) || name.startsWith("?" + SECTION);
    }

    private void entries(ElfImage.Section home, ElfImage.Section relocations) {
        TreeMap<Long, BtfType.Composite> structs = new TreeMap<>();
        btf.dataSection(home.name()).ifPresent(described -> {
            for (BtfType.Placement placement : described.variables()) {
                if (btf.find(placement.variable()).orElse(null) instanceof BtfType.Variable variable
                        && btf.find(btf.strip(variable.type())).orElse(null) instanceof BtfType.Composite struct) {
                    place(home, variable.name()).ifPresent(at -> structs.put(at, struct));
                }
            }
        });
        ByteBuffer in = relocations.view();
        for (int at = 0; at + Elf.REL_SIZE <= in.limit(); at += Elf.REL_SIZE) {
            long offset = in.getLong(at);
            long symbol = in.getLong(at + 8) >>> 32;
            if (symbol >= image.symbols().size()) {
                throw ElfReader.broken(
                        DiagnosticCode.O0114,
                        "relocation " + at / Elf.REL_SIZE + " of section `" + relocations.name() + "` is for symbol "
                                + symbol + " of " + image.symbols().size());
            }
            Map.Entry<Long, BtfType.Composite> struct = structs.floorEntry(offset);
            if (struct != null) {
                entry(
                        struct.getValue(),
                        offset - struct.getKey(),
                        image.symbols().get((int) symbol));
            }
        }
    }

    private Optional<Long> place(ElfImage.Section home, String variable) {
        return image.symbols().stream()
                .filter(symbol ->
                        symbol.section() == home.index() && symbol.name().equals(variable))
                .map(ElfImage.Symbol::value)
                .findFirst();
    }

    private void entry(BtfType.Composite struct, long offset, ElfImage.Symbol symbol) {
        ElfReader.Part part = parts.get(symbol.section());
        Optional<ObjectFunction> program =
                part == null ? Optional.empty() : part.startingAt(Math.floorDiv(symbol.value(), 8));
        for (BtfType.Member member : struct.members()) {
            if (program.isPresent() && member.bitOffset() == offset * 8) {
                int flavour = struct.name().indexOf(FLAVOUR, 1);
                operations.add(new StructOperation(
                        flavour < 0 ? struct.name() : struct.name().substring(0, flavour),
                        member.name(),
                        program.get().name()));
            }
        }
    }
}
