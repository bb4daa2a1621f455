package dev.turnout.bpf.merge;

import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Moves the words of tables, which name places of code without relocations: a linker that only joins sections leaves them as they were, and
 * the second object's jumps lead into the first one's code.
 *
 * <ul>
 *   <li>{@code .jumptables}: byte offsets in the section of the function that uses the table.
 *   <li>{@code .calltables}: byte offsets in {@code .text}, -1 for a missing row.
 *   <li>{@code .static_branches}: section, byte offset and target of each site, and the symbol of its key.
 * </ul>
 */
final class TableMerge {
    private final SectionMerge sections;
    private final SymbolMerge symbols;
    private final RelocationMerge relocations;

    private TableMerge(SectionMerge sections, SymbolMerge symbols, RelocationMerge relocations) {
        this.sections = sections;
        this.symbols = symbols;
        this.relocations = relocations;
    }

    /** Changes the bytes of the sections of tables. Throws {@link ElfImage.Broken} for the first thing that is wrong. */
    static void apply(List<LinkInput> inputs, SectionMerge sections, SymbolMerge symbols, RelocationMerge relocations) {
        TableMerge merge = new TableMerge(sections, symbols, relocations);
        merge.jumpTables();
        for (LinkInput input : inputs) {
            sections.place(input, Elf.FUNCTION_TABLES).ifPresent(place -> merge.functionTables(input, place));
            sections.place(input, Elf.STATIC_BRANCHES).ifPresent(place -> merge.branches(input, place));
        }
    }

    private void jumpTables() {
        SectionMerge.Output tables = sections.output(Elf.JUMP_TABLES).orElse(null);
        if (tables == null) {
            return;
        }
        relocations.owners().owners().forEach((at, code) -> {
            // Tables of LLVM before November 2025 have relocations, which moved their words.
            if (!relocations.settles(tables, at)) {
                word(tables, at, code, "entry " + at / 8 + " of `" + Elf.JUMP_TABLES + "`");
            }
        });
    }

    /** Moves one word with the code that it leads to. */
    private static void word(SectionMerge.Output tables, long at, SectionMerge.Place code, String what) {
        long word = tables.bytes().getLong((int) at);
        if (!code.holds(word, 8)) {
            throw new ElfImage.Broken(
                    DiagnosticCode.O0116,
                    what + " of the output is byte " + Long.toUnsignedString(word) + " of section `" + code.to().name
                            + "`, whose part of that object has " + code.from().size());
        }
        tables.bytes().putLong((int) at, word + code.base());
    }

    private void functionTables(LinkInput input, SectionMerge.Place tables) {
        Optional<SectionMerge.Place> text = sections.place(input, Elf.TEXT);
        for (long at = 0; at + 8 <= tables.from().size(); at += 8) {
            long there = tables.base() + at;
            boolean missing = tables.to().bytes().getLong((int) there) == -1;
            if (!missing && !relocations.settles(tables.to(), there)) {
                SectionMerge.Place code = text.orElseThrow(() ->
                        input.broken(DiagnosticCode.O0121, "there are function tables, but no `" + Elf.TEXT + "`"));
                word(tables.to(), there, code, "row " + there / 8 + " of `" + Elf.FUNCTION_TABLES + "`");
            }
        }
    }

    private void branches(LinkInput input, SectionMerge.Place records) {
        ByteBuffer bytes = records.to().bytes();
        if (records.from().size() % Elf.BRANCH_RECORD != 0) {
            throw input.broken(
                    DiagnosticCode.O0120,
                    "`" + Elf.STATIC_BRANCHES + "` has " + records.from().size() + " bytes, which is no multiple of "
                            + Elf.BRANCH_RECORD);
        }
        for (long at = 0; at < records.from().size(); at += Elf.BRANCH_RECORD) {
            int there = (int) (records.base() + at);
            String what = "static branch record " + at / Elf.BRANCH_RECORD;
            SectionMerge.Place code = sections.place(input, bytes.getInt(there))
                    .orElseThrow(() -> input.broken(
                            DiagnosticCode.O0120,
                            what + " names section " + bytes.getInt(there) + ", which is no code"));
            long site = Integer.toUnsignedLong(bytes.getInt(there + 4));
            long target = Integer.toUnsignedLong(bytes.getInt(there + 8));
            int symbol = bytes.getInt(there + 12);
            boolean inside = symbol > 0 && symbol < input.image().symbols().size();
            Optional<Integer> key = inside ? symbols.index(input, symbol) : Optional.empty();
            if (!code.holds(site, 8) || !code.holds(target, 8) || key.isEmpty()) {
                throw input.broken(
                        DiagnosticCode.O0120,
                        what + " names bytes " + site + " and " + target + " of section `" + code.to().name
                                + "` and symbol " + symbol + ", and one of them is not there");
            }
            bytes.putInt(there, code.to().index).putInt(there + 4, (int) (site + code.base()));
            bytes.putInt(there + 8, (int) (target + code.base())).putInt(there + 12, key.get());
        }
    }
}
