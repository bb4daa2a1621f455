package dev.turnout.ir.eval;

import dev.turnout.ir.model.CallTable;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Global;
import dev.turnout.ir.model.KernelField;
import dev.turnout.ir.model.Key;
import dev.turnout.ir.model.MapDeclaration;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Region;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * An environment that stands alone. Memory is a list of pieces with gaps between them; an access must lie inside one piece,
 * and bytes of a slot must have been written before they are read. The same calls give the same addresses in every run.
 * Helpers, services and maps' contents are left to subclasses.
 */
public class CheckedMemory implements Environment {
    private static final long FIRST = 0x1_0000;
    private static final long GAP = 0x1000;

    private Piece[] pieces = new Piece[16];
    private int count;
    private final Map<String, Long> addresses = new HashMap<>();
    private final Map<Long, String> functions = new HashMap<>();
    private final Map<String, Long> keys = new HashMap<>();
    private final Map<Integer, Long> context = new HashMap<>();

    /** Bytes that belong together. For slots, {@code written} marks the bytes that have a value. */
    private static final class Piece {
        final long start;
        final byte[] bytes;
        final String name;
        final boolean writable;
        final boolean slot;
        final boolean[] written;

        Piece(long start, byte[] bytes, String name, boolean writable, boolean slot) {
            this.start = start;
            this.bytes = bytes;
            this.name = name;
            this.writable = writable;
            this.slot = slot;
            this.written = new boolean[slot ? bytes.length : 0];
        }
    }

    /** Globals as the object has them at load, keys at their initial values, addresses for maps and functions. */
    public CheckedMemory(Module module) {
        for (Global global : module.globals()) {
            boolean writable = global.section() != Global.Section.RODATA;
            addresses.put(
                    Region.GLOBAL + global.name(),
                    allocate(global.name(), global.initial().toArray(), writable));
        }
        for (MapDeclaration map : module.maps()) {
            addresses.put(Region.MAP + map.name(), allocate(map.name(), new byte[0], false));
        }
        for (Function function : module.functions()) {
            long address = allocate(function.name(), new byte[0], false);
            addresses.put(Region.FUNCTION + function.name(), address);
            functions.put(address, function.name());
        }
        for (CallTable table : module.tables()) {
            addresses.put(Region.GLOBAL + table.name(), allocate(table.name(), rows(table), false));
        }
        // The struct that a field is added to is nowhere, and so is the sum.
        for (KernelField field : module.fields()) {
            addresses.put(Region.KERNEL + field.name(), (long) field.offset());
        }
        for (Key key : module.keys()) {
            keys.put(key.name(), key.initial());
        }
    }

    private byte[] rows(CallTable table) {
        ByteBuffer bytes =
                ByteBuffer.allocate(table.rows().size() * CallTable.ROW).order(ByteOrder.LITTLE_ENDIAN);
        for (String row : table.rows()) {
            bytes.putLong(row.isEmpty() ? 0 : addressOf(Region.FUNCTION, row));
        }
        return bytes.array();
    }

    /**
     * Adds memory.
     *
     * @param bytes the contents; written to by the evaluated code
     * @return its address, a multiple of 4096
     */
    public final long allocate(String name, byte[] bytes, boolean writable) {
        return add(bytes, name, writable, false);
    }

    private long add(byte[] bytes, String name, boolean writable, boolean slot) {
        long start = FIRST;
        if (count > 0) {
            Piece last = pieces[count - 1];
            start = (last.start + last.bytes.length + 2 * GAP - 1) & -GAP;
        }
        if (count == pieces.length) {
            pieces = Arrays.copyOf(pieces, 2 * count);
        }
        pieces[count++] = new Piece(start, bytes, name, writable, slot);
        return start;
    }

    /** Fixes what {@code load_context} reads at an offset. */
    public final void contextField(int offset, long value) {
        context.put(offset, value);
    }

    /** Sets a key. */
    public final void key(String name, long value) {
        keys.put(name, value);
    }

    @Override
    public final long allocateSlot(int size, int align, String name) {
        return add(new byte[size], name, true, true);
    }

    @Override
    public final void releaseSlots(int released) {
        for (int i = 0; i < released; i++) {
            // What others allocated meanwhile stays; it is rare, so moving it up is no matter.
            int at = count - 1;
            while (!pieces[at].slot) {
                at--;
            }
            System.arraycopy(pieces, at + 1, pieces, at, count - at - 1);
            count--;
        }
    }

    @Override
    public final long load(long address, int bytes) {
        Piece piece = find(address, bytes, "reads");
        int at = (int) (address - piece.start);
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            if (piece.slot && !piece.written[at + i]) {
                throw new EvaluationFailure(
                        "reads byte " + (at + i) + " of slot `" + piece.name + "`, which was never written");
            }
            value = value << 8 | (piece.bytes[at + i] & 0xff);
        }
        return value;
    }

    @Override
    public final void store(long address, int bytes, long value) {
        Piece piece = find(address, bytes, "writes");
        if (!piece.writable) {
            throw new EvaluationFailure("writes to `" + piece.name + "`, which is read-only");
        }
        int at = (int) (address - piece.start);
        for (int i = 0; i < bytes; i++) {
            piece.bytes[at + i] = (byte) (value >>> (8 * i));
            if (piece.slot) {
                piece.written[at + i] = true;
            }
        }
    }

    private Piece find(long address, int bytes, String does) {
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (Long.compareUnsigned(pieces[middle].start, address) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if (count > 0) {
            Piece piece = pieces[low];
            long offset = address - piece.start;
            if (offset >= 0 && offset + bytes <= piece.bytes.length) {
                return piece;
            }
            if (offset >= 0 && offset < piece.bytes.length + GAP) {
                throw new EvaluationFailure(does + " bytes " + offset + " to " + (offset + bytes - 1) + " of `"
                        + piece.name + "`, which has " + piece.bytes.length);
            }
        }
        throw new EvaluationFailure(does + " at 0x" + Long.toHexString(address) + ", where there is nothing");
    }

    @Override
    public final long addressOf(Region region, String name) {
        Long address = addresses.get(region + name);
        if (address == null) {
            throw new EvaluationFailure("no " + region.word() + " is called `" + name + "`");
        }
        return address;
    }

    @Override
    public final String functionAt(long address) {
        String name = functions.get(address);
        if (name == null) {
            throw new EvaluationFailure("0x" + Long.toHexString(address) + " is no function");
        }
        return name;
    }

    @Override
    public final long loadContext(long address, int offset, int bytes) {
        Long value = context.get(offset);
        if (value == null) {
            throw new EvaluationFailure("the context has no field at " + offset);
        }
        return value;
    }

    @Override
    public final long key(String name) {
        Long value = keys.get(name);
        if (value == null) {
            throw new EvaluationFailure("there is no key `" + name + "` here");
        }
        return value;
    }
}
