package dev.turnout.x86.asm;

import dev.turnout.x86.isa.Encoding;
import dev.turnout.x86.isa.Form;
import dev.turnout.x86.isa.Immediate;
import dev.turnout.x86.isa.OperandSize;
import dev.turnout.x86.isa.Sizes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes one instruction of any row: prefixes, REX or VEX, opcode, ModRM, SIB, displacement, immediate. SDM vol. 2, chapter 2.
 * Operands are numbers of registers, so that nothing is allocated.
 */
final class Encoder {
    /** No instruction is longer than 15 bytes; data is at most 8. */
    private static final int ROOM = 16;

    private static final int RSP = 4;
    private static final int RBP = 5;
    /** ModRM.rm that announces SIB; SIB.index that means none. */
    private static final int SIB = 4;

    byte[] code = new byte[1024];
    int at;
    /** Where the displacement of the last rip-relative operand lies, for the fixup; −1 if there was none. */
    int ripField;

    /**
     * @param reg the register of ModRM.reg, unless the encoding has a digit there
     * @param rm the register of ModRM.rm or of the opcode, if {@code mem} is null
     * @param v the register of VEX.vvvv
     */
    void instruction(Encoding encoding, OperandSize size, int reg, int rm, @Nullable Mem mem, int v, long immediate) {
        reserve();
        ripField = -1;
        int middle = encoding.hasDigit() ? encoding.digit() : reg;
        boolean wide = size == OperandSize.QWORD && encoding.sizes() != Sizes.DEFAULT_QWORD;
        int base = mem == null ? rm : Math.max(mem.base, 0);
        int index = mem == null ? 0 : Math.max(mem.index, 0);
        int rxb = (middle >> 3) << 2 | (index >> 3) << 1 | base >> 3;
        int opcode = encoding.opcode();
        if (size == OperandSize.BYTE && encoding.sizes() == Sizes.ALL) {
            opcode--;
        }
        if (encoding.vex()) {
            code[at++] = (byte) 0xc4;
            code[at++] = (byte) ((~rxb & 7) << 5 | encoding.map());
            code[at++] = (byte) ((wide ? 0x80 : 0) | ((~v & 15) << 3) | vexPrefix(encoding.prefix()));
        } else {
            if (size == OperandSize.WORD) {
                code[at++] = 0x66;
            }
            if (encoding.prefix() != 0) {
                code[at++] = (byte) encoding.prefix();
            }
            int rex = (wide ? 8 : 0) | rxb;
            if (rex != 0 || namesNewByteRegister(encoding, size, reg, rm, mem)) {
                code[at++] = (byte) (0x40 | rex);
            }
            switch (encoding.map()) {
                case 1 -> code[at++] = 0x0f;
                case 2 -> {
                    code[at++] = 0x0f;
                    code[at++] = 0x38;
                }
                case 3 -> {
                    code[at++] = 0x0f;
                    code[at++] = 0x3a;
                }
                default -> {}
            }
        }
        switch (encoding.form()) {
            case O, OI -> code[at++] = (byte) (opcode + (rm & 7));
            case AI, I, D, ZO -> code[at++] = (byte) opcode;
            case MR, RM, MI, M1, MC, M, RMI, MRI, MRC, RVM, RMV, VM -> {
                code[at++] = (byte) opcode;
                if (mem == null) {
                    code[at++] = (byte) (0xc0 | (middle & 7) << 3 | (rm & 7));
                } else {
                    memory((middle & 7) << 3, mem);
                }
            }
        }
        immediate(encoding.immediate(), size, immediate);
    }

    /** spl, bpl, sil and dil need a REX prefix, without which their numbers mean ah, ch, dh and bh. */
    private static boolean namesNewByteRegister(
            Encoding encoding, OperandSize size, int reg, int rm, @Nullable Mem mem) {
        if (size == OperandSize.BYTE && !encoding.hasDigit() && isNewByteRegister(reg) && hasReg(encoding.form())) {
            return true;
        }
        return mem == null
                && isNewByteRegister(rm)
                && (size == OperandSize.BYTE || encoding.narrow() == OperandSize.BYTE)
                && encoding.form() != Form.AI;
    }

    private static boolean isNewByteRegister(int number) {
        return (number & 12) == 4;
    }

    private static boolean hasReg(Form form) {
        return form == Form.MR || form == Form.RM;
    }

    private static int vexPrefix(int prefix) {
        return switch (prefix) {
            case 0x66 -> 1;
            case 0xf3 -> 2;
            case 0xf2 -> 3;
            default -> 0;
        };
    }

    private void memory(int reg, Mem mem) {
        int displacement = mem.displacement;
        if (mem.label != null) {
            code[at++] = (byte) (reg | RBP);
            ripField = at;
            dword(displacement);
        } else if (mem.base < 0) {
            // Without a base, SIB with base 101 and mod 00; ModRM 101 alone would be relative to rip.
            code[at++] = (byte) (reg | SIB);
            code[at++] = (byte) (mem.scale << 6 | (mem.index < 0 ? SIB : mem.index & 7) << 3 | RBP);
            dword(displacement);
        } else {
            int base = mem.base & 7;
            // rbp and r13 have no form without displacement: mod 00 with their number means something else.
            int mod = displacement == 0 && base != RBP ? 0x00 : displacement == (byte) displacement ? 0x40 : 0x80;
            if (mem.index >= 0) {
                code[at++] = (byte) (mod | reg | SIB);
                code[at++] = (byte) (mem.scale << 6 | (mem.index & 7) << 3 | base);
            } else if (base == RSP) {
                code[at++] = (byte) (mod | reg | SIB);
                code[at++] = (byte) (SIB << 3 | RSP);
            } else {
                code[at++] = (byte) (mod | reg | base);
            }
            if (mod == 0x40) {
                code[at++] = (byte) displacement;
            } else if (mod == 0x80) {
                dword(displacement);
            }
        }
    }

    private void immediate(Immediate kind, OperandSize size, long value) {
        switch (kind) {
            case NONE, CB, CD -> {}
            case IB -> code[at++] = (byte) value;
            case ID -> {
                switch (size) {
                    case BYTE -> code[at++] = (byte) value;
                    case WORD -> {
                        code[at++] = (byte) value;
                        code[at++] = (byte) (value >> 8);
                    }
                    case DWORD, QWORD -> dword((int) value);
                }
            }
            case IO -> quad(value);
        }
    }

    /** The bytes of an encoding without operands. */
    void literal(Encoding encoding) {
        reserve();
        int bytes = encoding.opcode();
        for (int i = 0; i < encoding.length(); i++) {
            code[at++] = (byte) (bytes >> (8 * i));
        }
    }

    void one(int value) {
        reserve();
        code[at++] = (byte) value;
    }

    /** Room for the longest instruction must be there. */
    void dword(int value) {
        LittleEndian.putInt(code, at, value);
        at += 4;
    }

    void quad(long value) {
        LittleEndian.putLong(code, at, value);
        at += 8;
    }

    /** Gives the bytes away: whatever is written afterwards finds no room. */
    byte[] close() {
        byte[] written = code;
        code = new byte[0];
        return written;
    }

    void reserve() {
        if (code.length - at < ROOM) {
            if (code.length == 0) {
                throw new IllegalStateException("the code is finished");
            }
            code = Arrays.copyOf(code, code.length * 2);
        }
    }
}
