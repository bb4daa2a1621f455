package dev.turnout.bpf.elf;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.ir.model.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The container: sections and symbols of an ELF-64 file of little-endian BPF, every range checked. Nothing is copied that the
 * file does not hold, so memory is bounded by the file.
 *
 * @param sections by index; the first is the null section
 * @param symbols by index; the first is the null symbol
 */
public record ElfImage(List<Section> sections, List<Symbol> symbols) {
    /** The first thing that is wrong with a file. Caught by whoever opened it. */
    public static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Diagnostic diagnostic;

        public Broken(Diagnostic diagnostic) {
            super(diagnostic.message(), null, false, false);
            this.diagnostic = diagnostic;
        }

        public Broken(DiagnosticCode code, String message) {
            this(Diagnostic.general(code, message));
        }

        public Diagnostic diagnostic() {
            return diagnostic;
        }
    }

    /**
     * @param bytes content; empty for one that a file holds no bytes for
     * @param size bytes in memory
     * @param entry bytes of an entry, where the section is a table of such
     */
    public record Section(
            int index,
            String name,
            int type,
            long flags,
            ByteBuffer bytes,
            long size,
            int link,
            int info,
            long align,
            long entry) {
        public boolean isCode() {
            return type == Elf.PROGBITS && (flags & Elf.EXEC) != 0;
        }

        public ByteString content() {
            byte[] copy = new byte[bytes.limit()];
            bytes.duplicate().position(0).get(copy);
            return ByteString.copyOf(copy);
        }

        public ByteBuffer view() {
            return bytes.duplicate().position(0).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** @param section index, 0 if undefined */
    public record Symbol(
            int index, String name, int binding, int type, int visibility, int section, long value, long size) {
        public boolean isLocal() {
            return binding == Elf.LOCAL;
        }
    }

    public Optional<Section> section(String name) {
        return sections.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The content of the section of this name of any 64-bit little-endian file: a kernel's, which is no object. */
    public static ByteString sectionOf(ByteString file, String name) {
        ByteBuffer in = file.asBuffer();
        if (in.limit() < Elf.HEADER_SIZE || in.get(4) != 2 || in.get(5) != 1) {
            throw new Broken(DiagnosticCode.O0111, "this is no ELF file of 64 bits, little-endian");
        }
        for (Section section : sections(in)) {
            if (section.name().equals(name)) {
                return section.content();
            }
        }
        throw new Broken(DiagnosticCode.O0113, "the file has no section `" + name + "`");
    }

    public static ElfImage parse(ByteString file) {
        ByteBuffer in = file.asBuffer();
        checkIdentity(in);
        List<Section> sections = sections(in);
        return new ElfImage(List.copyOf(sections), symbols(sections));
    }

    private static List<Section> sections(ByteBuffer in) {
        long table = in.getLong(40);
        int entry = in.getShort(58) & 0xffff;
        long count = in.getShort(60) & 0xffff;
        if (entry != Elf.SECTION_SIZE) {
            throw new Broken(DiagnosticCode.O0113, "section headers of " + entry + " bytes at offset 58, must be 64");
        }
        if (count == 0) {
            // More sections than 16 bits count: the null section's size field says how many.
            count = range(in, table, Elf.SECTION_SIZE, "the first section header")
                    .getLong(32);
        }
        if (count < 1 || count > in.limit() / Elf.SECTION_SIZE) {
            throw new Broken(
                    DiagnosticCode.O0112,
                    "the file states " + Long.toUnsignedString(count) + " sections, it has " + in.limit() + " bytes");
        }
        ByteBuffer headers = range(in, table, count * Elf.SECTION_SIZE, "the table of sections");
        int namesIndex = in.getShort(62) & 0xffff;
        if (namesIndex >= count) {
            throw new Broken(DiagnosticCode.O0113, "section names are in section " + namesIndex + " of " + count);
        }
        ByteBuffer names = content(in, headers, namesIndex, "the table of section names");
        List<Section> sections = new ArrayList<>((int) count);
        for (int i = 0; i < count; i++) {
            sections.add(section(in, headers, names, i));
        }
        return sections;
    }

    private static void checkIdentity(ByteBuffer in) {
        if (in.limit() < 4 || in.getInt(0) != 0x464c457f) {
            throw new Broken(Diagnostic.general(DiagnosticCode.O0110, "this is no ELF file")
                    .withNote("an object begins with the bytes 7f 45 4c 46"));
        }
        if (in.limit() < Elf.HEADER_SIZE) {
            throw new Broken(
                    DiagnosticCode.O0112,
                    "the file ends after " + in.limit() + " bytes, inside the ELF header of " + Elf.HEADER_SIZE);
        }
        if (in.get(4) != 2) {
            throw new Broken(DiagnosticCode.O0111, "this is an object of 32 bits; BPF objects have 64");
        }
        if (in.get(5) != 1) {
            throw new Broken(Diagnostic.general(DiagnosticCode.O0111, "this is a big-endian object")
                    .withHelp("compile with `--target=bpfel`"));
        }
        int machine = in.getShort(18) & 0xffff;
        if (machine != Elf.MACHINE_BPF) {
            throw new Broken(Diagnostic.general(
                            DiagnosticCode.O0111,
                            "this object is for " + machineName(machine) + " (machine " + machine
                                    + "), not for BPF (machine " + Elf.MACHINE_BPF + ")")
                    .withHelp("compile with `--target=bpf`"));
        }
        int type = in.getShort(16) & 0xffff;
        if (type != Elf.TYPE_REL) {
            throw new Broken(
                    DiagnosticCode.O0110, "this ELF file is of type " + type + ", not a relocatable object (type 1)");
        }
    }

    private static String machineName(int machine) {
        return switch (machine) {
            case 0 -> "no machine";
            case 3 -> "x86";
            case 40 -> "Arm";
            case 62 -> "x86-64";
            case 183 -> "AArch64";
            case 243 -> "RISC-V";
            case 22 -> "s390";
            case 21 -> "PowerPC64";
            default -> "another machine";
        };
    }

    private static ByteBuffer range(ByteBuffer in, long offset, long size, String what) {
        if (offset < 0 || size < 0 || offset > in.limit() || size > in.limit() - offset) {
            throw new Broken(
                    DiagnosticCode.O0112,
                    what + " needs " + Long.toUnsignedString(size) + " bytes at offset " + Long.toUnsignedString(offset)
                            + ", the file has " + in.limit());
        }
        return in.slice((int) offset, (int) size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer content(ByteBuffer in, ByteBuffer headers, int index, String what) {
        int at = index * Elf.SECTION_SIZE;
        int type = headers.getInt(at + 4);
        if (type == Elf.NOBITS || type == 0) {
            return in.slice(0, 0).order(ByteOrder.LITTLE_ENDIAN);
        }
        return range(in, headers.getLong(at + 24), headers.getLong(at + 32), what);
    }

    private static Section section(ByteBuffer in, ByteBuffer headers, ByteBuffer names, int index) {
        int at = index * Elf.SECTION_SIZE;
        String name = string(names, headers.getInt(at), "the name of section " + index);
        return new Section(
                index,
                name,
                headers.getInt(at + 4),
                headers.getLong(at + 8),
                content(in, headers, index, "section " + index + " `" + name + "`"),
                headers.getLong(at + 32),
                headers.getInt(at + 40),
                headers.getInt(at + 44),
                headers.getLong(at + 48),
                headers.getLong(at + 56));
    }

    private static List<Symbol> symbols(List<Section> sections) {
        List<Symbol> symbols = new ArrayList<>();
        for (Section section : sections) {
            if (section.type() != Elf.SYMTAB) {
                continue;
            }
            if (!symbols.isEmpty()) {
                throw new Broken(DiagnosticCode.O0113, "section " + section.index() + " is a second symbol table");
            }
            if (section.link() < 0 || section.link() >= sections.size()) {
                throw new Broken(
                        DiagnosticCode.O0113,
                        "names of symbols are in section " + Integer.toUnsignedString(section.link()) + " of "
                                + sections.size());
            }
            ByteBuffer names = sections.get(section.link()).view();
            ByteBuffer in = section.view();
            if (in.limit() % Elf.SYMBOL_SIZE != 0) {
                throw new Broken(
                        DiagnosticCode.O0113,
                        "the symbol table has " + in.limit() + " bytes, which is no multiple of " + Elf.SYMBOL_SIZE);
            }
            for (int at = 0; at < in.limit(); at += Elf.SYMBOL_SIZE) {
                int index = at / Elf.SYMBOL_SIZE;
                int info = in.get(at + 4) & 0xff;
                symbols.add(new Symbol(
                        index,
                        string(names, in.getInt(at), "the name of symbol " + index),
                        info >>> 4,
                        info & 15,
                        in.get(at + 5) & 3,
                        in.getShort(at + 6) & 0xffff,
                        in.getLong(at + 8),
                        in.getLong(at + 16)));
            }
        }
        return List.copyOf(symbols);
    }

    private static String string(ByteBuffer names, int offset, String what) {
        if (offset == 0) {
            return "";
        }
        if (offset < 0 || offset >= names.limit()) {
            throw new Broken(
                    DiagnosticCode.O0113,
                    what + " is at offset " + Integer.toUnsignedString(offset) + " of a table of " + names.limit()
                            + " bytes");
        }
        int end = offset;
        while (end < names.limit() && names.get(end) != 0) {
            end++;
        }
        // Many symbols may share one endless name: keep what a person can read.
        byte[] bytes = new byte[Math.min(end - offset, 512)];
        names.get(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
