package dev.turnout.x86.isa;

import java.util.List;

/**
 * A bit into the carry, and what becomes of it. With a register as the number and memory as the place, the number is not taken
 * modulo the size: it reaches beyond the operand.
 */
public enum BitTest implements X86Op {
    BT("bt", "0F A3 /r", "0F BA /4 ib"),
    BTS("bts", "0F AB /r", "0F BA /5 ib"),
    BTR("btr", "0F B3 /r", "0F BA /6 ib"),
    BTC("btc", "0F BB /r", "0F BA /7 ib");

    private final String mnemonic;
    private final Encoding mr;
    private final Encoding mi;

    BitTest(String mnemonic, String mr, String mi) {
        this.mnemonic = mnemonic;
        this.mr = Encoding.of(mnemonic, Form.MR, Sizes.WIDE, mr);
        this.mi = Encoding.of(mnemonic, Form.MI, Sizes.WIDE, mi);
    }

    @Override
    public String mnemonic() {
        return mnemonic;
    }

    public Encoding mr() {
        return mr;
    }

    public Encoding mi() {
        return mi;
    }

    @Override
    public List<Encoding> encodings() {
        return List.of(mr, mi);
    }
}
