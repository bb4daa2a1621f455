package dev.turnout.bpf.btf;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The types of a kernel, some 100,000 in 5 MB. Opening them only finds where each record begins and hashes its name; a record is decoded
 * when it is first asked for. Thread-safe.
 */
public final class KernelBtf {
    /** Ids of no type, in place of a kernel's types. */
    public static final KernelBtf NONE = new KernelBtf(ByteBuffer.allocate(0), new BtfReader(), new int[0], new int[0]);

    private static final int HEADER = 12;

    private final ByteBuffer types;
    private final BtfReader reader;
    /** Where the record of id {@code i + 1} begins. */
    private final int[] starts;
    /** By the same index: the hash of the name. */
    private final int[] hashes;
    /** Indices in order of hash; made when a name is first asked for. */
    private volatile int @org.jspecify.annotations.Nullable [] byHash;

    private final ConcurrentMap<Integer, BtfType> decoded = new ConcurrentHashMap<>();

    private KernelBtf(ByteBuffer types, BtfReader reader, int[] starts, int[] hashes) {
        this.types = types;
        this.reader = reader;
        this.starts = starts;
        this.hashes = hashes;
    }

    /**
     * Opens the content of a {@code .BTF} section: {@code /sys/kernel/btf/vmlinux}, as it is.
     *
     * @return nothing if a mistake was reported
     */
    public static Optional<KernelBtf> open(ByteString section, Diagnostics diagnostics) {
        try {
            return Optional.of(open(section));
        } catch (BtfReader.Broken broken) {
            diagnostics.report(Diagnostic.general(DiagnosticCode.O0118, "the kernel's types: " + broken.what()));
            return Optional.empty();
        }
    }

    private static KernelBtf open(ByteString section) {
        BtfReader reader = BtfReader.strings(section.asBuffer());
        ByteBuffer types = BtfReader.types(section.asBuffer());
        int[] starts = new int[Math.max(16, types.limit() / 24)];
        int count = 0;
        int at = 0;
        while (at < types.limit()) {
            if (types.limit() - at < HEADER) {
                throw new BtfReader.Broken("type " + (count + 1) + " is cut off at the end of the types");
            }
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, count * 2);
            }
            starts[count++] = at;
            long size = HEADER + tail(types.getInt(at + 4), count);
            if (size > types.limit() - at) {
                throw new BtfReader.Broken("type " + count + " is cut off at the end of the types");
            }
            at += (int) size;
        }
        int[] hashes = new int[count];
        for (int i = 0; i < count; i++) {
            hashes[i] = reader.hash(types.getInt(starts[i]));
        }
        return new KernelBtf(types, reader, Arrays.copyOf(starts, count), hashes);
    }

    /** Bytes of a record behind its first three words. */
    private static long tail(int info, int id) {
        long length = info & 0xffff;
        return switch (info >>> 24 & 0x1f) {
            case 2, 7, 8, 9, 10, 11, 12, 16, 18 -> 0;
            case 1, 14, 17 -> 4;
            case 3 -> 12;
            case 4, 5, 15, 19 -> 12 * length;
            case 6, 13 -> 8 * length;
            default -> throw new BtfReader.Broken("type " + id + " is of the unknown kind " + (info >>> 24 & 0x1f));
        };
    }

    /** Types that there are; ids go from 1 to this. */
    public int size() {
        return starts.length;
    }

    /** The type of this id; nothing for {@code void} (0), for ids that are none, and for records that are broken. */
    public Optional<BtfType> find(int id) {
        if (id < 1 || id > starts.length) {
            return Optional.empty();
        }
        BtfType known = decoded.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<BtfType> type = reader.decode(types, starts[id - 1], id);
        type.ifPresent(one -> decoded.put(id, one));
        return type;
    }

    /** The ids of all types of this name, ascending. */
    public List<Integer> named(String name) {
        int hash = name.hashCode();
        int[] order = order();
        int low = 0;
        int high = order.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (hashes[order[middle]] < hash) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        List<Integer> ids = new ArrayList<>();
        for (int i = low; i < order.length && hashes[order[i]] == hash; i++) {
            int id = order[i] + 1;
            if (find(id).map(BtfType::name).orElse("").equals(name)) {
                ids.add(id);
            }
        }
        ids.sort(Integer::compare);
        return ids;
    }

    private int[] order() {
        int[] known = byHash;
        if (known == null) {
            long[] keys = new long[hashes.length];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = (long) hashes[i] << 32 | i;
            }
            Arrays.sort(keys);
            known = new int[keys.length];
            for (int i = 0; i < keys.length; i++) {
                known[i] = (int) keys[i];
            }
            byHash = known;
        }
        return known;
    }

    /** The first type of this name and kind; 0 if there is none. */
    public int named(String name, Class<? extends BtfType> kind) {
        for (int id : named(name)) {
            if (kind.isInstance(find(id).orElse(null))) {
                return id;
            }
        }
        return 0;
    }

    /** The id behind names and qualifiers; 0 for void. */
    public int strip(int id) {
        int at = id;
        for (int i = 0; i < 64; i++) {
            switch (find(at).orElse(null)) {
                case BtfType.Modifier modifier -> at = modifier.to();
                case BtfType.Typedef typedef -> at = typedef.to();
                case null, default -> {
                    return at;
                }
            }
        }
        return 0;
    }
}
