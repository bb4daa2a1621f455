package dev.turnout.x86.asm;

import dev.turnout.x86.isa.Encoding;
import dev.turnout.x86.isa.Form;
import dev.turnout.x86.isa.Gpr;
import dev.turnout.x86.isa.Immediate;
import dev.turnout.x86.isa.Move;
import dev.turnout.x86.isa.OperandSize;
import dev.turnout.x86.isa.X86Op;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that an encoding can be asked for: each register in each place, each shape of memory operand, immediates at the edges. */
final class EveryForm {
    private static final int[] DISPLACEMENTS = {
        0, 1, -1, 127, 128, -128, -129, 255, 256, 0x1234_5678, Integer.MAX_VALUE, Integer.MIN_VALUE
    };
    private static final long[] IMMEDIATES = {
        0, 1, -1, 127, 128, -128, -129, 255, 32767, -32768, 65535, Integer.MAX_VALUE, Integer.MIN_VALUE
    };

    private final Code code;
    private final Label label;
    private int turn;

    EveryForm(Code code, Label label) {
        this.code = code;
        this.label = label;
    }

    static List<Encoding> encodings() {
        List<Encoding> all = new ArrayList<>();
        for (Class<?> family : X86Op.class.getPermittedSubclasses()) {
            for (Object row : family.getEnumConstants()) {
                all.addAll(((X86Op) row).encodings());
            }
        }
        return all;
    }

    void emit(Encoding encoding) {
        if (encoding.form() == Form.ZO) {
            code.bare(encoding);
        } else if (encoding.form() == Form.D) {
            if (encoding.immediate() == Immediate.CD && encoding.map() == 0) {
                code.distant(encoding, label);
            }
        } else {
            for (OperandSize size : OperandSize.values()) {
                if (encoding.sizes().has(size)) {
                    emit(encoding, size);
                }
            }
        }
    }

    private void emit(Encoding encoding, OperandSize size) {
        boolean isAddress = encoding.equals(Move.LEA.encoding());
        for (Gpr first : Gpr.values()) {
            if (!isAddress) {
                one(encoding, size, first.code(), turn(), null);
                one(encoding, size, turn(), first.code(), null);
            }
            if (hasMemory(encoding.form()) && !takesRegisterOnly(encoding)) {
                for (int displacement : DISPLACEMENTS) {
                    one(encoding, size, turn(), -1, Mem.of(first, displacement));
                }
                one(encoding, size, first.code(), -1, Mem.absolute(0x7fff_0000 + turn()));
                one(encoding, size, first.code(), -1, Mem.relative(label, turn()));
                if (first != Gpr.RSP) {
                    for (int scale = 1; scale <= 8; scale *= 2) {
                        one(encoding, size, turn(), -1, Mem.scaled(first, scale, turn() - 8));
                    }
                    for (Gpr base : Gpr.values()) {
                        one(encoding, size, turn(), -1, Mem.indexed(base, first, 1 << (turn() & 3), displacement()));
                    }
                }
            }
        }
        if (encoding.immediate() != Immediate.NONE && !isCount(encoding)) {
            for (long immediate : IMMEDIATES) {
                if (fits(encoding, size, immediate)) {
                    immediate(encoding, size, immediate);
                }
            }
        }
    }

    /** What a row's manual does not say: with a register these would be other instructions or none. */
    private static boolean takesRegisterOnly(Encoding encoding) {
        return encoding.form() == Form.O || encoding.form() == Form.OI;
    }

    private static boolean hasMemory(Form form) {
        return switch (form) {
            case MR, RM, MI, M1, MC, M, RMI, MRI, MRC, RVM, RMV, VM -> true;
            case O, OI, AI, I, D, ZO -> false;
        };
    }

    /** Counts of shifts and numbers of bits: one byte without a sign. */
    private static boolean isCount(Encoding encoding) {
        return switch (encoding.mnemonic()) {
            case "rol", "ror", "rcl", "rcr", "shl", "shr", "sar", "shld", "shrd", "rorx", "bt", "bts", "btr", "btc" ->
                true;
            default -> false;
        };
    }

    private static boolean fits(Encoding encoding, OperandSize size, long value) {
        return switch (encoding.immediate()) {
            case IB -> value == (byte) value;
            case ID -> size.bytes() > 2 || value == (size == OperandSize.BYTE ? (byte) value : (short) value);
            case IO -> true;
            case NONE, CB, CD -> false;
        };
    }

    private void immediate(Encoding encoding, OperandSize size, long value) {
        code.emit(encoding, size, middle(encoding, turn()), register(encoding, turn()), null, third(encoding), value);
        if (encoding.immediate() == Immediate.IO) {
            code.emit(encoding, size, -1, turn(), null, -1, value << 32 | turn());
        }
        if (hasMemory(encoding.form())) {
            code.emit(encoding, size, turn(), -1, Mem.relative(label), third(encoding), value);
            code.emit(encoding, size, turn(), -1, Mem.of(Gpr.R13), third(encoding), value);
        }
    }

    private void one(Encoding encoding, OperandSize size, int reg, int rm, @Nullable Mem mem) {
        boolean memoryOnly = encoding.mnemonic().equals("movbe");
        if (mem != null || !memoryOnly) {
            long immediate = isCount(encoding) ? 2 + turn() : turn() + 1L;
            code.emit(
                    encoding,
                    size,
                    middle(encoding, reg),
                    mem == null ? register(encoding, rm) : -1,
                    mem,
                    third(encoding),
                    immediate);
        }
    }

    private int third(Encoding encoding) {
        return switch (encoding.form()) {
            case RVM, RMV, VM -> turn();
            case MR, RM, MI, M1, MC, M, O, OI, AI, I, RMI, MRI, MRC, D, ZO -> -1;
        };
    }

    private static int middle(Encoding encoding, int any) {
        return hasMemory(encoding.form()) ? any : -1;
    }

    private static int register(Encoding encoding, int any) {
        return encoding.form() == Form.AI ? Gpr.RAX.code() : encoding.form() == Form.I ? -1 : any;
    }

    /** Registers that take turns where all of another place are tried; 7 has no common factor with 16. */
    private int turn() {
        turn = (turn + 7) & 15;
        return turn;
    }

    private int displacement() {
        return DISPLACEMENTS[turn() % DISPLACEMENTS.length];
    }
}
