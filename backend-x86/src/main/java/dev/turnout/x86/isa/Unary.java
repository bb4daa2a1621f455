package dev.turnout.x86.isa;

import java.util.List;

/** One operand. Multiplications and divisions read and write rdx:rax (ax for bytes) besides. */
public enum Unary implements X86Op {
    INC("inc", "FF /0"),
    DEC("dec", "FF /1"),
    NOT("not", "F7 /2"),
    NEG("neg", "F7 /3"),
    /** rdx:rax = rax × operand, unsigned. */
    MUL("mul", "F7 /4"),
    /** rdx:rax = rax × operand, signed. */
    IMUL("imul", "F7 /5"),
    /** rax, rdx = quotient and remainder of rdx:rax, unsigned; faults where the quotient does not fit or the operand is 0. */
    DIV("div", "F7 /6"),
    /** As {@link #DIV}, signed. */
    IDIV("idiv", "F7 /7");

    private final String mnemonic;
    private final Encoding m;

    Unary(String mnemonic, String m) {
        this.mnemonic = mnemonic;
        this.m = Encoding.of(mnemonic, Form.M, Sizes.ALL, m);
    }

    @Override
    public String mnemonic() {
        return mnemonic;
    }

    public Encoding m() {
        return m;
    }

    @Override
    public List<Encoding> encodings() {
        return List.of(m);
    }
}
