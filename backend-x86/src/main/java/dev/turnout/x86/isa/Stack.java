package dev.turnout.x86.isa;

import java.util.List;

/** Push and pop, always of eight bytes. */
public enum Stack implements X86Op {
    PUSH(Encoding.of("push", Form.O, Sizes.DEFAULT_QWORD, "50 +rd")),
    PUSH_MEMORY(Encoding.of("push", Form.M, Sizes.DEFAULT_QWORD, "FF /6")),
    PUSH_BYTE(Encoding.of("push", Form.I, Sizes.DEFAULT_QWORD, "6A ib")),
    PUSH_DWORD(Encoding.of("push", Form.I, Sizes.DEFAULT_QWORD, "68 id")),
    POP(Encoding.of("pop", Form.O, Sizes.DEFAULT_QWORD, "58 +rd")),
    POP_MEMORY(Encoding.of("pop", Form.M, Sizes.DEFAULT_QWORD, "8F /0"));

    private final Encoding encoding;

    Stack(Encoding encoding) {
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
