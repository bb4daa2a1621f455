package dev.turnout.x86.isa;

import java.util.List;

/** Shifts the first operand and fills it with bits of the second. */
public enum DoubleShift implements X86Op {
    SHLD("shld", "0F A4 /r ib", "0F A5 /r"),
    SHRD("shrd", "0F AC /r ib", "0F AD /r");

    private final String mnemonic;
    private final Encoding byImmediate;
    private final Encoding byCl;

    DoubleShift(String mnemonic, String byImmediate, String byCl) {
        this.mnemonic = mnemonic;
        this.byImmediate = Encoding.of(mnemonic, Form.MRI, Sizes.WIDE, byImmediate);
        this.byCl = Encoding.of(mnemonic, Form.MRC, Sizes.WIDE, byCl);
    }

    @Override
    public String mnemonic() {
        return mnemonic;
    }

    public Encoding byImmediate() {
        return byImmediate;
    }

    public Encoding byCl() {
        return byCl;
    }

    @Override
    public List<Encoding> encodings() {
        return List.of(byImmediate, byCl);
    }
}
