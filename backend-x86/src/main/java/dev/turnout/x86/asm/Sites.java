package dev.turnout.x86.asm;

import dev.turnout.x86.isa.Branch;
import dev.turnout.x86.isa.Condition;
import dev.turnout.x86.isa.Conditional;
import dev.turnout.x86.isa.Encoding;
import dev.turnout.x86.isa.Nop;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The places whose length is known last: jumps to labels and padding. In the raw code a site takes no bytes; {@link #layOut}
 * decides its size, and everything behind it shifts by that.
 *
 * <p>Sizes start at the least and only grow: lay out, lengthen each jump that does not reach, repeat until all do. This is the
 * smallest layout; it ends, since each round but the last lengthens a jump; and at the end every jump reaches by the very layout
 * that is emitted, although padding may shrink as jumps grow. In practice two or three rounds over the sites (not the bytes) are
 * enough. After {@link #ROUNDS} all that is short becomes long, so that hostile code costs a constant number of rounds too.
 */
final class Sites {
    private static final int ROUNDS = 12;

    /** Kinds 0 to 15 are the conditions of jcc. */
    static final int JUMP = 16;
    /** A jump that vanishes if it leads to the next instruction. */
    static final int CONTINUE = 17;
    /** Padding up to a multiple of 2 to the power (kind − ALIGN). */
    static final int ALIGN = 18;

    private static final byte SHORT = 2;

    private int count;
    private int[] raw = new int[64];
    private byte[] kind = new byte[64];
    private byte[] size = new byte[64];
    private @Nullable Label[] target = new Label[64];
    /** How many bytes the sites in front of site i take; of all, at {@code count}. */
    private int[] shift = new int[0];

    int count() {
        return count;
    }

    void add(int at, int siteKind, @Nullable Label to) {
        if (shift.length > 0) {
            throw new IllegalStateException("the code is finished");
        }
        if (count == raw.length) {
            int room = count * 2;
            raw = Arrays.copyOf(raw, room);
            kind = Arrays.copyOf(kind, room);
            size = Arrays.copyOf(size, room);
            target = Arrays.copyOf(target, room);
        }
        raw[count] = at;
        kind[count] = (byte) siteKind;
        size[count] = siteKind < CONTINUE ? SHORT : 0;
        target[count++] = to;
    }

    /** Decides all sizes. Every label that is jumped to must be placed. */
    void layOut() {
        shift = new int[count + 1];
        int round = 0;
        do {
            int bytes = 0;
            for (int i = 0; i < count; i++) {
                shift[i] = bytes;
                if (kind[i] >= ALIGN) {
                    size[i] = (byte) (-(raw[i] + bytes) & ((1 << (kind[i] - ALIGN)) - 1));
                }
                bytes += size[i];
            }
            shift[count] = bytes;
        } while (grow(++round > ROUNDS));
    }

    private boolean grow(boolean all) {
        boolean grown = false;
        for (int i = 0; i < count; i++) {
            int now = size[i];
            if (kind[i] < ALIGN && now <= SHORT) {
                int distance = distance(i);
                if (now == 0 ? distance != 0 : all || distance != (byte) distance) {
                    size[i] = now == 0 && !all ? SHORT : longSize(i);
                    grown = true;
                }
            }
        }
        return grown;
    }

    private byte longSize(int site) {
        return (byte) (kind[site] < JUMP ? 6 : 5);
    }

    private int distance(int site) {
        return target(site).offset(this) - (raw[site] + shift[site] + size[site]);
    }

    private Label target(int site) {
        Label to = target[site];
        if (to == null) {
            throw new IllegalStateException("padding leads nowhere");
        }
        return to;
    }

    /** Where the raw offset lies that has {@code sitesBefore} sites in front of it. */
    int offset(int rawOffset, int sitesBefore) {
        return rawOffset + shift[sitesBefore];
    }

    /** Copies raw code and writes the sites between. */
    byte[] weave(byte[] code, int length) {
        byte[] out = new byte[length + shift[count]];
        int from = 0;
        for (int i = 0; i < count; i++) {
            System.arraycopy(code, from, out, from + shift[i], raw[i] - from);
            from = raw[i];
            write(i, out, from + shift[i]);
        }
        System.arraycopy(code, from, out, from + shift[count], length - from);
        return out;
    }

    private void write(int site, byte[] out, int at) {
        if (kind[site] >= ALIGN) {
            pad(out, at, size[site]);
        } else if (size[site] > 0) {
            branch(site, out, at);
        }
    }

    private void branch(int site, byte[] out, int at) {
        Encoding encoding = encoding(site);
        int opcode = at;
        if (encoding.map() == 1) {
            out[opcode++] = 0x0f;
        }
        out[opcode++] = (byte) encoding.opcode();
        if (size[site] == SHORT) {
            out[opcode] = (byte) distance(site);
        } else {
            LittleEndian.putInt(out, opcode, distance(site));
        }
    }

    private Encoding encoding(int site) {
        boolean near = size[site] == SHORT;
        if (kind[site] < JUMP) {
            return (near ? Conditional.JCC_SHORT : Conditional.JCC).on(Condition.of(kind[site]));
        }
        return (near ? Branch.JMP_SHORT : Branch.JMP).encoding();
    }

    static void pad(byte[] out, int at, int bytes) {
        int next = at;
        for (int left = bytes; left > 0; ) {
            Nop nop = Nop.of(Math.min(left, Nop.LONGEST));
            nop.copyTo(out, next);
            next += nop.length();
            left -= nop.length();
        }
    }

    int start(int site) {
        return raw[site] + shift[site];
    }

    int size(int site) {
        return size[site];
    }

    boolean isPadding(int site) {
        return kind[site] >= ALIGN;
    }

    /** As the listing writes it. */
    String text(int site) {
        return encoding(site).mnemonic() + " " + OperandText.hex(target(site).offset(this));
    }
}
