package dev.turnout.x86.asm;

import dev.turnout.x86.isa.Nop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The text of what is emitted, gathered beside the bytes; offsets are filled in when the layout is known. */
final class Listing {
    private record Entry(
            Label start, int length, String text, @Nullable Label target, int offset) {}

    private final List<Entry> entries = new ArrayList<>();

    void add(Label start, int length, String text, @Nullable Label target, int offset) {
        entries.add(new Entry(start, length, text, target, offset));
    }

    List<ListingLine> lines(Sites sites) {
        List<ListingLine> lines = new ArrayList<>();
        for (Entry entry : entries) {
            lines.add(line(entry, sites));
        }
        for (int site = 0; site < sites.count(); site++) {
            if (sites.isPadding(site)) {
                padding(sites.start(site), sites.size(site), lines);
            } else if (sites.size(site) > 0) {
                lines.add(new ListingLine(sites.start(site), sites.size(site), sites.text(site)));
            }
        }
        lines.sort(Comparator.comparingInt(ListingLine::offset));
        return List.copyOf(lines);
    }

    static void padding(int start, int bytes, List<ListingLine> lines) {
        int next = start;
        for (int left = bytes; left > 0; ) {
            Nop nop = Nop.of(Math.min(left, Nop.LONGEST));
            lines.add(new ListingLine(next, nop.length(), nop.text()));
            next += nop.length();
            left -= nop.length();
        }
    }

    private static ListingLine line(Entry entry, Sites sites) {
        int start = entry.start.offset(sites);
        if (entry.target == null) {
            return new ListingLine(start, entry.length, entry.text);
        }
        int target = entry.target.offset(sites) + entry.offset;
        int hole = entry.text.indexOf(OperandText.DISTANCE);
        String text = hole < 0
                ? entry.text + OperandText.hex(target)
                : entry.text.substring(0, hole)
                        + OperandText.signed(target - start - entry.length)
                        + entry.text.substring(hole + 1)
                        + " # "
                        + OperandText.hex(target);
        return new ListingLine(start, entry.length, text);
    }
}
