package dev.turnout.x86.asm;

import dev.turnout.x86.isa.Encoding;
import dev.turnout.x86.isa.Gpr;
import dev.turnout.x86.isa.Nop;
import dev.turnout.x86.isa.OperandSize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Code being written: raw bytes, the sites and fixups in it, and the listing if there is to be one. */
final class Code {
    private static final int NONE = -1;

    private final Encoder out = new Encoder();
    private final Sites sites = new Sites();
    private final Fixups fixups = new Fixups();
    private final @Nullable Listing listing;
    private boolean locked;

    Code(boolean list) {
        listing = list ? new Listing() : null;
    }

    void emit(Encoding encoding, OperandSize size, @Nullable Gpr reg, Gpr rm, long immediate) {
        emit(encoding, size, code(reg), rm.code(), null, NONE, immediate);
    }

    void emit(Encoding encoding, OperandSize size, @Nullable Gpr reg, Gpr rm, Gpr v, long immediate) {
        emit(encoding, size, code(reg), rm.code(), null, v.code(), immediate);
    }

    void emit(Encoding encoding, OperandSize size, @Nullable Gpr reg, Mem mem, long immediate) {
        emit(encoding, size, code(reg), NONE, mem, NONE, immediate);
    }

    void emit(Encoding encoding, OperandSize size, @Nullable Gpr reg, Mem mem, Gpr v, long immediate) {
        emit(encoding, size, code(reg), NONE, mem, v.code(), immediate);
    }

    void immediate(Encoding encoding, int value) {
        emit(encoding, OperandSize.QWORD, NONE, NONE, null, NONE, value);
    }

    private static int code(@Nullable Gpr register) {
        return register == null ? NONE : register.code();
    }

    /** The door through which every instruction with operands goes; the numbers of absent registers are −1. */
    void emit(Encoding encoding, OperandSize size, int reg, int rm, @Nullable Mem mem, int v, long immediate) {
        if (!encoding.sizes().has(size)) {
            throw new IllegalArgumentException(encoding.mnemonic() + " has no form for " + size);
        }
        int start = out.at;
        if (locked) {
            out.one(0xf0);
        }
        out.instruction(encoding, size, Math.max(reg, 0), Math.max(rm, 0), mem, Math.max(v, 0), immediate);
        if (mem != null && mem.label != null) {
            fixups.distance(out.ripField, sites.count(), out.at - out.ripField, mem.label);
        }
        if (listing != null) {
            String text = OperandText.of(encoding, size, reg, rm, mem, v, immediate);
            Label label = mem == null ? null : mem.label;
            list(listing, start, locked ? "lock " + text : text, label, mem == null ? 0 : mem.displacement);
        }
        locked = false;
    }

    /** The next instruction gets the lock prefix. */
    void lock() {
        locked = true;
    }

    /** A jump or call of fixed length. */
    void distant(Encoding encoding, Label target) {
        int start = out.at;
        out.one(encoding.opcode());
        int field = out.at;
        out.dword(0);
        fixups.distance(field, sites.count(), 4, target);
        if (listing != null) {
            list(listing, start, encoding.mnemonic() + " ", target, 0);
        }
    }

    /** A jump or call whose distance is left open: the label of the distance. */
    Label outside(Encoding encoding) {
        Label next = new Label();
        int start = out.at;
        out.one(encoding.opcode());
        out.dword(0);
        place(next);
        if (listing != null) {
            list(listing, start, encoding.mnemonic() + " ", next, 0);
        }
        return behind(-4);
    }

    void bare(Encoding encoding) {
        int start = out.at;
        out.literal(encoding);
        if (listing != null) {
            list(listing, start, encoding.mnemonic(), null, 0);
        }
    }

    void jump(int kind, Label target) {
        sites.add(out.at, kind, target);
    }

    void align(int bytes) {
        if (bytes < 1 || bytes > 64 || Integer.bitCount(bytes) != 1) {
            throw new IllegalArgumentException("alignment to " + bytes + " bytes");
        }
        sites.add(out.at, Sites.ALIGN + Integer.numberOfTrailingZeros(bytes), null);
    }

    void nop(int bytes) {
        for (int left = bytes; left > 0; ) {
            Nop nop = Nop.of(Math.min(left, Nop.LONGEST));
            int start = out.at;
            out.reserve();
            nop.copyTo(out.code, start);
            out.at = start + nop.length();
            left -= nop.length();
            if (listing != null) {
                list(listing, start, nop.text(), null, 0);
            }
        }
    }

    void quad(long value) {
        int start = out.at;
        out.reserve();
        out.quad(value);
        if (listing != null) {
            list(listing, start, ".quad " + OperandText.hex(value), null, 0);
        }
    }

    void quad(Label label) {
        int start = out.at;
        fixups.absolute(start, sites.count(), label);
        out.reserve();
        out.quad(0);
        if (listing != null) {
            list(listing, start, ".quad ", label, 0);
        }
    }

    void bytes(byte[] values) {
        for (byte value : values) {
            int start = out.at;
            out.one(value);
            if (listing != null) {
                list(listing, start, ".byte " + OperandText.hex(value & 0xff), null, 0);
            }
        }
    }

    private void list(Listing to, int start, String text, @Nullable Label target, int offset) {
        Label place = new Label();
        place.place(sites, start);
        to.add(place, out.at - start, text, target, offset);
    }

    void place(Label label) {
        label.place(sites, out.at);
    }

    /** A label {@code bytes} behind the last instruction; negative numbers reach into it. */
    Label behind(int bytes) {
        Label label = new Label();
        label.place(sites, out.at + bytes);
        return label;
    }

    int position() {
        return out.at + 2 * sites.count();
    }

    AssembledCode finish() {
        sites.layOut();
        byte[] code = sites.weave(out.close(), out.at);
        List<AssembledCode.Absolute> absolutes = fixups.resolve(code, sites);
        return new AssembledCode(code, sites, absolutes, listing == null ? List.of() : listing.lines(sites));
    }

    /** What an immediate means for an operation of {@code size}: its low bits with their sign. */
    static int truncate(OperandSize size, int value) {
        return switch (size) {
            case BYTE -> (byte) value;
            case WORD -> (short) value;
            case DWORD, QWORD -> value;
        };
    }
}
