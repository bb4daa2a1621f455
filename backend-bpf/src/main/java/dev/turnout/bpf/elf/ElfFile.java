package dev.turnout.bpf.elf;

import dev.turnout.ir.model.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A relocatable file of BPF, to be written: sections and symbols in their order, from index 1 on. The tables of symbols and of
 * strings are made here and come last, so nobody who lays out a file needs to know where they are: sections of relocations are
 * linked to the table of symbols by {@link #write}.
 *
 * @param symbols local ones first, as ELF demands
 */
public record ElfFile(List<Section> sections, List<Symbol> symbols) {
    /** Sections that a file may have, the null section and the two that are added here included. */
    public static final int MOST_SECTIONS = Elf.RESERVED_INDEX - 1;

    /**
     * @param bytes what the file holds of it; none for one of zeros
     * @param size bytes in memory
     * @param info for relocations: the index of the section that they are for
     * @param entry bytes of an entry, where the section is a table of such, else 0
     */
    public record Section(
            String name, int type, long flags, ByteString bytes, long size, int info, long align, long entry) {}

    /** @param section index, or 0 for one that is not defined here */
    public record Symbol(String name, int binding, int type, int visibility, int section, long value, long size) {}

    public ElfFile {
        sections = List.copyOf(sections);
        symbols = List.copyOf(symbols);
        if (sections.size() + 3 > MOST_SECTIONS) {
            throw new IllegalArgumentException(sections.size() + " sections are more than a file can number");
        }
        for (int i = 1; i < symbols.size(); i++) {
            if (symbols.get(i).binding() == Elf.LOCAL && symbols.get(i - 1).binding() != Elf.LOCAL) {
                throw new IllegalArgumentException("the local symbol " + i + " stands behind one that is not");
            }
        }
    }

    /** Names, each once, in order of first use. */
    private static final class Names {
        private final Map<String, Integer> offsets = new HashMap<>(Map.of("", 0));
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Names() {
            bytes.write(0);
        }

        int offset(String name) {
            return offsets.computeIfAbsent(name, _ -> {
                int at = bytes.size();
                bytes.writeBytes(name.getBytes(StandardCharsets.UTF_8));
                bytes.write(0);
                return at;
            });
        }
    }

    /** The file. Equal values make equal bytes. */
    public ByteString write() {
        Names names = new Names();
        List<Section> all = new ArrayList<>();
        all.add(new Section("", 0, 0, ByteString.EMPTY, 0, 0, 0, 0));
        all.addAll(sections);
        int symtab = all.size();
        int locals = 1
                + (int) symbols.stream()
                        .filter(symbol -> symbol.binding() == Elf.LOCAL)
                        .count();
        ByteString table = table(names);
        all.add(new Section(".symtab", Elf.SYMTAB, 0, table, table.size(), locals, 8, Elf.SYMBOL_SIZE));
        all.forEach(section -> names.offset(section.name()));
        names.offset(".strtab");
        ByteString strings = ByteString.copyOf(names.bytes.toByteArray());
        all.add(new Section(".strtab", Elf.STRTAB, 0, strings, strings.size(), 0, 1, 0));

        long[] offsets = new long[all.size()];
        long end = Elf.HEADER_SIZE;
        for (int i = 1; i < offsets.length; i++) {
            end = align(end, all.get(i).align());
            offsets[i] = end;
            end += all.get(i).bytes().size();
        }
        long headers = align(end, 8);
        ByteBuffer file = little(Math.toIntExact(headers + (long) all.size() * Elf.SECTION_SIZE));
        header(file, headers, all.size());
        for (int i = 1; i < offsets.length; i++) {
            file.put((int) offsets[i], all.get(i).bytes().toArray());
        }
        file.position((int) headers);
        for (int i = 0; i < offsets.length; i++) {
            Section section = all.get(i);
            file.putInt(names.offset(section.name())).putInt(section.type());
            file.putLong(section.flags()).putLong(0).putLong(offsets[i]).putLong(section.size());
            file.putInt(link(section.type(), symtab)).putInt(section.info());
            file.putLong(section.align()).putLong(section.entry());
        }
        return bytes(file);
    }

    private static int link(int type, int symtab) {
        return switch (type) {
            case Elf.REL -> symtab;
            case Elf.SYMTAB -> symtab + 1;
            default -> 0;
        };
    }

    private ByteString table(Names names) {
        ByteBuffer table = little((1 + symbols.size()) * Elf.SYMBOL_SIZE);
        table.position(Elf.SYMBOL_SIZE);
        for (Symbol symbol : symbols) {
            table.putInt(names.offset(symbol.name()));
            table.put((byte) (symbol.binding() << 4 | symbol.type())).put((byte) symbol.visibility());
            table.putShort((short) symbol.section()).putLong(symbol.value()).putLong(symbol.size());
        }
        return bytes(table);
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteString bytes(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.capacity()];
        buffer.duplicate().clear().get(copy);
        return ByteString.copyOf(copy);
    }

    private static long align(long offset, long to) {
        return to <= 1 ? offset : (offset + to - 1) / to * to;
    }

    private static void header(ByteBuffer file, long headers, int count) {
        file.putInt(0x464c457f).put((byte) 2).put((byte) 1).put((byte) 1);
        file.position(16);
        file.putShort((short) Elf.TYPE_REL).putShort((short) Elf.MACHINE_BPF).putInt(1);
        file.putLong(0).putLong(0).putLong(headers).putInt(0);
        file.putShort((short) Elf.HEADER_SIZE).putShort((short) 0).putShort((short) 0);
        file.putShort((short) Elf.SECTION_SIZE).putShort((short) count).putShort((short) (count - 1));
    }
}
