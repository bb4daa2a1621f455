package dev.turnout.x86.isa;

import java.util.List;

/**
 * Counts and positions of bits. Without its feature a processor runs tzcnt as bsf and lzcnt as bsr, silently: ask before.
 */
public enum BitCount implements X86Op {
    /** Undefined for 0. */
    BSF("bsf", Feature.BASE, "0F BC /r"),
    /** Undefined for 0. */
    BSR("bsr", Feature.BASE, "0F BD /r"),
    POPCNT("popcnt", Feature.POPCNT, "F3 0F B8 /r"),
    TZCNT("tzcnt", Feature.BMI1, "F3 0F BC /r"),
    LZCNT("lzcnt", Feature.LZCNT, "F3 0F BD /r");

    private final String mnemonic;
    private final Encoding rm;

    BitCount(String mnemonic, Feature feature, String rm) {
        this.mnemonic = mnemonic;
        this.rm = Encoding.of(mnemonic, Form.RM, Sizes.WIDE, feature, rm);
    }

    @Override
    public String mnemonic() {
        return mnemonic;
    }

    public Encoding rm() {
        return rm;
    }

    @Override
    public List<Encoding> encodings() {
        return List.of(rm);
    }
}
