package dev.turnout.bpf.merge;

import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfFile;
import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.ir.model.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lays sections of one name behind each other, in the order of the inputs, each where its alignment allows. What is for people and
 * debuggers only (DWARF, notes, LLVM's lists of addresses) is left out: its offsets are into itself, and nobody loads it. The licence
 * and the version are not laid behind each other: they must be equal, and the first stays.
 */
final class SectionMerge {
    /** Of a section that has no tables in a file but is one of ours or of LLVM's. */
    private static final Set<String> TABLES =
            Set.of(Elf.JUMP_TABLES, Elf.FUNCTION_TABLES, Elf.STATIC_BRANCHES, Elf.STATIC_KEYS);

    private static final Set<String> ONCE = Set.of(Elf.LICENSE, Elf.VERSION);
    private static final long MOST_BYTES = 1L << 31;
    private static final long MOST_ALIGN = 1 << 16;
    /** Of the flags, those that say what bytes are; the others say how a linker may treat them. */
    private static final long KEPT_FLAGS = Elf.WRITE | Elf.ALLOC | Elf.EXEC | 0x30;

    private final Map<String, Output> outputs = new LinkedHashMap<>();
    private final List<Map<Integer, Place>> places = new ArrayList<>();

    /** A section of the output, while it grows. */
    static final class Output {
        final String name;
        final int index;
        final String definer;
        final int type;
        final long entry;
        long flags;
        long align = 1;
        long size;
        private final List<Place> parts = new ArrayList<>();
        private ByteBuffer bytes = ByteBuffer.allocate(0);

        Output(ElfImage.Section first, int index, String definer) {
            name = first.name();
            this.index = index;
            this.definer = definer;
            type = first.type();
            entry = first.entry();
        }

        boolean isCode() {
            return type == Elf.PROGBITS && (flags & Elf.EXEC) != 0;
        }

        /** Its bytes, little-endian, to be changed in place; none if the file holds none. */
        ByteBuffer bytes() {
            return bytes;
        }

        private void fill() {
            if (type == Elf.NOBITS) {
                return;
            }
            bytes = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
            for (Place part : parts) {
                bytes.put(
                        (int) part.base, part.from.view(), 0, part.from.bytes().limit());
            }
        }

        ElfFile.Section written() {
            byte[] copy = new byte[bytes.capacity()];
            bytes.duplicate().clear().get(copy);
            return new ElfFile.Section(name, type, flags, ByteString.copyOf(copy), size, 0, align, entry);
        }
    }

    /**
     * Where a section of an input came to lie.
     *
     * @param base bytes from the start of the output's section
     * @param left whether the first input's stands for it: nothing of this one is in the output
     */
    record Place(ElfImage.Section from, Output to, long base, boolean left) {
        /** Whether the bytes {@code offset} to {@code offset + length} are in the section. */
        boolean holds(long offset, long length) {
            return offset >= 0 && length >= 0 && offset <= from.size() && length <= from.size() - offset;
        }
    }

    private SectionMerge() {}

    /** Throws {@link ElfImage.Broken} for the first thing that is wrong. */
    static SectionMerge of(List<LinkInput> inputs) {
        SectionMerge merge = new SectionMerge();
        for (LinkInput input : inputs) {
            Map<Integer, Place> of = new HashMap<>();
            Set<String> seen = new HashSet<>();
            for (ElfImage.Section section : input.image().sections()) {
                if (isKept(input, section)) {
                    if (!seen.add(section.name())) {
                        throw input.broken(DiagnosticCode.O0113, "two sections are named `" + section.name() + "`");
                    }
                    of.put(section.index(), merge.append(input, section));
                }
            }
            merge.places.add(of);
        }
        if (merge.outputs.size() * 2 + 8 > ElfFile.MOST_SECTIONS) {
            throw new ElfImage.Broken(
                    DiagnosticCode.O0113, merge.outputs.size() + " sections are more than an object can have");
        }
        merge.outputs.values().forEach(Output::fill);
        return merge;
    }

    private static boolean isKept(LinkInput input, ElfImage.Section section) {
        if (section.type() != Elf.PROGBITS && section.type() != Elf.NOBITS) {
            return false;
        }
        if (section.name().equals(".eh_frame")
                || !((section.flags() & Elf.ALLOC) != 0 || TABLES.contains(section.name()))) {
            return false;
        }
        // Compilers write `.text` also where it is empty. One that holds a symbol is somebody's.
        return section.size() != 0
                || input.image().symbols().stream()
                        .anyMatch(one -> one.section() == section.index() && one.type() != Elf.SECTION);
    }

    private Place append(LinkInput input, ElfImage.Section section) {
        long align = Math.max(1, section.align());
        if (section.name().equals(Elf.JUMP_TABLES)) {
            // LLVM asks for 1, and a loader for words at multiples of 8.
            align = 8;
        }
        if (align > MOST_ALIGN || Long.bitCount(align) != 1) {
            throw input.broken(
                    DiagnosticCode.O0113,
                    "section `" + section.name() + "` is to be aligned to " + Long.toUnsignedString(section.align())
                            + " bytes");
        }
        if (section.type() == Elf.PROGBITS && section.bytes().limit() != section.size()) {
            throw input.broken(DiagnosticCode.O0112, "section `" + section.name() + "` is cut short");
        }
        Output to = outputs.computeIfAbsent(section.name(), _ -> new Output(section, outputs.size() + 1, input.name()));
        if (ONCE.contains(section.name()) && !to.parts.isEmpty()) {
            return equal(input, section, to);
        }
        checkAlike(input, section, to);
        to.flags |= section.flags() & KEPT_FLAGS;
        to.align = Math.max(to.align, align);
        long base = (to.size + align - 1) / align * align;
        if (section.size() < 0 || base + section.size() > MOST_BYTES) {
            throw input.broken(
                    DiagnosticCode.O0112,
                    "section `" + section.name() + "` of " + Long.toUnsignedString(section.size())
                            + " bytes makes it larger than an object can be");
        }
        to.size = base + section.size();
        Place place = new Place(section, to, base, false);
        to.parts.add(place);
        return place;
    }

    private static void checkAlike(LinkInput input, ElfImage.Section section, Output to) {
        boolean first = to.parts.isEmpty();
        if (!first && (section.type() != to.type || section.isCode() != to.isCode())) {
            throw new ElfImage.Broken(
                    DiagnosticCode.O0143,
                    "section `" + section.name() + "` holds " + what(section.type(), section.isCode()) + " in `"
                            + input.name() + "`, and " + what(to.type, to.isCode()) + " in `" + to.definer + "`");
        }
    }

    private static String what(int type, boolean code) {
        return code ? "code" : type == Elf.NOBITS ? "zeros without bytes in the file" : "data";
    }

    private static Place equal(LinkInput input, ElfImage.Section section, Output to) {
        ByteString first = to.parts.getFirst().from().content();
        if (!first.equals(section.content())) {
            throw new ElfImage.Broken(Diagnostic.general(
                            DiagnosticCode.O0142,
                            "the " + to.name + " of `" + to.definer + "` is " + text(first) + ", that of `"
                                    + input.name() + "` is " + text(section.content()))
                    .withNote("an object has one " + to.name + ", which holds for all its programs"));
        }
        return new Place(section, to, 0, true);
    }

    private static String text(ByteString bytes) {
        String text = new String(bytes.toArray(), StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        String shown = end < 0 ? text : text.substring(0, end);
        return "\"" + shown.substring(0, Math.min(shown.length(), 80)) + "\"";
    }

    /** The sections of the output, in order of index. */
    List<Output> outputs() {
        return List.copyOf(outputs.values());
    }

    Optional<Output> output(String name) {
        return Optional.ofNullable(outputs.get(name));
    }

    /** Where the section of this index of an input is; nothing if it is left out. */
    Optional<Place> place(LinkInput input, int section) {
        return Optional.ofNullable(places.get(input.number()).get(section));
    }

    /** Where the section of this name of an input is. */
    Optional<Place> place(LinkInput input, String section) {
        return places.get(input.number()).values().stream()
                .filter(place -> place.from().name().equals(section))
                .findFirst();
    }
}
