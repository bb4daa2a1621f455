package dev.turnout.verifier.domain;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A stack frame of 512 bytes. A <i>cell</i> is a value that was stored whole, of 1, 2, 4 or 8 bytes; around the cells each
 * byte was surely written with something unknown, perhaps written, or never written. Immutable. Offsets count from the
 * frame pointer: -512 to -1.
 */
public final class Frame {
    public static final int BYTES = 512;
    private static final int WORDS = BYTES / 64;

    /** The frame on entry. */
    public static final Frame EMPTY = new Frame(new int[0], new int[0], new Value[0], new long[WORDS], new long[WORDS]);

    /** First bytes of the cells, from 0 to 511, ascending; cells do not overlap. */
    private final int[] starts;

    private final int[] widths;
    private final Value[] values;
    /** Bytes surely written, cells included. */
    private final long[] written;
    /** Bytes that some path has written; holds {@link #written}. */
    private final long[] touched;

    private Frame(int[] starts, int[] widths, Value[] values, long[] written, long[] touched) {
        this.starts = starts;
        this.widths = widths;
        this.values = values;
        this.written = written;
        this.touched = touched;
    }

    /** A cell by its number. */
    public int cells() {
        return starts.length;
    }

    /** Where a cell begins, from the frame pointer. */
    public int offset(int cell) {
        return starts[cell] - BYTES;
    }

    public int width(int cell) {
        return widths[cell];
    }

    public Value value(int cell) {
        return values[cell];
    }

    /** The cell that begins there with this width, or -1. */
    public int find(int offset, int width) {
        int at = Arrays.binarySearch(starts, offset + BYTES);
        return at >= 0 && widths[at] == width ? at : -1;
    }

    /** The cell that holds all bytes of the range, or -1. */
    public int covering(int offset, int width) {
        int first = offset + BYTES;
        for (int i = 0; i < starts.length; i++) {
            if (starts[i] <= first && first + width <= starts[i] + widths[i]) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a pointer lies, whole or in part, in the range. */
    public boolean holdsPointer(int offset, int width) {
        int first = offset + BYTES;
        for (int i = 0; i < starts.length; i++) {
            if (starts[i] < first + width && first < starts[i] + widths[i] && !(values[i] instanceof Value.Scalar)) {
                return true;
            }
        }
        return false;
    }

    /** The objects of helpers that are kept here, by the offset of each eight bytes. */
    public Map<Integer, Value.StackObject> objects() {
        Map<Integer, Value.StackObject> objects = Map.of();
        for (int i = 0; i < starts.length; i++) {
            if (values[i] instanceof Value.StackObject object) {
                objects = objects.isEmpty() ? new TreeMap<>() : objects;
                objects.put(offset(i), object);
            }
        }
        return objects;
    }

    /** Whether an object of the kernel lies, whole or in part, in the range. */
    public boolean holdsObject(int offset, int width) {
        int first = offset + BYTES;
        for (int i = 0; i < starts.length; i++) {
            if (starts[i] < first + width && first < starts[i] + widths[i] && values[i] instanceof Value.StackObject) {
                return true;
            }
        }
        return false;
    }

    /** Whether the address of a function lies, whole or in part, in the range. */
    public boolean holdsFunction(int offset, int width) {
        int first = offset + BYTES;
        for (int i = 0; i < starts.length; i++) {
            if (starts[i] < first + width
                    && first < starts[i] + widths[i]
                    && values[i] instanceof Value.FunctionAddress) {
                return true;
            }
        }
        return false;
    }

    public boolean isWritten(int offset, int width) {
        return all(written, offset + BYTES, width);
    }

    /** Whether every byte may have been written. */
    public boolean isTouched(int offset, int width) {
        return all(touched, offset + BYTES, width);
    }

    private static boolean all(long[] set, int first, int width) {
        for (int i = first; i < first + width; i++) {
            if ((set[i >> 6] >>> i & 1) == 0) {
                return false;
            }
        }
        return true;
    }

    /** If every byte of the range is in a cell that is a known constant: the number that they make, else null. */
    public @Nullable Long constant(int offset, int width) {
        long number = 0;
        int first = offset + BYTES;
        for (int i = 0; i < width; i++) {
            int cell = covering(first + i - BYTES, 1);
            if (cell < 0
                    || !(values[cell] instanceof Value.Scalar scalar)
                    || !scalar.num().isConstant()) {
                return null;
            }
            long b = scalar.num().constant() >>> (8 * (first + i - starts[cell])) & 0xff;
            number |= b << (8 * i);
        }
        return number;
    }

    /** The frame after a store of {@code value} to exactly this place. */
    public Frame store(int offset, int width, Value value) {
        Frame cleared = overwrite(offset, width, true);
        int at = -Arrays.binarySearch(cleared.starts, offset + BYTES) - 1;
        int n = cleared.starts.length;
        int[] s = Arrays.copyOf(cleared.starts, n + 1);
        int[] w = Arrays.copyOf(cleared.widths, n + 1);
        Value[] v = Arrays.copyOf(cleared.values, n + 1);
        System.arraycopy(s, at, s, at + 1, n - at);
        System.arraycopy(w, at, w, at + 1, n - at);
        System.arraycopy(v, at, v, at + 1, n - at);
        s[at] = offset + BYTES;
        w[at] = width;
        v[at] = value;
        return new Frame(s, w, v, cleared.written, cleared.touched);
    }

    /**
     * The frame after something unknown was written somewhere in the range.
     *
     * @param surely whether every byte of it was
     */
    public Frame overwrite(int offset, int width, boolean surely) {
        int first = offset + BYTES;
        int last = first + width;
        long[] newWritten = surely ? written.clone() : written;
        long[] newTouched = touched.clone();
        for (int i = first; i < last; i++) {
            newTouched[i >> 6] |= 1L << i;
            if (surely) {
                newWritten[i >> 6] |= 1L << i;
            }
        }
        int n = starts.length;
        int[] s = new int[n + 16];
        int[] w = new int[n + 16];
        Value[] v = new Value[n + 16];
        int count = 0;
        for (int i = 0; i < n; i++) {
            boolean hit = starts[i] < last && first < starts[i] + widths[i];
            if (!hit) {
                s[count] = starts[i];
                w[count] = widths[i];
                v[count++] = values[i];
            } else if (surely
                    && values[i] instanceof Value.Scalar scalar
                    && scalar.num().isConstant()) {
                // A known constant goes on being known in the bytes around the hole.
                for (int b = starts[i]; b < starts[i] + widths[i]; b++) {
                    if (b < first || b >= last) {
                        s[count] = b;
                        w[count] = 1;
                        v[count++] = Value.constant(scalar.num().constant() >>> (8 * (b - starts[i])) & 0xff);
                    }
                }
            }
        }
        return new Frame(
                Arrays.copyOf(s, count), Arrays.copyOf(w, count), Arrays.copyOf(v, count), newWritten, newTouched);
    }

    /** Whether a cell begins there, of any width. */
    public boolean beginsAt(int offset) {
        return Arrays.binarySearch(starts, offset + BYTES) >= 0;
    }

    /** Whether all bytes of the range are known to be zero. */
    public boolean isZero(int offset, int width) {
        for (int i = 0; i < width; i++) {
            Long constant = constant(offset + i, 1);
            if (constant == null || constant != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether every byte of the range is a cell of its own, of zero. */
    public boolean isZeroBytes(int offset, int width) {
        for (int i = 0; i < width; i++) {
            int cell = find(offset + i, 1);
            if (cell < 0 || !isConstantZero(values[cell])) {
                return false;
            }
        }
        return true;
    }

    /**
     * The frame without the cells that overlap the range; what is written stays written.
     *
     * @param butZeros whether single bytes of zero are kept
     */
    public Frame scrub(int offset, int width, boolean butZeros) {
        int first = offset + BYTES;
        return keeping(i -> starts[i] >= first + width
                || starts[i] + widths[i] <= first
                || (butZeros && widths[i] == 1 && isConstantZero(values[i])));
    }

    /** The frame after zeros were perhaps written in the range: what is zero stays zero. */
    public Frame touchWithZeros(int offset, int width) {
        int first = offset + BYTES;
        Frame zeros =
                keeping(i -> starts[i] >= first + width || starts[i] + widths[i] <= first || isConstantZero(values[i]));
        long[] newTouched = touched.clone();
        for (int i = first; i < first + width; i++) {
            newTouched[i >> 6] |= 1L << i;
        }
        return new Frame(zeros.starts, zeros.widths, zeros.values, written, newTouched);
    }

    private static boolean isConstantZero(Value value) {
        return value instanceof Value.Scalar scalar && scalar.num().equals(Num.constant(0));
    }

    private Frame keeping(IntPredicate cell) {
        int[] kept = IntStream.range(0, starts.length).filter(cell).toArray();
        if (kept.length == starts.length) {
            return this;
        }
        int[] s = new int[kept.length];
        int[] w = new int[kept.length];
        Value[] v = new Value[kept.length];
        for (int i = 0; i < kept.length; i++) {
            s[i] = starts[kept[i]];
            w[i] = widths[kept[i]];
            v[i] = values[kept[i]];
        }
        return new Frame(s, w, v, written, touched);
    }

    /** The frame with every cell's value replaced. */
    public Frame map(UnaryOperator<Value> by) {
        Value[] v = null;
        for (int i = 0; i < values.length; i++) {
            Value mapped = by.apply(values[i]);
            if (!mapped.equals(values[i])) {
                v = v == null ? values.clone() : v;
                v[i] = mapped;
            }
        }
        return v == null ? this : new Frame(starts, widths, v, written, touched);
    }

    /** Decides what a cell that both frames have becomes; null drops it (its bytes stay written). */
    public interface CellJoin {
        @Nullable
        Value of(int width, Value mine, Value other);
    }

    public Frame join(Frame other, CellJoin cells) {
        int[] s = new int[starts.length];
        int[] w = new int[starts.length];
        Value[] v = new Value[starts.length];
        int count = 0;
        for (int i = 0; i < starts.length; i++) {
            int at = other.find(offset(i), widths[i]);
            Value joined = at < 0 ? null : cells.of(widths[i], values[i], other.values[at]);
            if (joined != null) {
                s[count] = starts[i];
                w[count] = widths[i];
                v[count++] = joined;
            }
        }
        long[] newWritten = new long[WORDS];
        long[] newTouched = new long[WORDS];
        for (int i = 0; i < WORDS; i++) {
            newWritten[i] = written[i] & other.written[i];
            newTouched[i] = touched[i] | other.touched[i];
        }
        Frame joined = new Frame(
                Arrays.copyOf(s, count), Arrays.copyOf(w, count), Arrays.copyOf(v, count), newWritten, newTouched);
        return joined.forbidLostPointers(this).forbidLostPointers(other);
    }

    /**
     * Bytes where {@code from} holds a pointer and this frame no longer has a cell: they must not be read as numbers, so
     * they count as not written.
     */
    private Frame forbidLostPointers(Frame from) {
        Frame result = this;
        for (int i = 0; i < from.starts.length; i++) {
            if (!(from.values[i] instanceof Value.Scalar) && result.covering(from.offset(i), from.widths[i]) < 0) {
                result = result.forget(from.starts[i], from.widths[i]);
            }
        }
        return result;
    }

    private Frame forget(int first, int width) {
        long[] newWritten = written.clone();
        long[] newTouched = touched.clone();
        for (int i = first; i < first + width; i++) {
            newWritten[i >> 6] &= ~(1L << i);
            newTouched[i >> 6] &= ~(1L << i);
        }
        Frame cleared = overwrite(first - BYTES, width, false);
        return new Frame(cleared.starts, cleared.widths, cleared.values, newWritten, newTouched);
    }

    /**
     * The frame in which nothing may be read of the words that are not in a mask: of those, nothing is known any more.
     *
     * @param words a bit for each eight bytes, the lowest address first
     */
    public Frame keep(long words) {
        Frame result = this;
        for (int word = 0; word < BYTES / 8; word++) {
            boolean used = (touched[word >> 3] >>> (8 * (word & 7)) & 0xff) != 0;
            if (used && (words >>> word & 1) == 0) {
                result = result.forget(8 * word, 8);
            }
        }
        return result;
    }

    /** The frame in which the numbers in words that are not in a mask are unknown. */
    public Frame blur(long words) {
        Frame result = this;
        for (int i = 0; i < starts.length; i++) {
            if ((words >>> (starts[i] / 8) & 1) == 0 && values[i] instanceof Value.Scalar) {
                result = result.overwrite(offset(i), widths[i], true);
            }
        }
        return result;
    }

    /** Whether whatever {@code other} promises to be written is written here. */
    public boolean bytesLeq(Frame other) {
        for (int i = 0; i < WORDS; i++) {
            if ((other.written[i] & ~written[i]) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether some byte of the range may be read as a number that nothing is known of. */
    public boolean isReadableBeside(int offset, int width) {
        for (int i = offset + BYTES; i < offset + BYTES + width; i++) {
            if ((touched[i >> 6] >>> i & 1) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether every byte that {@code other} lets be read may be read here too. */
    public boolean allowsAll(Frame other) {
        for (int i = 0; i < WORDS; i++) {
            if ((other.written[i] & ~written[i]) != 0 || (other.touched[i] & ~touched[i]) != 0) {
                return false;
            }
        }
        return true;
    }
}
