package dev.turnout.x86.memory;

import java.util.Iterator;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Which parts of a range are free: pieces by their offset, neighbours always joined. First fit, so that code stays together.
 * Offsets and sizes are multiples of a granule that the caller keeps to. Owned by one thread.
 */
final class FreeSpace {
    private final TreeMap<Long, Long> pieces = new TreeMap<>();

    /** The offset of {@code size} bytes that are taken out; empty if no piece is so long. */
    OptionalLong take(long size) {
        Iterator<Map.Entry<Long, Long>> all = pieces.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Long, Long> piece = all.next();
            long at = piece.getKey();
            long left = piece.getValue() - size;
            if (left >= 0) {
                all.remove();
                if (left > 0) {
                    pieces.put(at + size, left);
                }
                return OptionalLong.of(at);
            }
        }
        return OptionalLong.empty();
    }

    /** Gives a piece back, none of which is free. */
    void give(long offset, long size) {
        long from = offset;
        long bytes = size;
        Map.Entry<Long, Long> below = pieces.floorEntry(offset);
        if (below != null) {
            long end = below.getKey() + below.getValue();
            if (end > offset) {
                throw new IllegalStateException("freed twice: " + offset);
            }
            if (end == offset) {
                from = below.getKey();
                bytes += below.getValue();
            }
        }
        Long above = pieces.remove(offset + size);
        if (above != null) {
            bytes += above;
        }
        pieces.put(from, bytes);
    }

    long bytes() {
        return pieces.values().stream().mapToLong(Long::longValue).sum();
    }

    int pieces() {
        return pieces.size();
    }
}
