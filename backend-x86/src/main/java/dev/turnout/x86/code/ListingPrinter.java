package dev.turnout.x86.code;

import dev.turnout.bpf.asm.InsnPrinter;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.x86.asm.ListingLine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Code as text, between what it came from: source line, BPF instruction with its slot, machine instructions with offset and
 * bytes. What depends on a machine is named instead, so the same program prints the same everywhere.
 * {@snippet lang="text" :
 * step:
 *   ; step.turn:7: counters[0] += 1
 *      12:  r1 = map[0] ll
 *                                          1a: 48 bf 00 00 00 00 00 00 00 00  movabs rdi, map:counters
 *      14:  call 1
 *                                          24: 41 c7 44 24 1c 01 00 00 00     mov DWORD PTR [r12+0x1c], 0x1
 * }
 */
public final class ListingPrinter {
    private static final int MARGIN = 4;
    private static final int BYTES = 31;

    private final BpfProgram program;
    private final Listing listing;
    private final byte[] bytes;
    private final Map<Integer, String> names = new HashMap<>();
    private final StringBuilder out = new StringBuilder();

    private int slot;
    private int place;
    private int fixup;
    private int site;
    private int source;
    private String shown = "";

    private ListingPrinter(BpfProgram program, Listing listing) {
        this.program = program;
        this.listing = listing;
        this.bytes = listing.code().bytes();
    }

    /**
     * The listing as text.
     *
     * @param program that it is the code of
     */
    public static String print(BpfProgram program, Listing listing) {
        ListingPrinter printer = new ListingPrinter(program, listing);
        printer.print();
        return printer.out.toString();
    }

    private void print() {
        out.append("; program ").append(program.name()).append(", section ").append(program.section());
        out.append(": ").append(bytes.length).append(" bytes\n");
        for (Listing.Place named : listing.places()) {
            names.put(named.offset(), named.name());
        }
        for (ListingLine line : listing.lines()) {
            heads(line.offset());
            slots(line.offset());
            line(line);
        }
    }

    private void heads(int offset) {
        List<Listing.Place> places = listing.places();
        while (place < places.size() && places.get(place).offset() <= offset) {
            out.append('\n').append(places.get(place++).name()).append(":\n");
        }
    }

    /** The BPF instructions whose code begins here; several if some of them need none. */
    private void slots(int offset) {
        while (slot < program.code().size() && listing.code().offset(slot) <= offset) {
            sourceLine();
            String number = Integer.toString(slot);
            out.repeat(' ', Math.max(1, 6 - number.length())).append(number).append(":  ");
            InsnPrinter.print(program.code().at(slot), out);
            out.append('\n');
            slot = program.code().next(slot);
        }
    }

    /** Where the instruction came from, unless that is the line shown last. */
    private void sourceLine() {
        LineInfo last = null;
        while (source < program.lines().size() && program.lines().get(source).slot() <= slot) {
            last = program.lines().get(source++);
        }
        if (last != null) {
            String file = last.file().substring(last.file().lastIndexOf('/') + 1);
            String text = last.text().strip();
            String line = file + ":" + last.line() + (text.isEmpty() ? "" : ": " + text);
            if (!line.equals(shown)) {
                out.append("  ; ").append(line).append('\n');
            }
            shown = line;
        }
    }

    private void line(ListingLine line) {
        String offset = Integer.toHexString(line.offset());
        out.repeat(' ', MARGIN + Math.max(1, 6 - offset.length()))
                .append(offset)
                .append(": ");
        int start = out.length();
        for (int i = 0; i < line.length(); i++) {
            int value = bytes[line.offset() + i] & 0xff;
            out.append(Character.forDigit(value >> 4, 16))
                    .append(Character.forDigit(value & 15, 16))
                    .append(' ');
        }
        out.repeat(' ', Math.max(1, BYTES - (out.length() - start)));
        out.append(text(line));
        cell(line.offset());
        out.append('\n');
    }

    /** Says of a static branch's cell which keys it obeys. */
    private void cell(int offset) {
        List<PatchSite> sites = listing.code().sites();
        while (site < sites.size() && sites.get(site).at() < offset) {
            site++;
        }
        if (site < sites.size() && sites.get(site).at() == offset) {
            out.append("  ; cell of key ");
            out.append(sites.get(site).ways().stream()
                    .map(way -> program.keys().get(way.key()).name())
                    .distinct()
                    .collect(Collectors.joining(", ")));
        }
    }

    private String text(ListingLine line) {
        List<Fixup> fixups = listing.code().fixups();
        while (fixup < fixups.size() && fixups.get(fixup).at() < line.offset()) {
            fixup++;
        }
        String text = line.text();
        if (fixup < fixups.size() && fixups.get(fixup).at() < line.offset() + line.length()) {
            int last = Math.max(text.lastIndexOf(' '), text.lastIndexOf(',')) + 1;
            return text.substring(0, last) + symbol(fixups.get(fixup));
        }
        return text + target(text);
    }

    /** The name of what a call or an address leads to. */
    private String target(String text) {
        int last = text.lastIndexOf("0x");
        boolean refers = text.startsWith("call 0x") || text.startsWith("jmp 0x") || text.contains("# 0x");
        if (!refers || last < 0) {
            return "";
        }
        String name = names.get(Integer.parseInt(text.substring(last + 2), 16));
        return name == null ? "" : " <" + name + ">";
    }

    private String symbol(Fixup symbol) {
        return switch (symbol) {
            case Fixup.ToStub(int _, Stub stub) -> "stub:" + stub.word();
            case Fixup.MapHeader(int _, int map) ->
                "map:" + program.maps().get(map).name();
            case Fixup.MapValue(int _, int map, int offset) ->
                "value:" + program.maps().get(map).name() + "+" + Integer.toUnsignedString(offset);
            case Fixup.KeyValue(int _, int key) ->
                "key:" + program.keys().get(key).name();
        };
    }
}
