package dev.turnout.x86.isa;

import java.util.List;

/** The product's low half, which is the same for signed and unsigned operands. */
public enum Multiply implements X86Op {
    IMUL("imul", "0F AF /r", "69 /r id", "6B /r ib");

    private final String mnemonic;
    private final Encoding rm;
    private final Encoding rmi;
    private final Encoding rmi8;

    Multiply(String mnemonic, String rm, String rmi, String rmi8) {
        this.mnemonic = mnemonic;
        this.rm = Encoding.of(mnemonic, Form.RM, Sizes.WIDE, rm);
        this.rmi = Encoding.of(mnemonic, Form.RMI, Sizes.WIDE, rmi);
        this.rmi8 = Encoding.of(mnemonic, Form.RMI, Sizes.WIDE, rmi8);
    }

    @Override
    public String mnemonic() {
        return mnemonic;
    }

    public Encoding rm() {
        return rm;
    }

    public Encoding rmi() {
        return rmi;
    }

    /** With a factor of one byte. */
    public Encoding rmi8() {
        return rmi8;
    }

    @Override
    public List<Encoding> encodings() {
        return List.of(rm, rmi, rmi8);
    }
}
