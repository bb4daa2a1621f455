package dev.turnout.x86.isa;

import java.util.List;

/** Shifts and rotations. The processor takes the count modulo 64 for 64-bit operands, modulo 32 for all others. */
public enum Shift implements X86Op {
    ROL("rol", "D1 /0", "C1 /0 ib", "D3 /0"),
    ROR("ror", "D1 /1", "C1 /1 ib", "D3 /1"),
    RCL("rcl", "D1 /2", "C1 /2 ib", "D3 /2"),
    RCR("rcr", "D1 /3", "C1 /3 ib", "D3 /3"),
    SHL("shl", "D1 /4", "C1 /4 ib", "D3 /4"),
    SHR("shr", "D1 /5", "C1 /5 ib", "D3 /5"),
    SAR("sar", "D1 /7", "C1 /7 ib", "D3 /7");

    private final String mnemonic;
    private final Encoding byOne;
    private final Encoding byImmediate;
    private final Encoding byCl;

    Shift(String mnemonic, String byOne, String byImmediate, String byCl) {
        this.mnemonic = mnemonic;
        this.byOne = Encoding.of(mnemonic, Form.M1, Sizes.ALL, byOne);
        this.byImmediate = Encoding.of(mnemonic, Form.MI, Sizes.ALL, byImmediate);
        this.byCl = Encoding.of(mnemonic, Form.MC, Sizes.ALL, byCl);
    }

    @Override
    public String mnemonic() {
        return mnemonic;
    }

    public Encoding byOne() {
        return byOne;
    }

    public Encoding byImmediate() {
        return byImmediate;
    }

    public Encoding byCl() {
        return byCl;
    }

    @Override
    public List<Encoding> encodings() {
        return List.of(byOne, byImmediate, byCl);
    }
}
