package dev.turnout.bpf.merge;

import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whose the words of {@code .jumptables} are. A word is the byte offset of an instruction in the section of the function that uses the
 * table, and nothing in the file says which section that is: the relocation of the instruction that loads the table does.
 */
final class TableOwners {
    private final SectionMerge sections;
    private final Set<List<Object>> known = new HashSet<>();
    private long budget;
    /** The place of the code, by the word's offset in the output's tables. */
    private final Map<Long, SectionMerge.Place> owners = new HashMap<>();

    TableOwners(SectionMerge sections) {
        this.sections = sections;
        // Tables may share words, but a file in which every symbol covers all of them holds no tables.
        budget = 1_000_000
                + 2 * sections.output(Elf.JUMP_TABLES).map(all -> all.size).orElse(0L);
    }

    /** Notes that the instruction at a byte of an input's code refers to a symbol, if that is a jump table's. */
    void use(LinkInput input, SectionMerge.Place code, long offset, ElfImage.Symbol symbol) {
        SectionMerge.Place table = sections.place(input, symbol.section()).orElseThrow();
        if (!table.to().name.equals(Elf.JUMP_TABLES) || symbol.type() == Elf.SECTION) {
            return;
        }
        if (symbol.value() % 8 != 0 || symbol.size() % 8 != 0) {
            throw input.broken(
                    DiagnosticCode.O0116, "the jump table `" + symbol.name() + "` is no run of words of 8 bytes");
        }
        if (!known.add(List.of(code, input.number(), symbol.index()))) {
            return;
        }
        budget -= symbol.size() / 8;
        for (long at = 0; at < symbol.size() && budget >= 0; at += 8) {
            SectionMerge.Place other = owners.putIfAbsent(table.base() + symbol.value() + at, code);
            if (other != null && !other.equals(code)) {
                throw input.broken(
                        DiagnosticCode.O0116,
                        "the jump table `" + symbol.name() + "` is used at byte " + offset + " of section `"
                                + code.to().name + "`, and by code of section `" + other.to().name + "`");
            }
        }
        if (budget < 0) {
            throw input.broken(DiagnosticCode.O0116, "so many jump tables share their words that they are none");
        }
    }

    /** The words with the place of the code that they are offsets in. */
    Map<Long, SectionMerge.Place> owners() {
        return owners;
    }
}
