package dev.turnout.x86.isa;

import java.util.List;

/** The flags of a bitwise and. There is no form with an immediate of one byte for wider operands. */
public enum Test implements X86Op {
    TEST("test", "85 /r", "F7 /0 id", "A9 id");

    private final String mnemonic;
    private final Encoding mr;
    private final Encoding mi;
    private final Encoding ai;

    Test(String mnemonic, String mr, String mi, String ai) {
        this.mnemonic = mnemonic;
        this.mr = Encoding.of(mnemonic, Form.MR, Sizes.ALL, mr);
        this.mi = Encoding.of(mnemonic, Form.MI, Sizes.ALL, mi);
        this.ai = Encoding.of(mnemonic, Form.AI, Sizes.ALL, ai);
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

    public Encoding ai() {
        return ai;
    }

    @Override
    public List<Encoding> encodings() {
        return List.of(mr, mi, ai);
    }
}
