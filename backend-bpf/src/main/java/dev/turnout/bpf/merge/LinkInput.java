package dev.turnout.bpf.merge;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfReader;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One of the objects, read and checked as far as it can be by itself.
 *
 * @param number its position among the inputs, from 0 on
 * @param name of its file, for messages
 * @param btf its types, decoded; none if it has none
 * @param types the same as they are written
 * @param ext what hangs on its code
 * @param declared the functions and variables of its types that are not static, by name
 * @param homes the section that a variable or a kernel's function is said to be in, by the id of its type
 */
record LinkInput(
        int number,
        String name,
        ElfImage image,
        Btf btf,
        TypeRecords types,
        ExtRecords ext,
        Map<String, Integer> declared,
        Map<Integer, String> homes) {
    /** Names that are read are cut here; a longer one could be taken for another. */
    private static final int LONGEST_NAME = 511;

    LinkInput {
        declared = Map.copyOf(declared);
        homes = Map.copyOf(homes);
    }

    /** Reads an object. Nothing if a mistake was reported. */
    static Optional<LinkInput> read(int number, String name, ByteString file, NamePool pool, Diagnostics diagnostics) {
        try {
            return Optional.of(open(number, name, file, pool));
        } catch (ElfImage.Broken broken) {
            diagnostics.report(broken.diagnostic().withNote("in `" + name + "`"));
            return Optional.empty();
        }
    }

    private static LinkInput open(int number, String name, ByteString file, NamePool pool) {
        ElfImage image = ElfImage.parse(file);
        for (ElfImage.Symbol symbol : image.symbols()) {
            if (symbol.name().length() >= LONGEST_NAME) {
                throw new ElfImage.Broken(
                        DiagnosticCode.O0113,
                        "the name of symbol " + symbol.index() + " has more than " + LONGEST_NAME + " bytes");
            }
        }
        Optional<ElfImage.Section> section =
                image.section(Elf.TYPES).filter(one -> one.bytes().limit() > 0);
        if (section.isEmpty()) {
            return new LinkInput(number, name, image, Btf.EMPTY, TypeRecords.NONE, ExtRecords.NONE, Map.of(), Map.of());
        }
        Diagnostics found = new Diagnostics();
        BtfReader reader = BtfReader.read(section.get().content(), found).orElseThrow(() -> first(found));
        NamePool.Source names = TypeRecords.names(section.get().view(), pool);
        TypeRecords types = TypeRecords.read(section.get().view(), names);
        ExtRecords ext = ExtRecords.NONE;
        Optional<ElfImage.Section> behind =
                image.section(Elf.TYPES_OF_CODE).filter(one -> one.bytes().limit() > 0);
        if (behind.isPresent()) {
            if (reader.ext(behind.get().content(), found).isEmpty()) {
                throw first(found);
            }
            ext = ExtRecords.read(behind.get().view(), names);
        }
        return new LinkInput(
                number, name, image, reader.btf(), types, ext, declared(reader.btf()), homes(reader.btf()));
    }

    private static ElfImage.Broken first(Diagnostics found) {
        return new ElfImage.Broken(found.all().getFirst());
    }

    private static Map<String, Integer> declared(Btf btf) {
        Map<String, Integer> declared = new HashMap<>();
        for (int id = 1; id <= btf.types().size(); id++) {
            switch (btf.types().get(id - 1)) {
                case BtfType.Function function
                when function.linkage() != BtfType.Linkage.STATIC -> declared.putIfAbsent(function.name(), id);
                case BtfType.Variable variable
                when variable.linkage() != BtfType.Linkage.STATIC -> declared.putIfAbsent(variable.name(), id);
                case BtfType _ -> {}
            }
        }
        return declared;
    }

    private static Map<Integer, String> homes(Btf btf) {
        Map<Integer, String> homes = new HashMap<>();
        for (BtfType type : btf.types()) {
            if (type instanceof BtfType.DataSection section) {
                for (BtfType.Placement placement : section.variables()) {
                    homes.putIfAbsent(placement.variable(), section.name());
                }
            }
        }
        return homes;
    }

    /** The id of what a global symbol is said to be; 0 if no type says it. */
    int declaration(ElfImage.Symbol symbol) {
        String home = section(symbol).map(ElfImage.Section::name).orElse("");
        return declared.getOrDefault(home.equals(Elf.STATIC_KEYS) ? SharedKeys.keyOf(symbol.name()) : symbol.name(), 0);
    }

    /** The section that a symbol is defined in; nothing for one that is not, and for special ones. */
    Optional<ElfImage.Section> section(ElfImage.Symbol symbol) {
        return symbol.section() > 0 && symbol.section() < image.sections().size()
                ? Optional.of(image.sections().get(symbol.section()))
                : Optional.empty();
    }

    /** A mistake in this input. */
    ElfImage.Broken broken(DiagnosticCode code, String message) {
        return new ElfImage.Broken(Diagnostic.general(code, message).withNote("in `" + name + "`"));
    }
}
