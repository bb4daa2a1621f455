package dev.turnout.bpf.merge;

import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfFile;
import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.ir.model.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Moves relocations with the code and data that they are for, and what the patched bytes say.
 *
 * <pre>
 * .text of b.o at base 0x40:   call .text + 3   →   call .text + 11   (calls count in slots)
 *                              r1 = .bss + 8    →   r1 = .bss + 8 + base of b.o's .bss
 *                              r1 = counter     →   r1 = counter      (the symbol moved)
 * </pre>
 *
 * <p>Only a section's own symbol is relative to what moved; with any other symbol the bytes are an offset behind it. A reference into a
 * definition that lost, by way of its section, becomes one to the definition that is taken. What stands in a lost function needs no
 * relocations any more: nobody runs it, and nobody need provide what it calls.
 */
final class RelocationMerge {
    private static final int WIDE_LOAD = 0x18;
    private static final int CALL = 0x85;

    private final SectionMerge sections;
    private final SymbolMerge symbols;
    private final Map<SectionMerge.Output, ByteArrayOutputStream> entries = new LinkedHashMap<>();
    private final TableOwners owners;
    /** Words of tables that a relocation settles: by place in the output. */
    private final Map<SectionMerge.Output, Set<Long>> settled = new LinkedHashMap<>();

    private RelocationMerge(SectionMerge sections, SymbolMerge symbols) {
        this.sections = sections;
        this.symbols = symbols;
        owners = new TableOwners(sections);
    }

    /** Throws {@link ElfImage.Broken} for the first thing that is wrong. */
    static RelocationMerge of(List<LinkInput> inputs, SectionMerge sections, SymbolMerge symbols) {
        RelocationMerge merge = new RelocationMerge(sections, symbols);
        for (LinkInput input : inputs) {
            for (ElfImage.Section section : input.image().sections()) {
                Optional<SectionMerge.Place> place = section.type() == Elf.REL || section.type() == Elf.RELA
                        ? sections.place(input, section.info())
                        : Optional.empty();
                if (place.isPresent() && !place.get().left()) {
                    merge.section(input, section, place.get());
                }
            }
        }
        return merge;
    }

    private void section(LinkInput input, ElfImage.Section section, SectionMerge.Place place) {
        ByteBuffer in = section.view();
        if (section.type() == Elf.RELA || in.limit() % Elf.REL_SIZE != 0) {
            throw input.broken(
                    DiagnosticCode.O0113,
                    "section `" + section.name() + "` holds no relocations of " + Elf.REL_SIZE + " bytes each");
        }
        for (int at = 0; at < in.limit(); at += Elf.REL_SIZE) {
            long offset = in.getLong(at);
            long info = in.getLong(at + 8);
            if ((int) info != 0 && symbols.lostAt(input, section.info(), offset).isEmpty()) {
                one(input, place, new Entry(section.name(), at / Elf.REL_SIZE, offset, (int) info, info >>> 32));
            }
        }
    }

    /** A relocation as it is read. */
    private record Entry(String section, int number, long offset, int type, long symbol) {
        String words() {
            return "relocation " + number + " of section `" + section + "`";
        }
    }

    private void one(LinkInput input, SectionMerge.Place place, Entry entry) {
        if (entry.symbol() >= input.image().symbols().size()) {
            throw input.broken(
                    DiagnosticCode.O0114,
                    entry.words() + " is for symbol " + entry.symbol() + " of "
                            + input.image().symbols().size());
        }
        ElfImage.Symbol symbol = input.image().symbols().get((int) entry.symbol());
        int index = symbols.index(input, symbol.index())
                .orElseThrow(() -> input.broken(
                        DiagnosticCode.O0114,
                        entry.words() + " is for `" + symbol.name() + "`, which is in a section that no object keeps"));
        Field field = field(input, place, entry);
        Optional<SectionMerge.Place> home = sections.place(input, symbol.section());
        if (symbol.type() == Elf.SECTION && home.isPresent()) {
            long target = field.get();
            Optional<SymbolMerge.Lost> lost = symbols.lostAt(input, symbol.section(), target);
            index = lost.map(SymbolMerge.Lost::winner).orElse(index);
            long moved = lost.isPresent()
                    ? target - lost.get().from()
                    : target + home.get().base();
            if (!field.set(moved)) {
                throw input.broken(
                        DiagnosticCode.O0114,
                        entry.words() + " leads to byte " + moved + " of the output, which it cannot name");
            }
        }
        if (place.to().isCode() && home.isPresent()) {
            owners.use(input, place, entry.offset(), symbol);
        }
        settled.computeIfAbsent(place.to(), _ -> new HashSet<>()).add(place.base() + entry.offset());
        ByteBuffer out = ByteBuffer.allocate(Elf.REL_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(place.base() + entry.offset()).putLong((long) index << 32 | Integer.toUnsignedLong(entry.type()));
        entries.computeIfAbsent(place.to(), _ -> new ByteArrayOutputStream()).writeBytes(out.array());
    }

    /**
     * The bytes that a relocation patches.
     *
     * @param unit what a 1 in them is worth in bytes
     * @param bias what is added before they count: a call names the slot in front of its target
     */
    private record Field(ByteBuffer bytes, int at, int width, int unit, int bias) {
        long get() {
            long raw = width == 8 ? bytes.getLong(at) : bytes.getInt(at);
            return (raw + bias) * unit;
        }

        boolean set(long value) {
            long raw = value / unit - bias;
            if (width == 8) {
                bytes.putLong(at, raw);
                return true;
            }
            bytes.putInt(at, (int) raw);
            return raw == (int) raw;
        }
    }

    /** By the instruction in code, as loaders do; by the relocation's type in data. */
    private static Field field(LinkInput input, SectionMerge.Place place, Entry entry) {
        boolean code = place.to().isCode();
        int width = entry.type() == Elf.R_ABS64 ? 8 : 4;
        boolean known =
                code || entry.type() == Elf.R_ABS64 || entry.type() == Elf.R_ABS32 || entry.type() == Elf.R_NODYLD32;
        boolean fits = place.holds(entry.offset(), code ? 8 : width) && (!code || entry.offset() % 8 == 0);
        ByteBuffer bytes = place.to().bytes();
        if (!known || !fits || bytes.limit() == 0) {
            throw input.broken(
                    DiagnosticCode.O0114,
                    entry.words() + " is of type " + entry.type() + " at byte " + Long.toUnsignedString(entry.offset())
                            + ", where nothing can be patched by it");
        }
        int at = (int) (place.base() + entry.offset());
        if (!code) {
            return new Field(bytes, at, width, 1, 0);
        }
        return switch (bytes.get(at) & 0xff) {
            case WIDE_LOAD -> new Field(bytes, at + 4, 4, 1, 0);
            case CALL -> new Field(bytes, at + 4, 4, 8, 1);
            default ->
                throw input.broken(
                        DiagnosticCode.O0114,
                        entry.words() + " is for byte " + entry.offset() + ", which is neither a wide load nor a call");
        };
    }

    /** Which function uses which table. */
    TableOwners owners() {
        return owners;
    }

    /** Whether a relocation was applied to the bytes at this place of a section of the output. */
    boolean settles(SectionMerge.Output section, long offset) {
        return settled.getOrDefault(section, Set.of()).contains(offset);
    }

    /** The sections of relocations, in the order of the sections that they are for. */
    List<ElfFile.Section> written() {
        return sections.outputs().stream()
                .filter(entries::containsKey)
                .map(section -> {
                    ByteArrayOutputStream all = entries.getOrDefault(section, new ByteArrayOutputStream());
                    ByteString bytes = ByteString.copyOf(all.toByteArray());
                    return new ElfFile.Section(
                            ".rel" + section.name,
                            Elf.REL,
                            Elf.INFO_LINK,
                            bytes,
                            bytes.size(),
                            section.index,
                            8,
                            Elf.REL_SIZE);
                })
                .toList();
    }
}
