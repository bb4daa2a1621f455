package dev.turnout.x86.asm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Fields of fixed size that hold a distance or an address of a label; filled in when the layout is known. */
final class Fixups {
    /** The tail of a field that holds an address and not a distance. */
    private static final int ABSOLUTE = -1;

    private int count;
    private int[] raw = new int[16];
    private int[] sites = new int[16];
    private int[] tail = new int[16];
    private Label[] target = new Label[16];

    /** A distance of 32 bits, counted from {@code tail} bytes behind the field's start: the end of its instruction. */
    void distance(int at, int sitesBefore, int fieldTail, Label to) {
        add(at, sitesBefore, fieldTail, to);
    }

    /** An address of 64 bits. */
    void absolute(int at, int sitesBefore, Label to) {
        add(at, sitesBefore, ABSOLUTE, to);
    }

    private void add(int at, int sitesBefore, int fieldTail, Label to) {
        if (count == raw.length) {
            int room = count * 2;
            raw = Arrays.copyOf(raw, room);
            sites = Arrays.copyOf(sites, room);
            tail = Arrays.copyOf(tail, room);
            target = Arrays.copyOf(target, room);
        }
        raw[count] = at;
        sites[count] = sitesBefore;
        tail[count] = fieldTail;
        target[count++] = to;
    }

    /** Fills in the distances and returns the addresses. What a field held before is added. */
    List<AssembledCode.Absolute> resolve(byte[] code, Sites layout) {
        List<AssembledCode.Absolute> absolutes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Label to = target[i];
            int offset = to.offset(layout);
            int at = layout.offset(raw[i], sites[i]);
            if (tail[i] == ABSOLUTE) {
                absolutes.add(new AssembledCode.Absolute(at, offset));
            } else {
                LittleEndian.putInt(code, at, LittleEndian.getInt(code, at) + offset - at - tail[i]);
            }
        }
        return absolutes;
    }
}
