package dev.turnout.x86.isa;

import static dev.turnout.x86.isa.Sizes.ALL;
import static dev.turnout.x86.isa.Sizes.WIDE;

import java.util.List;

/** Arithmetic of two operands, the first of which is also the place of the result; cmp writes flags only. */
public enum Arith implements X86Op {
    ADD("add", "01 /r", "03 /r", "81 /0 id", "83 /0 ib", "05 id"),
    OR("or", "09 /r", "0B /r", "81 /1 id", "83 /1 ib", "0D id"),
    /** Adds the carry too. */
    ADC("adc", "11 /r", "13 /r", "81 /2 id", "83 /2 ib", "15 id"),
    /** Subtracts the borrow too. */
    SBB("sbb", "19 /r", "1B /r", "81 /3 id", "83 /3 ib", "1D id"),
    AND("and", "21 /r", "23 /r", "81 /4 id", "83 /4 ib", "25 id"),
    SUB("sub", "29 /r", "2B /r", "81 /5 id", "83 /5 ib", "2D id"),
    XOR("xor", "31 /r", "33 /r", "81 /6 id", "83 /6 ib", "35 id"),
    CMP("cmp", "39 /r", "3B /r", "81 /7 id", "83 /7 ib", "3D id");

    private final String mnemonic;
    private final Encoding mr;
    private final Encoding rm;
    private final Encoding mi;
    private final Encoding mi8;
    private final Encoding ai;

    Arith(String mnemonic, String mr, String rm, String mi, String mi8, String ai) {
        this.mnemonic = mnemonic;
        this.mr = Encoding.of(mnemonic, Form.MR, ALL, mr);
        this.rm = Encoding.of(mnemonic, Form.RM, ALL, rm);
        this.mi = Encoding.of(mnemonic, Form.MI, ALL, mi);
        this.mi8 = Encoding.of(mnemonic, Form.MI, WIDE, mi8);
        this.ai = Encoding.of(mnemonic, Form.AI, ALL, ai);
    }

    @Override
    public String mnemonic() {
        return mnemonic;
    }

    public Encoding mr() {
        return mr;
    }

    public Encoding rm() {
        return rm;
    }

    public Encoding mi() {
        return mi;
    }

    /** With an immediate of one byte, for operands that are wider. */
    public Encoding mi8() {
        return mi8;
    }

    /** With the accumulator: a byte shorter than {@link #mi}. */
    public Encoding ai() {
        return ai;
    }

    @Override
    public List<Encoding> encodings() {
        return List.of(mr, rm, mi, mi8, ai);
    }
}
