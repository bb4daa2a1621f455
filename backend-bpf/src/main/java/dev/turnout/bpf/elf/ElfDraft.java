package dev.turnout.bpf.elf;

import dev.turnout.bpf.btf.StringTable;
import dev.turnout.ir.model.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An ELF-64 file of code for BPF in the making: sections and symbols in the order in which they come, with keys by which its parts refer
 * to each other. The first use of a symbol's number ends the making of symbols, for local ones stand before all others.
 */
public final class ElfDraft {
    private final StringTable names = new StringTable();
    private final List<Section> sections = new ArrayList<>();
    private final Map<String, Integer> sectionIndices = new HashMap<>();
    private final List<Symbol> locals = new ArrayList<>();
    private final List<Symbol> others = new ArrayList<>();
    private final Map<String, Integer> symbolIndices = new HashMap<>();

    private record Section(
            String name,
            int type,
            long flags,
            ByteString bytes,
            long size,
            int link,
            int info,
            long align,
            long entry) {}

    /** @param key tells symbols of one name apart: a kind and a name */
    private record Symbol(String key, String name, int binding, int type, int section, long value, long size) {}

    public ElfDraft() {
        sections.add(new Section("", 0, 0, ByteString.EMPTY, 0, 0, 0, 0, 0));
    }

    /** Adds a section; its number. */
    public int section(String name, int type, long flags, ByteString bytes, long align) {
        int index = sections.size();
        sections.add(new Section(name, type, flags, bytes, bytes.size(), 0, 0, align, 0));
        sectionIndices.put(name, index);
        return index;
    }

    /** Gives a section that is there other bytes. */
    public void fill(String name, ByteString bytes) {
        int index = sectionIndex(name);
        Section old = sections.get(index);
        sections.set(
                index,
                new Section(name, old.type, old.flags, bytes, bytes.size(), old.link, old.info, old.align, old.entry));
    }

    /** Adds the relocations of a section. */
    public void relocations(String section, ByteString entries) {
        // The link, to the symbol table, is not known yet: finish() sets it.
        sections.add(new Section(
                ".rel" + section,
                Elf.REL,
                Elf.INFO_LINK,
                entries,
                entries.size(),
                0,
                sectionIndex(section),
                8,
                Elf.REL_SIZE));
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
        ByteBuffer table = little((1 + locals.size() + others.size()) * Elf.SYMBOL_SIZE);
        table.position(Elf.SYMBOL_SIZE);
        locals.forEach(symbol -> put(symbol, table));
        others.forEach(symbol -> put(symbol, table));
        int symtab = sections.size();
        sections.add(new Section(
                ".symtab",
                Elf.SYMTAB,
                0,
                bytes(table),
                table.capacity(),
                symtab + 1,
                1 + locals.size(),
                8,
                Elf.SYMBOL_SIZE));
        // Section names go into the same table, so it is complete only once they are in it.
        List<Integer> nameOffsets = new ArrayList<>();
        sections.forEach(section -> nameOffsets.add(names.offset(section.name)));
        nameOffsets.add(names.offset(".strtab"));
        ByteString strings = ByteString.copyOf(names.toArray());
        sections.add(new Section(".strtab", Elf.STRTAB, 0, strings, strings.size(), 0, 0, 1, 0));

        long[] offsets = new long[sections.size()];
        long end = Elf.HEADER_SIZE;
        for (int i = 1; i < offsets.length; i++) {
            Section section = sections.get(i);
            end = align(end, section.align);
            offsets[i] = end;
            end += section.type == Elf.NOBITS ? 0 : section.size;
        }
        long headers = align(end, 8);
        ByteBuffer file = little(Math.toIntExact(headers + (long) sections.size() * Elf.SECTION_SIZE));
        header(file, headers);
        for (int i = 1; i < offsets.length; i++) {
            if (sections.get(i).type != Elf.NOBITS) {
                file.put((int) offsets[i], sections.get(i).bytes.toArray());
            }
        }
        file.position((int) headers);
        for (int i = 0; i < offsets.length; i++) {
            Section section = sections.get(i);
            file.putInt(nameOffsets.get(i))
                    .putInt(section.type)
                    .putLong(section.flags)
                    .putLong(0);
            file.putLong(offsets[i]).putLong(section.size);
            file.putInt(section.type == Elf.REL ? symtab : section.link).putInt(section.info);
            file.putLong(section.align).putLong(section.entry);
        }
        return bytes(file);
    }

    private void put(Symbol symbol, ByteBuffer table) {
        table.putInt(names.offset(symbol.name));
        table.put((byte) (symbol.binding << 4 | symbol.type)).put((byte) 0).putShort((short) symbol.section);
        table.putLong(symbol.value).putLong(symbol.size);
    }

    private static long align(long offset, long to) {
        return to <= 1 ? offset : (offset + to - 1) / to * to;
    }

    private void header(ByteBuffer file, long headers) {
        file.putInt(0x464c457f).put((byte) 2).put((byte) 1).put((byte) 1);
        file.position(16);
        file.putShort((short) Elf.TYPE_REL).putShort((short) Elf.MACHINE_BPF).putInt(1);
        file.putLong(0).putLong(0).putLong(headers).putInt(0);
        file.putShort((short) Elf.HEADER_SIZE).putShort((short) 0).putShort((short) 0);
        file.putShort((short) Elf.SECTION_SIZE).putShort((short) sections.size());
        file.putShort((short) (sections.size() - 1));
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteString bytes(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.capacity()];
        buffer.duplicate().clear().get(copy);
        return ByteString.copyOf(copy);
    }
}
