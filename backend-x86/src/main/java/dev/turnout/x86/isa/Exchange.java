package dev.turnout.x86.isa;

import java.util.List;

/** Read and write in one instruction: atomic with memory under the lock prefix, which xchg has by itself. */
public enum Exchange implements X86Op {
    XCHG("xchg", "87 /r"),
    /** memory, register = memory + register, memory. */
    XADD("xadd", "0F C1 /r"),
    /** If rax equals memory: memory = register, ZF; else rax = memory. */
    CMPXCHG("cmpxchg", "0F B1 /r");

    private final String mnemonic;
    private final Encoding mr;

    Exchange(String mnemonic, String mr) {
        this.mnemonic = mnemonic;
        this.mr = Encoding.of(mnemonic, Form.MR, Sizes.ALL, mr);
    }

    @Override
    public String mnemonic() {
        return mnemonic;
    }

    public Encoding mr() {
        return mr;
    }

    @Override
    public List<Encoding> encodings() {
        return List.of(mr);
    }
}
