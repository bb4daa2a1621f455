package dev.turnout.x86.isa;

import static dev.turnout.x86.isa.OperandSize.BYTE;
import static dev.turnout.x86.isa.OperandSize.DWORD;
import static dev.turnout.x86.isa.OperandSize.WORD;

import java.util.List;

/** Widening moves. Zero extension of 32 bits is a plain move of 32 bits. */
public enum Extend implements X86Op {
    ZERO_BYTE("movzx", Sizes.WIDE, BYTE, "0F B6 /r"),
    ZERO_WORD("movzx", Sizes.DWORD_QWORD, WORD, "0F B7 /r"),
    SIGN_BYTE("movsx", Sizes.WIDE, BYTE, "0F BE /r"),
    SIGN_WORD("movsx", Sizes.DWORD_QWORD, WORD, "0F BF /r"),
    SIGN_DWORD("movsxd", Sizes.QWORD, DWORD, "63 /r");

    private final OperandSize from;
    private final Encoding rm;

    Extend(String mnemonic, Sizes to, OperandSize from, String rm) {
        this.from = from;
        this.rm = Encoding.of(mnemonic, Form.RM, to, rm).narrowed(from);
    }

    @Override
    public String mnemonic() {
        return rm.mnemonic();
    }

    /** The size of the source. */
    public OperandSize from() {
        return from;
    }

    public Encoding rm() {
        return rm;
    }

    @Override
    public List<Encoding> encodings() {
        return List.of(rm);
    }
}
