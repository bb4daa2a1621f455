package dev.turnout.bpf.isa;

import static dev.turnout.bpf.isa.FieldRule.oneOf;
import static dev.turnout.bpf.isa.FieldRule.only;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The instruction table: every form that can be encoded, once. The decoder, the random generator and the reference page
 * read it; the encoder is held to it by a test over all rows. Loaded only by those who decode: a compilation does not pay
 * for it.
 */
public final class InsnForms {
    /** Must be zero. */
    private static final FieldRule RESERVED = only(0);

    private static final FieldRule ANY_INT = new FieldRule.Range(Integer.MIN_VALUE, Integer.MAX_VALUE);
    private static final FieldRule ANY_SHORT = new FieldRule.Range(Short.MIN_VALUE, Short.MAX_VALUE);

    /** A register that may be read. */
    private static final FieldRule READABLE = new FieldRule.Range(0, 10);

    /** A register that may be written: not the frame pointer. */
    private static final FieldRule WRITABLE = new FieldRule.Range(0, 9);

    private static final Reg DST = Reg.R1;
    private static final Reg SRC = Reg.R2;

    private static final List<InsnForm> ALL;
    private static final InsnForm[][] BY_OPCODE = new InsnForm[256][];
    private static final InsnForm[] NONE = {};

    static {
        List<InsnForm> rows = new ArrayList<>(320);
        arithmetic(rows);
        swaps(rows);
        wides(rows);
        memory(rows);
        atomics(rows);
        packet(rows);
        jumps(rows);
        calls(rows);
        ALL = List.copyOf(rows);
        // One pass, for every start of the command line waits for it.
        Arrays.fill(BY_OPCODE, NONE);
        for (InsnForm row : ALL) {
            InsnForm[] before = BY_OPCODE[row.opcode()];
            InsnForm[] with = Arrays.copyOf(before, before.length + 1);
            with[before.length] = row;
            BY_OPCODE[row.opcode()] = with;
        }
    }

    private InsnForms() {}

    /** Every row, by family. */
    public static List<InsnForm> all() {
        return ALL;
    }

    /** The rows of an opcode, 0 to 255; none if it is unknown. The array is shared: do not write it. */
    public static InsnForm[] ofOpcode(int opcode) {
        return opcode < 0 || opcode > 255 ? NONE : BY_OPCODE[opcode];
    }

    private static InsnForm row(
            Insn prototype,
            int opcode,
            FieldRule dst,
            FieldRule src,
            FieldRule off,
            FieldRule imm,
            ConformanceGroup group,
            int cpu,
            String source) {
        return new InsnForm(prototype, opcode, dst, src, off, imm, RESERVED, ANY_INT, group, cpu, source);
    }

    private static void arithmetic(List<InsnForm> rows) {
        for (AluOp op : AluOp.values()) {
            for (Width width : Width.values()) {
                arithmetic(rows, op, width);
            }
        }
        for (Width width : Width.values()) {
            rows.add(row(
                    new Insn.Neg(width, DST),
                    width == Width.W64 ? 0x87 : 0x84,
                    WRITABLE,
                    RESERVED,
                    RESERVED,
                    RESERVED,
                    base(width),
                    width == Width.W64 ? 1 : 3,
                    "RFC 9669, 4.1"));
        }
        rows.add(row(
                new Insn.CastSpace(DST, SRC, 1),
                0xbf,
                WRITABLE,
                READABLE,
                only(1),
                oneOf(1, 0x10000),
                ConformanceGroup.LINUX,
                4,
                "Linux 6.9"));
    }

    private static void arithmetic(List<InsnForm> rows, AluOp op, Width width) {
        if (op == AluOp.MOVSX32 && width == Width.W32) {
            return; // It would be a plain move.
        }
        int classBits = width == Width.W64 ? 0x07 : 0x04;
        boolean v4 = op.isSignExtension() || op == AluOp.SDIV || op == AluOp.SMOD;
        int cpu = v4 ? 4 : width == Width.W64 ? 1 : 3;
        String source = op.isSignExtension() ? "RFC 9669, 4.1, MOVSX" : "RFC 9669, 4.1";
        ConformanceGroup group = op.isDivision() || op == AluOp.MUL
                ? width == Width.W64 ? ConformanceGroup.DIVMUL64 : ConformanceGroup.DIVMUL32
                : base(width);
        rows.add(row(
                new Insn.Alu(op, width, DST, Operand.of(SRC)),
                op.code() | 0x08 | classBits,
                WRITABLE,
                READABLE,
                only(op.offset()),
                RESERVED,
                group,
                cpu,
                source));
        if (op.isSignExtension()) {
            return; // From a register only: a constant is extended by its writer.
        }
        FieldRule linux = ANY_INT;
        if (op.isShift()) {
            linux = new FieldRule.Range(0, width.bits() - 1);
        } else if (op.isDivision()) {
            linux = new FieldRule.Except(0);
        }
        rows.add(new InsnForm(
                new Insn.Alu(op, width, DST, Operand.of(5)),
                op.code() | classBits,
                WRITABLE,
                RESERVED,
                only(op.offset()),
                ANY_INT,
                RESERVED,
                linux,
                group,
                cpu,
                source));
    }

    private static ConformanceGroup base(Width width) {
        return width == Width.W64 ? ConformanceGroup.BASE64 : ConformanceGroup.BASE32;
    }

    private static void swaps(List<InsnForm> rows) {
        for (SwapOp op : SwapOp.values()) {
            for (int bits = 16; bits <= 64; bits *= 2) {
                rows.add(row(
                        new Insn.Swap(op, bits, DST),
                        op.opcode(),
                        WRITABLE,
                        RESERVED,
                        RESERVED,
                        only(bits),
                        bits == 64 ? ConformanceGroup.BASE64 : ConformanceGroup.BASE32,
                        op == SwapOp.BSWAP ? 4 : 1,
                        "RFC 9669, 4.2"));
            }
        }
    }

    private static void wides(List<InsnForm> rows) {
        for (WideKind kind : WideKind.values()) {
            FieldRule high = ANY_INT;
            if (kind == WideKind.MAP_FD || kind == WideKind.FUNCTION || kind == WideKind.MAP_INDEX) {
                high = RESERVED;
            }
            rows.add(new InsnForm(
                    new Insn.Wide(DST, kind, 5, 0),
                    0x18,
                    WRITABLE,
                    only(kind.code()),
                    RESERVED,
                    ANY_INT,
                    high,
                    ANY_INT,
                    ConformanceGroup.BASE64,
                    1,
                    "RFC 9669, 5.4"));
        }
    }

    private static void memory(List<InsnForm> rows) {
        for (Size size : Size.values()) {
            ConformanceGroup group = size == Size.DW ? ConformanceGroup.BASE64 : ConformanceGroup.BASE32;
            rows.add(row(
                    new Insn.Load(size, false, DST, SRC, 4),
                    0x61 | size.code(),
                    WRITABLE,
                    READABLE,
                    ANY_SHORT,
                    RESERVED,
                    group,
                    1,
                    "RFC 9669, 5.1"));
            if (size != Size.DW) {
                rows.add(row(
                        new Insn.Load(size, true, DST, SRC, 4),
                        0x81 | size.code(),
                        WRITABLE,
                        READABLE,
                        ANY_SHORT,
                        RESERVED,
                        ConformanceGroup.BASE64,
                        4,
                        "RFC 9669, 5.2"));
            }
            rows.add(row(
                    new Insn.Store(size, DST, 4, Operand.of(SRC)),
                    0x63 | size.code(),
                    READABLE,
                    READABLE,
                    ANY_SHORT,
                    RESERVED,
                    group,
                    1,
                    "RFC 9669, 5.1"));
            rows.add(row(
                    new Insn.Store(size, DST, 4, Operand.of(5)),
                    0x62 | size.code(),
                    READABLE,
                    RESERVED,
                    ANY_SHORT,
                    ANY_INT,
                    group,
                    1,
                    "RFC 9669, 5.1"));
        }
    }

    private static void atomics(List<InsnForm> rows) {
        for (AtomicOp op : AtomicOp.values()) {
            boolean ordered = op == AtomicOp.LOAD_ACQUIRE || op == AtomicOp.STORE_RELEASE;
            for (Size size : Size.values()) {
                if (size.bytes() < 4 && !ordered) {
                    continue;
                }
                ConformanceGroup group = size == Size.DW ? ConformanceGroup.ATOMIC64 : ConformanceGroup.ATOMIC32;
                boolean loads = op == AtomicOp.LOAD_ACQUIRE;
                // A fetch writes its source register; the destination nibble is an address.
                FieldRule src = op.fetches() ? WRITABLE : READABLE;
                rows.add(row(
                        new Insn.Atomic(op, size, loads ? SRC : DST, 4, loads ? DST : SRC),
                        0xc3 | size.code(),
                        loads ? WRITABLE : READABLE,
                        src,
                        ANY_SHORT,
                        only(op.code()),
                        ordered ? ConformanceGroup.LINUX : group,
                        ordered ? 4 : op == AtomicOp.ADD ? 1 : 3,
                        ordered ? "Linux 6.15" : "RFC 9669, 5.3"));
            }
        }
    }

    private static void packet(List<InsnForm> rows) {
        for (Size size : Size.values()) {
            if (size == Size.DW) {
                continue;
            }
            rows.add(row(
                    new Insn.PacketLoad(size, false, Reg.R0, 23),
                    0x20 | size.code(),
                    RESERVED,
                    RESERVED,
                    RESERVED,
                    ANY_INT,
                    ConformanceGroup.PACKET,
                    1,
                    "RFC 9669, 5.5"));
            rows.add(row(
                    new Insn.PacketLoad(size, true, Reg.R7, 23),
                    0x40 | size.code(),
                    RESERVED,
                    READABLE,
                    RESERVED,
                    ANY_INT,
                    ConformanceGroup.PACKET,
                    1,
                    "RFC 9669, 5.5"));
        }
    }

    private static void jumps(List<InsnForm> rows) {
        String rfc = "RFC 9669, 4.3";
        for (int far = 0; far < 2; far++) {
            boolean isFar = far == 1;
            int opcode = isFar ? 0x06 : 0x05;
            FieldRule off = isFar ? RESERVED : ANY_SHORT;
            FieldRule imm = isFar ? ANY_INT : RESERVED;
            rows.add(row(
                    new Insn.Jump(isFar, 3),
                    opcode,
                    RESERVED,
                    RESERVED,
                    off,
                    imm,
                    ConformanceGroup.BASE32,
                    isFar ? 4 : 1,
                    rfc));
            for (int nop = 0; nop < 2; nop++) {
                rows.add(row(
                        new Insn.StaticJump(isFar, nop == 1, 3),
                        opcode,
                        RESERVED,
                        only(nop == 1 ? 3 : 1),
                        off,
                        imm,
                        ConformanceGroup.AHEAD,
                        4,
                        "static keys RFC of 18 March 2025, BPF mailing list"));
            }
        }
        for (JumpOp op : JumpOp.values()) {
            for (Width width : Width.values()) {
                int classBits = width == Width.W64 ? 0x05 : 0x06;
                int cpu = width == Width.W32 ? 3 : op.code() >= 0xa0 ? 2 : 1;
                rows.add(row(
                        new Insn.JumpIf(op, width, DST, Operand.of(SRC), 3),
                        op.code() | 0x08 | classBits,
                        READABLE,
                        READABLE,
                        ANY_SHORT,
                        RESERVED,
                        base(width),
                        cpu,
                        rfc));
                rows.add(row(
                        new Insn.JumpIf(op, width, DST, Operand.of(5), 3),
                        op.code() | classBits,
                        READABLE,
                        RESERVED,
                        ANY_SHORT,
                        ANY_INT,
                        base(width),
                        cpu,
                        rfc));
            }
        }
        rows.add(row(
                new Insn.MayGoto(3),
                0xe5,
                RESERVED,
                RESERVED,
                ANY_SHORT,
                RESERVED,
                ConformanceGroup.LINUX,
                4,
                "Linux 6.9"));
        rows.add(row(
                new Insn.JumpIndirect(DST),
                0x0d,
                READABLE,
                RESERVED,
                RESERVED,
                RESERVED,
                ConformanceGroup.LINUX,
                4,
                "Linux 6.19"));
        rows.add(row(new Insn.Exit(), 0x95, RESERVED, RESERVED, RESERVED, RESERVED, ConformanceGroup.BASE32, 1, rfc));
    }

    private static void calls(List<InsnForm> rows) {
        rows.add(row(
                new Insn.CallHelper(5),
                0x85,
                RESERVED,
                only(0),
                RESERVED,
                ANY_INT,
                ConformanceGroup.BASE32,
                1,
                "RFC 9669, 4.3.1"));
        rows.add(row(
                new Insn.CallLocal(3),
                0x85,
                RESERVED,
                only(1),
                RESERVED,
                ANY_INT,
                ConformanceGroup.BASE32,
                1,
                "RFC 9669, 4.3.2"));
        rows.add(row(
                new Insn.CallKernel(1234, 0),
                0x85,
                RESERVED,
                only(2),
                new FieldRule.Range(0, Short.MAX_VALUE),
                ANY_INT,
                ConformanceGroup.BASE32,
                1,
                "RFC 9669, 4.3.1; Linux 5.13"));
        rows.add(row(
                new Insn.CallIndirect(DST),
                0x8d,
                READABLE,
                RESERVED,
                RESERVED,
                RESERVED,
                ConformanceGroup.AHEAD,
                4,
                "LLVM 19.1 and later; after Linux 7.2"));
    }
}
