package dev.turnout.bpf.object;

import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * What relocations of {@code .maps} say: a word of a map's variable behind {@code values} names, by a symbol, the program or the
 * map that the entry holds at load. As in libbpf, the later of two for one word counts.
 *
 * @param map name, for messages; empty for all maps together
 * @param from where its variable begins in the section, in bytes
 * @param named by the word's offset in the section
 * @param programs names of the object's programs
 */
record MapRows(String map, long from, NavigableMap<Long, ElfImage.Symbol> named, Set<String> programs) {
    /** The rows of all maps. */
    static MapRows read(ElfImage image, ElfImage.Section maps, Collection<ElfReader.Part> parts) {
        TreeMap<Long, ElfImage.Symbol> named = new TreeMap<>();
        for (ElfImage.Section section : image.sections()) {
            if (section.type() == Elf.REL && section.info() == maps.index()) {
                entries(image, section, named);
            }
        }
        Set<String> programs = new HashSet<>();
        for (ElfReader.Part part : parts) {
            for (ObjectFunction function : part.functions) {
                if (function.kind() == ObjectFunction.Kind.PROGRAM) {
                    programs.add(function.name());
                }
            }
        }
        return new MapRows("", 0, named, programs);
    }

    private static void entries(ElfImage image, ElfImage.Section section, TreeMap<Long, ElfImage.Symbol> into) {
        ByteBuffer in = section.view();
        if (in.limit() % Elf.REL_SIZE != 0) {
            throw ElfReader.broken(
                    DiagnosticCode.O0113,
                    "section `" + section.name() + "` has " + in.limit() + " bytes, which is no multiple of "
                            + Elf.REL_SIZE);
        }
        for (int at = 0; at < in.limit(); at += Elf.REL_SIZE) {
            long symbol = in.getLong(at + 8) >>> 32;
            if (symbol >= image.symbols().size()) {
                throw ElfReader.broken(
                        DiagnosticCode.O0114,
                        "relocation " + at / Elf.REL_SIZE + " of section `" + section.name() + "` is for symbol "
                                + symbol + " of " + image.symbols().size());
            }
            into.put(in.getLong(at), image.symbols().get((int) symbol));
        }
    }

    /** Those of one map. */
    MapRows of(ElfImage.Symbol one) {
        long end = one.value() + one.size();
        boolean sane = one.value() >= 0 && one.size() >= 0 && end >= one.value();
        return new MapRows(
                one.name(),
                one.value(),
                sane ? named.subMap(one.value(), true, end, false) : Collections.emptyNavigableMap(),
                programs);
    }

    /**
     * The rows, in order of index.
     *
     * @param values where they begin in the variable, in bytes
     */
    List<ObjectMap.Row> behind(long values) {
        List<ObjectMap.Row> rows = new ArrayList<>(named.size());
        named.forEach((offset, symbol) -> {
            long place = offset - from - values;
            if (place < 0 || place % 8 != 0 || place / 8 > Integer.MAX_VALUE) {
                throw ElfReader.broken(
                        DiagnosticCode.O0117,
                        "map `" + map + "` names `" + symbol.name() + "` at byte " + (offset - from)
                                + ", where it has no entry");
            }
            rows.add(new ObjectMap.Row((int) (place / 8), symbol.name()));
        });
        return rows;
    }

    /** Demands that rows are entries of a program array, and programs. */
    void check(List<ObjectMap.Row> rows, long entries) {
        for (ObjectMap.Row row : rows) {
            String what = "map `" + map + "` holds `" + row.symbol() + "` at index " + row.index();
            if (row.index() >= entries) {
                throw ElfReader.broken(DiagnosticCode.O0117, what + ", and has " + entries + " entries");
            }
            if (!programs.contains(row.symbol())) {
                throw ElfReader.broken(DiagnosticCode.O0117, what + ", which is no program of this object");
            }
        }
    }
}
