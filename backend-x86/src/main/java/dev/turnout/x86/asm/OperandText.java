package dev.turnout.x86.asm;

import dev.turnout.x86.isa.Encoding;
import dev.turnout.x86.isa.Gpr;
import dev.turnout.x86.isa.Immediate;
import dev.turnout.x86.isa.Move;
import dev.turnout.x86.isa.OperandSize;
import org.jspecify.annotations.Nullable;

/** An instruction as {@code objdump -M intel} writes it, so that a foreign disassembler can be held against the listing. */
final class OperandText {
    /** Stands for the signed distance of a label in a text whose layout is not known yet. */
    static final char DISTANCE = '\u0001';

    private OperandText() {}

    static String of(Encoding e, OperandSize size, int reg, int rm, @Nullable Mem mem, int v, long immediate) {
        String r = reg < 0 ? "" : Gpr.of(reg).name(size);
        String m = mem != null ? memory(e, size, mem) : rm < 0 ? "" : Gpr.of(rm).name(rmSize(e, size));
        String third = v < 0 ? "" : Gpr.of(v).name(size);
        String i = e.immediate() == Immediate.NONE ? "" : immediate(size, immediate);
        String operands = switch (e.form()) {
            case MR -> m + "," + r;
            case RM -> r + "," + m;
            case MI, OI -> m + "," + i;
            case M1 -> m + ",1";
            case MC -> m + ",cl";
            case M, O -> m;
            case AI -> Gpr.RAX.name(size) + "," + i;
            case I -> i;
            case RMI -> r + "," + m + "," + i;
            case MRI -> m + "," + r + "," + i;
            case MRC -> m + "," + r + ",cl";
            case RVM -> r + "," + third + "," + m;
            case RMV -> r + "," + m + "," + third;
            case VM -> third + "," + m;
            case D, ZO -> "";
        };
        return e.mnemonic() + " " + operands;
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    private static OperandSize rmSize(Encoding e, OperandSize size) {
        OperandSize narrow = e.narrow();
        return narrow == null ? size : narrow;
    }

    private static String immediate(OperandSize size, long value) {
        return hex(size == OperandSize.QWORD ? value : value & ((1L << size.bits()) - 1));
    }

    private static String memory(Encoding e, OperandSize size, Mem mem) {
        StringBuilder text = new StringBuilder();
        if (!e.equals(Move.LEA.encoding())) {
            text.append(rmSize(e, size)).append(" PTR ");
        }
        if (mem.label != null) {
            return text.append("[rip").append(DISTANCE).append(']').toString();
        }
        if (mem.base < 0 && mem.index < 0) {
            return text.append("ds:").append(hex(mem.displacement)).toString();
        }
        text.append('[');
        if (mem.base >= 0) {
            text.append(Gpr.of(mem.base).name(OperandSize.QWORD));
        }
        if (mem.index >= 0) {
            text.append(mem.base >= 0 ? "+" : "")
                    .append(Gpr.of(mem.index).name(OperandSize.QWORD))
                    .append('*')
                    .append(1 << mem.scale);
        }
        if (showsDisplacement(mem)) {
            text.append(signed(mem.displacement));
        }
        return text.append(']').toString();
    }

    /** Whatever has a displacement in its encoding shows it, a zero too. */
    private static boolean showsDisplacement(Mem mem) {
        return mem.displacement != 0 || mem.base < 0 || (mem.base & 7) == 5;
    }

    static String signed(int value) {
        return value < 0 ? "-" + hex(-(long) value) : "+" + hex(value);
    }
}
