package dev.turnout.bpf.elf;

import dev.turnout.ir.model.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An ELF-64 file of code for BPF in the making: sections and symbols in the order in which they come, with keys by which its parts refer
 * to each other; {@link ElfFile} is what it becomes. The first use of a symbol's number ends the making of symbols, for local ones stand
 * before all others.
 */
public final class ElfDraft {
    private final List<Section> sections = new ArrayList<>();
    private final Map<String, Integer> sectionIndices = new HashMap<>();
    private final List<Symbol> locals = new ArrayList<>();
    private final List<Symbol> others = new ArrayList<>();
    private final Map<String, Integer> symbolIndices = new HashMap<>();

    private record Section(String name, int type, long flags, ByteString bytes, int info, long align, long entry) {}

    /** @param key tells symbols of one name apart: a kind and a name */
    private record Symbol(String key, String name, int binding, int type, int section, long value, long size) {}

    public ElfDraft() {
        sections.add(new Section("", 0, 0, ByteString.EMPTY, 0, 0, 0));
    }

    /** Adds a section; its number. */
    public int section(String name, int type, long flags, ByteString bytes, long align) {
        int index = sections.size();
        sections.add(new Section(name, type, flags, bytes, 0, align, 0));
        sectionIndices.put(name, index);
        return index;
    }

    /** Gives a section that is there other bytes. */
    public void fill(String name, ByteString bytes) {
        int index = sectionIndex(name);
        Section old = sections.get(index);
        sections.set(index, new Section(name, old.type, old.flags, bytes, old.info, old.align, old.entry));
    }

    /** Adds the relocations of a section. */
    public void relocations(String section, ByteString entries) {
        sections.add(
                new Section(".rel" + section, Elf.REL, Elf.INFO_LINK, entries, sectionIndex(section), 8, Elf.REL_SIZE));
    }

    public int sectionIndex(String name) {
        Integer index = sectionIndices.get(name);
        if (index == null) {
            throw new IllegalArgumentException("the object has no section " + name);
        }
        return index;
    }

    public void local(String key, String name, int type, String section, long value, long size) {
        add(new Symbol(key, name, Elf.LOCAL, type, sectionIndex(section), value, size));
    }

    public void global(String key, String name, int type, String section, long value, long size) {
        add(new Symbol(key, name, Elf.GLOBAL, type, sectionIndex(section), value, size));
    }

    /** A name that the file uses and others define. */
    public void undefined(String key, String name, boolean weak) {
        add(new Symbol(key, name, weak ? Elf.WEAK : Elf.GLOBAL, Elf.NOTYPE, 0, 0, 0));
    }

    private void add(Symbol symbol) {
        if (!symbolIndices.isEmpty()) {
            throw new IllegalStateException("symbols are numbered, and " + symbol.name + " comes late");
        }
        (symbol.binding == Elf.LOCAL ? locals : others).add(symbol);
    }

    /** The number of the symbol of this key. */
    public int symbolIndex(String key) {
        if (symbolIndices.isEmpty()) {
            int index = 1;
            for (Symbol symbol : locals) {
                symbolIndices.put(symbol.key, index++);
            }
            for (Symbol symbol : others) {
                symbolIndices.put(symbol.key, index++);
            }
        }
        Integer index = symbolIndices.get(key);
        if (index == null) {
            throw new IllegalArgumentException("the object has no " + key);
        }
        return index;
    }

    /** The file. */
    public ByteString finish() {
        List<ElfFile.Section> written = new ArrayList<>();
        for (Section section : sections.subList(1, sections.size())) {
            // The file holds nothing of what begins as zeros.
            ByteString held = section.type == Elf.NOBITS ? ByteString.EMPTY : section.bytes;
            written.add(new ElfFile.Section(
                    section.name,
                    section.type,
                    section.flags,
                    held,
                    section.bytes.size(),
                    section.info,
                    section.align,
                    section.entry));
        }
        List<ElfFile.Symbol> symbols = new ArrayList<>();
        for (List<Symbol> table : List.of(locals, others)) {
            for (Symbol one : table) {
                symbols.add(new ElfFile.Symbol(one.name, one.binding, one.type, 0, one.section, one.value, one.size));
            }
        }
        return new ElfFile(written, symbols).write();
    }
}
