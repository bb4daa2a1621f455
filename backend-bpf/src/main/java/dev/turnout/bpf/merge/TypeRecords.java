package dev.turnout.bpf.merge;

import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * The types of one input as the words that they are written in, with names as numbers of the {@link NamePool}. Nothing is decoded that
 * the linker does not change: a flag that has no meaning yet reaches the output.
 */
final class TypeRecords {
    static final TypeRecords NONE = new TypeRecords(new int[0], new int[] {0}, 0);

    private static final int TYPE_OFFSET = 8;
    private static final int STRING_OFFSET = 16;

    private final int[] words;
    /** Where each record begins, and behind the last the end. */
    private final int[] starts;

    private final int count;

    private TypeRecords(int[] words, int[] starts, int count) {
        this.words = words;
        this.starts = starts;
        this.count = count;
    }

    /** The texts that a {@code .BTF} section holds, which the section that hangs on code shares. */
    static NamePool.Source names(ByteBuffer section, NamePool pool) {
        return pool.new Source(part(section, STRING_OFFSET));
    }

    /**
     * The records of a section that {@link dev.turnout.bpf.btf.BtfReader} has read, so that every count and id in it is in its range.
     *
     * @param names of the same section
     */
    static TypeRecords read(ByteBuffer section, NamePool.Source names) {
        IntBuffer in = part(section, TYPE_OFFSET).asIntBuffer();
        int[] words = new int[in.remaining()];
        in.get(words);
        int[] starts = new int[words.length / 3 + 2];
        int count = 0;
        for (int at = 0; at < words.length; at = starts[count]) {
            int info = words[at + 1];
            TypeShape shape = TypeShape.ofKind(kindOf(info));
            int length = shape.words(info & 0xff_ffff);
            for (int i = 0; i < length; i++) {
                if (shape.role(i) == TypeShape.Role.NAME) {
                    words[at + i] = name(names, words[at + i]);
                }
            }
            starts[++count] = at + length;
        }
        return new TypeRecords(words, Arrays.copyOf(starts, count + 1), count);
    }

    static int name(NamePool.Source names, int offset) {
        int number = names.at(offset);
        if (number < 0) {
            throw new ElfImage.Broken(
                    DiagnosticCode.O0118,
                    "`.BTF` has no name at " + Integer.toUnsignedString(offset) + " of its strings");
        }
        return number;
    }

    /** The range that a header's pair of offset and length names. */
    static ByteBuffer part(ByteBuffer section, int pair) {
        int from = section.getInt(4) + section.getInt(pair);
        return section.slice(from, section.getInt(pair + 4)).order(section.order());
    }

    private static int kindOf(int info) {
        return info >>> 24 & 0x7f;
    }

    /** Ids go from 1 to this. */
    int count() {
        return count;
    }

    int kind(int id) {
        return kindOf(words[starts[id - 1] + 1]);
    }

    /** Parts that the record lists; of a function, its linkage. */
    int length(int id) {
        return words[starts[id - 1] + 1] & 0xff_ffff;
    }

    /** Whether the bit of kind and count is set whose meaning goes by the kind. */
    boolean flag(int id) {
        return words[starts[id - 1] + 1] < 0;
    }

    int name(int id) {
        return words[starts[id - 1]];
    }

    /** Words of the record. */
    int size(int id) {
        return starts[id] - starts[id - 1];
    }

    int word(int id, int position) {
        return words[starts[id - 1] + position];
    }

    TypeShape shape(int id) {
        return TypeShape.ofKind(kind(id));
    }
}
