package dev.turnout.bpf.merge;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What hangs on the code of one input, section by section: each record as words, names as numbers of the {@link NamePool}.
 *
 * @param functions offset, type
 * @param lines offset, file, text, line and column
 * @param relocations to types of a kernel: offset, type, access, kind
 */
record ExtRecords(
        Map<String, List<List<Integer>>> functions,
        Map<String, List<List<Integer>>> lines,
        Map<String, List<List<Integer>>> relocations) {
    static final ExtRecords NONE = new ExtRecords(Map.of(), Map.of(), Map.of());

    private static final TypeShape.Role NUMBER = TypeShape.Role.NUMBER;
    private static final TypeShape.Role TYPE = TypeShape.Role.TYPE;
    private static final TypeShape.Role NAME = TypeShape.Role.NAME;

    static final List<TypeShape.Role> FUNCTION = List.of(NUMBER, TYPE);
    static final List<TypeShape.Role> LINE = List.of(NUMBER, NAME, NAME, NUMBER);
    static final List<TypeShape.Role> RELOCATION = List.of(NUMBER, TYPE, NAME, NUMBER);

    /** A header that has a pair for relocations is at least so long. */
    private static final int LONG_HEADER = 32;

    /**
     * Reads a section that {@link dev.turnout.bpf.btf.BtfReader} has read, so that its counts are right.
     *
     * @param names of the types that belong to it
     */
    static ExtRecords read(ByteBuffer section, NamePool.Source names) {
        return new ExtRecords(
                records(TypeRecords.part(section, 8), FUNCTION, names),
                records(TypeRecords.part(section, 16), LINE, names),
                section.getInt(4) >= LONG_HEADER
                        ? records(TypeRecords.part(section, 24), RELOCATION, names)
                        : Map.of());
    }

    private static Map<String, List<List<Integer>>> records(
            ByteBuffer in, List<TypeShape.Role> roles, NamePool.Source names) {
        Map<String, List<List<Integer>>> all = new LinkedHashMap<>();
        int size = in.hasRemaining() ? in.getInt() : 0;
        while (in.hasRemaining()) {
            String section = names.text(TypeRecords.name(names, in.getInt()));
            int count = in.getInt();
            List<List<Integer>> records = all.computeIfAbsent(section, _ -> new ArrayList<>());
            for (int i = 0; i < count; i++) {
                List<Integer> record = new ArrayList<>(roles.size());
                for (int word = 0; word < roles.size(); word++) {
                    int value = in.getInt(in.position() + word * 4);
                    record.add(roles.get(word) == NAME ? TypeRecords.name(names, value) : value);
                }
                records.add(record);
                // What a record has beyond these words no loader of today knows, and so nobody can say how to move it.
                in.position(in.position() + size);
            }
        }
        return all;
    }
}
