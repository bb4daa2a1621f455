package dev.turnout.x86.isa;

import java.util.List;

/** The bytes of a register in reverse. Sixteen bits have no form: rotate by eight. */
public enum Swap implements X86Op {
    BSWAP("bswap", "0F C8 +rd");

    private final String mnemonic;
    private final Encoding o;

    Swap(String mnemonic, String o) {
        this.mnemonic = mnemonic;
        this.o = Encoding.of(mnemonic, Form.O, Sizes.DWORD_QWORD, o);
    }

    @Override
    public String mnemonic() {
        return mnemonic;
    }

    public Encoding o() {
        return o;
    }

    @Override
    public List<Encoding> encodings() {
        return List.of(o);
    }
}
