package dev.turnout.x86.isa;

import java.util.List;

/** Bit manipulation with three operands, which leaves its sources alone and, where the row says so, the flags. */
public enum VexOp implements X86Op {
    /** {@code dst = ~first and second}. */
    ANDN(Form.RVM, Feature.BMI1, "VEX.NP.0F38 F2 /r"),
    /** {@code dst = source << count}; no flags. */
    SHLX(Form.RMV, Feature.BMI2, "VEX.66.0F38 F7 /r"),
    /** {@code dst = source >>> count}; no flags. */
    SHRX(Form.RMV, Feature.BMI2, "VEX.F2.0F38 F7 /r"),
    /** {@code dst = source >> count}; no flags. */
    SARX(Form.RMV, Feature.BMI2, "VEX.F3.0F38 F7 /r"),
    /** The bits of the source below the count. */
    BZHI(Form.RMV, Feature.BMI2, "VEX.NP.0F38 F5 /r"),
    /** The bits of the source from the control's low byte on, as many as its second byte says. */
    BEXTR(Form.RMV, Feature.BMI1, "VEX.NP.0F38 F7 /r"),
    /** Low bits of the first spread over the mask. No flags. */
    PDEP(Form.RVM, Feature.BMI2, "VEX.F2.0F38 F5 /r"),
    /** Bits of the first under the mask gathered. No flags. */
    PEXT(Form.RVM, Feature.BMI2, "VEX.F3.0F38 F5 /r"),
    /** high (dst), low (second) = rdx × source. No flags. */
    MULX(Form.RVM, Feature.BMI2, "VEX.F2.0F38 F6 /r"),
    /** Rotates right by a constant; no flags. */
    RORX(Form.RMI, Feature.BMI2, "VEX.F2.0F3A F0 /r ib"),
    /** Clears the lowest set bit. */
    BLSR(Form.VM, Feature.BMI1, "VEX.NP.0F38 F3 /1"),
    /** A mask up to the lowest set bit. */
    BLSMSK(Form.VM, Feature.BMI1, "VEX.NP.0F38 F3 /2"),
    /** The lowest set bit alone. */
    BLSI(Form.VM, Feature.BMI1, "VEX.NP.0F38 F3 /3");

    private final Encoding encoding;

    VexOp(Form form, Feature feature, String manual) {
        this.encoding =
                Encoding.of(name().toLowerCase(java.util.Locale.ROOT), form, Sizes.DWORD_QWORD, feature, manual);
    }

    @Override
    public String mnemonic() {
        return encoding.mnemonic();
    }

    public Encoding encoding() {
        return encoding;
    }

    @Override
    public List<Encoding> encodings() {
        return List.of(encoding);
    }
}
