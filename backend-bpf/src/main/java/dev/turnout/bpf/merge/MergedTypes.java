package dev.turnout.bpf.merge;

import dev.turnout.ir.model.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The types of the output, with their ids. Names in the records are numbers of the {@link NamePool} until they are written. */
final class MergedTypes {
    private static final int HEADER = 24;
    private static final short MAGIC = (short) 0xeb9f;

    private final TypeMerge merge;
    private final int[] ids;
    private final List<List<Integer>> records;

    MergedTypes(TypeMerge merge, int[] ids, List<List<Integer>> records) {
        this.merge = merge;
        this.ids = ids;
        this.records = new ArrayList<>(records);
    }

    /** The id that a type of an input has in the output; 0 for {@code void}. */
    int id(LinkInput input, int id) {
        return ids[merge.node(input, id)];
    }

    /** Whether the type of an input is itself in the output, and not another one for it. */
    boolean stays(LinkInput input, int id) {
        return merge.stays(input, id);
    }

    /** Adds a record whose ids are the output's. */
    void add(List<Integer> record) {
        records.add(record);
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    /** The records; the names that they use are in the table then. */
    byte[] records(NamePool.Table names) {
        int words = records.stream().mapToInt(List::size).sum();
        ByteBuffer types = ByteBuffer.allocate(words * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (List<Integer> record : records) {
            TypeShape shape = TypeShape.ofKind(record.get(1) >>> 24 & 0x7f);
            for (int i = 0; i < record.size(); i++) {
                types.putInt(shape.role(i) == TypeShape.Role.NAME ? names.offset(record.get(i)) : record.get(i));
            }
        }
        return types.array();
    }

    /** The section of types: records, and the table of names, which must be complete. */
    static ByteString section(byte[] types, byte[] names) {
        ByteBuffer all =
                ByteBuffer.allocate(HEADER + types.length + names.length).order(ByteOrder.LITTLE_ENDIAN);
        all.putShort(MAGIC).put((byte) 1).put((byte) 0).putInt(HEADER);
        all.putInt(0).putInt(types.length).putInt(types.length).putInt(names.length);
        return ByteString.copyOf(all.put(types).put(names).array());
    }
}
