package dev.turnout.x86.isa;

import java.util.List;

/** Unconditional jumps and calls. */
public enum Branch implements X86Op {
    JMP_SHORT(Encoding.of("jmp", Form.D, Sizes.NONE, "EB cb")),
    JMP(Encoding.of("jmp", Form.D, Sizes.NONE, "E9 cd")),
    CALL(Encoding.of("call", Form.D, Sizes.NONE, "E8 cd")),
    JMP_INDIRECT(Encoding.of("jmp", Form.M, Sizes.DEFAULT_QWORD, "FF /4")),
    CALL_INDIRECT(Encoding.of("call", Form.M, Sizes.DEFAULT_QWORD, "FF /2"));

    private final Encoding encoding;

    Branch(Encoding encoding) {
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
    public List<Encoding> encodings() {
        return List.of(encoding);
    }
}
