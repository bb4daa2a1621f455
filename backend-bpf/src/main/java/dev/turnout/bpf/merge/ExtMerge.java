package dev.turnout.bpf.merge;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.ir.model.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Moves what hangs on code (functions' types, source lines, relocations to a kernel's types) with the code, and says it in ids and names
 * of the output. What hangs on a function that lost is left out.
 */
final class ExtMerge {
    private static final int HEADER = 32;
    private static final short MAGIC = (short) 0xeb9f;

    private final List<LinkInput> inputs;
    private final SectionMerge sections;
    private final SymbolMerge symbols;

    ExtMerge(List<LinkInput> inputs, SectionMerge sections, SymbolMerge symbols) {
        this.inputs = inputs;
        this.sections = sections;
        this.symbols = symbols;
    }

    /** The records of an input's section that stay. */
    private List<List<Integer>> staying(LinkInput input, String section, List<List<Integer>> records) {
        Optional<SectionMerge.Place> place = sections.place(input, section);
        if (place.isEmpty() || place.get().left()) {
            return List.of();
        }
        List<List<Integer>> all = new ArrayList<>();
        for (List<Integer> record : records) {
            long offset = Integer.toUnsignedLong(record.getFirst());
            if (!place.get().holds(offset, 8)) {
                throw input.broken(
                        DiagnosticCode.O0119,
                        "`.BTF.ext` speaks of byte " + offset + " of section `" + section + "`, which has "
                                + place.get().from().size());
            }
            if (symbols.lostAt(input, place.get().from().index(), offset).isEmpty()) {
                all.add(record);
            }
        }
        return all;
    }

    /** The types that stay in use. */
    List<TypeMerge.TypeUse> uses() {
        List<TypeMerge.TypeUse> uses = new ArrayList<>();
        for (LinkInput input : inputs) {
            input.ext().functions().forEach((section, records) -> uses(input, section, records, uses));
            input.ext().relocations().forEach((section, records) -> uses(input, section, records, uses));
        }
        return uses;
    }

    private void uses(LinkInput input, String section, List<List<Integer>> records, List<TypeMerge.TypeUse> to) {
        for (List<Integer> record : staying(input, section, records)) {
            int type = record.get(1);
            if (type < 0 || type > input.types().count()) {
                throw input.broken(
                        DiagnosticCode.O0119,
                        "`.BTF.ext` refers to type " + Integer.toUnsignedString(type) + ", there are "
                                + input.types().count());
            }
            to.add(new TypeMerge.TypeUse(input, type));
        }
    }

    /** The section; nothing if nothing hangs on the code. */
    Optional<ByteString> write(MergedTypes types, NamePool names, NamePool.Table table) {
        byte[] functions = run(types, names, table, ExtRecords::functions, ExtRecords.FUNCTION);
        byte[] lines = run(types, names, table, ExtRecords::lines, ExtRecords.LINE);
        byte[] relocations = run(types, names, table, ExtRecords::relocations, ExtRecords.RELOCATION);
        int length = functions.length + lines.length + relocations.length;
        if (length == 0) {
            return Optional.empty();
        }
        ByteBuffer out = ByteBuffer.allocate(HEADER + length).order(ByteOrder.LITTLE_ENDIAN);
        out.putShort(MAGIC).put((byte) 1).put((byte) 0).putInt(HEADER);
        out.putInt(0).putInt(functions.length).putInt(functions.length).putInt(lines.length);
        out.putInt(functions.length + lines.length).putInt(relocations.length);
        return Optional.of(
                ByteString.copyOf(out.put(functions).put(lines).put(relocations).array()));
    }

    /** All records of one sort, by section; empty if there are none. */
    private byte[] run(
            MergedTypes types,
            NamePool names,
            NamePool.Table table,
            Function<ExtRecords, Map<String, List<List<Integer>>>> sort,
            List<TypeShape.Role> roles) {
        // Gathered first and written then, so that names come into the table in the order of the output.
        Map<Integer, List<Moved>> bySection = new TreeMap<>();
        for (LinkInput input : inputs) {
            sort.apply(input.ext()).forEach((section, records) -> {
                List<List<Integer>> staying = new ArrayList<>(staying(input, section, records));
                staying.sort(Comparator.comparingLong(record -> Integer.toUnsignedLong(record.getFirst())));
                for (List<Integer> record : staying) {
                    SectionMerge.Place place = sections.place(input, section).orElseThrow();
                    bySection
                            .computeIfAbsent(place.to().index, _ -> new ArrayList<>())
                            .add(new Moved(input, place.base(), record));
                }
            });
        }
        int records = bySection.values().stream().mapToInt(List::size).sum();
        if (records == 0) {
            return new byte[0];
        }
        int size = 4 + bySection.size() * 8 + records * roles.size() * 4;
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(roles.size() * 4);
        bySection.forEach((index, all) -> {
            String section = sections.outputs().get(index - 1).name;
            out.putInt(table.offset(names.named(section))).putInt(all.size());
            for (Moved one : all) {
                put(one, types, table, roles, out);
            }
        });
        return out.array();
    }

    /** A record of an input, and how far its code was moved. */
    private record Moved(LinkInput input, long base, List<Integer> record) {}

    private static void put(
            Moved one, MergedTypes types, NamePool.Table table, List<TypeShape.Role> roles, ByteBuffer out) {
        out.putInt((int) (one.record.getFirst() + one.base));
        for (int i = 1; i < roles.size(); i++) {
            int word = one.record.get(i);
            out.putInt(
                    switch (roles.get(i)) {
                        case NUMBER -> word;
                        case TYPE -> types.id(one.input, word);
                        case NAME -> table.offset(word);
                    });
        }
    }
}
