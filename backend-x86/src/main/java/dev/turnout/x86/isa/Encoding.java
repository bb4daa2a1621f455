package dev.turnout.x86.isa;

import org.jspecify.annotations.Nullable;

/**
 * One line of the manual: the opcode of one form of an instruction. Made from the manual's own notation, and checked as it is
 * made, so that a row with a slip cannot be loaded.
 *
 * @param mnemonic how the listing writes it
 * @param manual the column "Opcode", without REX.W, which the operand size decides; {@code 81 /0 id}
 * @param narrow the size of the r/m operand where it is not the instruction's (movzx, movsx), else null
 * @param vex whether prefix, map and third operand lie in a VEX prefix
 * @param prefix mandatory prefix: 0, 0x66, 0xf2 or 0xf3
 * @param map 0 for opcodes of one byte, 1 behind 0F, 2 behind 0F 38, 3 behind 0F 3A: the numbers of VEX.mmmmm
 * @param opcode the opcode's last byte; for {@link Form#ZO} all bytes, the first one lowest
 * @param digit what stands in ModRM.reg, or −1 where that is a register or there is no ModRM
 */
public record Encoding(
        String mnemonic,
        Form form,
        Sizes sizes,
        Feature feature,
        String manual,
        @Nullable OperandSize narrow,
        boolean vex,
        int prefix,
        int map,
        int opcode,
        int digit,
        Immediate immediate) {

    public static Encoding of(String mnemonic, Form form, Sizes sizes, String manual) {
        return of(mnemonic, form, sizes, Feature.BASE, manual);
    }

    public static Encoding of(String mnemonic, Form form, Sizes sizes, Feature feature, String manual) {
        return new Manual(manual).encoding(mnemonic, form, sizes, feature);
    }

    /** The same with an r/m operand of {@code size}. */
    Encoding narrowed(OperandSize size) {
        return new Encoding(mnemonic, form, sizes, feature, manual, size, vex, prefix, map, opcode, digit, immediate);
    }

    /** Whether ModRM.reg holds part of the opcode. */
    public boolean hasDigit() {
        return digit >= 0;
    }

    /** The bytes of a {@link Form#ZO} encoding: {@link #opcode} holds as many, the first one lowest. */
    public int length() {
        return (manual.length() + 1) / 3;
    }
}
