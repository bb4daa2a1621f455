package dev.turnout.x86.code;

import dev.turnout.x86.asm.ListingLine;
import java.util.List;

/**
 * Code with its text. Made when somebody asks, by translating once more: code that runs keeps none.
 *
 * @param lines one an instruction, by ascending offset; what fixups decide is zero in them
 * @param places what begins where, by ascending offset: functions and what they share
 */
public record Listing(X86Code code, List<ListingLine> lines, List<Place> places) {
    public Listing {
        lines = List.copyOf(lines);
        places = List.copyOf(places);
    }

    /** A name for an offset in the code. */
    public record Place(int offset, String name) {}
}
