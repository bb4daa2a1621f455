package dev.turnout.bpf.merge;

import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfFile;
import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Links objects into one. The objects may be ours, clang's or gcc's, and may be outputs of this linker; one that is linked alone stays the
 * same program. The output depends on the inputs and their order only. The files may be hostile: nothing is thrown, and memory is bounded
 * by a multiple of their sizes.
 */
public final class ObjectLinker {
    private ObjectLinker() {}

    /**
     * An object.
     *
     * @param name of its file, for messages
     */
    public record Input(String name, ByteString file) {}

    /** Whether the inputs could be read, and if so, whether they fit together. */
    public enum Outcome {
        /** There is an object. */
        LINKED,
        /** A file is no object that can be read. */
        UNREADABLE,
        /** The objects contradict each other. */
        REFUSED
    }

    /**
     * What came of it.
     *
     * @param object present if {@code LINKED}
     */
    public record Result(Outcome outcome, Optional<ByteString> object) {}

    /**
     * Links objects in this order; mistakes and names that nobody defines are reported.
     *
     * @throws IllegalArgumentException if there are no inputs
     */
    public static Result link(List<Input> inputs, Diagnostics diagnostics) {
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("nothing to link");
        }
        NamePool names = new NamePool();
        List<LinkInput> read = new ArrayList<>();
        for (Input input : inputs) {
            LinkInput.read(read.size(), input.name(), input.file(), names, diagnostics)
                    .ifPresent(read::add);
        }
        if (read.size() < inputs.size()) {
            return new Result(Outcome.UNREADABLE, Optional.empty());
        }
        Optional<ByteString> object = Optional.empty();
        try {
            object = join(read, names, diagnostics);
        } catch (ElfImage.Broken broken) {
            diagnostics.report(broken.diagnostic());
        }
        return new Result(object.isPresent() ? Outcome.LINKED : Outcome.REFUSED, object);
    }

    private static Optional<ByteString> join(List<LinkInput> inputs, NamePool names, Diagnostics diagnostics) {
        int before = diagnostics.errorCount();
        SectionMerge sections = SectionMerge.of(inputs);
        SymbolMerge symbols = SymbolMerge.of(inputs, sections, diagnostics);
        if (diagnostics.errorCount() > before) {
            return Optional.empty();
        }
        RelocationMerge relocations = RelocationMerge.of(inputs, sections, symbols);
        TableMerge.apply(inputs, sections, symbols, relocations);
        ExtMerge ext = new ExtMerge(inputs, sections, symbols);
        MergedTypes types = TypeMerge.of(inputs, symbols, ext.uses()).numbered();
        VariableMerge.addTo(types, inputs, sections, names);

        List<ElfFile.Section> written = new ArrayList<>();
        sections.outputs().forEach(section -> written.add(section.written()));
        written.addAll(relocations.written());
        NamePool.Table table = names.new Table();
        if (!types.isEmpty()) {
            byte[] records = types.records(table);
            Optional<ByteString> behind = ext.write(types, names, table);
            // What hangs on code has its names in the section of types, which is complete only now.
            written.add(plain(Elf.TYPES, MergedTypes.section(records, table.toArray())));
            behind.ifPresent(bytes -> written.add(plain(Elf.TYPES_OF_CODE, bytes)));
        }
        return Optional.of(new ElfFile(written, symbols.symbols()).write());
    }

    private static ElfFile.Section plain(String name, ByteString bytes) {
        return new ElfFile.Section(name, Elf.PROGBITS, 0, bytes, bytes.size(), 0, 4, 0);
    }
}
