package dev.turnout.x86.isa;

import java.util.List;

/** Plain moves, and those whose forms are one of a kind. */
public enum Move implements X86Op {
    MOV_TO(Encoding.of("mov", Form.MR, Sizes.ALL, "89 /r")),
    MOV_FROM(Encoding.of("mov", Form.RM, Sizes.ALL, "8B /r")),
    MOV_IMMEDIATE(Encoding.of("mov", Form.MI, Sizes.ALL, "C7 /0 id")),
    /** A 32-bit constant, zero-extended. */
    MOV_DWORD(Encoding.of("mov", Form.OI, Sizes.WORD_DWORD, "B8 +rd id")),
    /** A 64-bit constant. */
    MOVABS(Encoding.of("movabs", Form.OI, Sizes.QWORD, "B8 +rd io")),
    /** The address of a memory operand. */
    LEA(Encoding.of("lea", Form.RM, Sizes.WIDE, "8D /r")),
    /** A load with its bytes reversed. */
    MOVBE_FROM(Encoding.of("movbe", Form.RM, Sizes.WIDE, Feature.MOVBE, "0F 38 F0 /r")),
    /** A store with its bytes reversed. */
    MOVBE_TO(Encoding.of("movbe", Form.MR, Sizes.WIDE, Feature.MOVBE, "0F 38 F1 /r"));

    private final Encoding encoding;

    Move(Encoding encoding) {
        this.encoding = encoding;
    }

    @Override
    public String mnemonic() {
        return encoding.mnemonic();
    }

    public Encoding encoding() {
        return encoding;
    }

    @Override
    public String source() {
        return this == MOVABS ? MOV_DWORD.source() : X86Op.super.source();
    }

    @Override
    public List<Encoding> encodings() {
        return List.of(encoding);
    }
}
