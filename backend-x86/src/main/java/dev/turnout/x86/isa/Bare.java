package dev.turnout.x86.isa;

import java.util.List;

/** Instructions without operands of their own. */
public enum Bare implements X86Op {
    RET("ret", "C3"),
    LEAVE("leave", "C9"),
    INT3("int3", "CC"),
    UD2("ud2", "0F 0B"),
    /** edx = the sign of eax. */
    CDQ("cdq", "99"),
    /** rdx = the sign of rax. */
    CQO("cqo", "48 99"),
    /** eax = ax with its sign. */
    CWDE("cwde", "98"),
    /** rax = eax with its sign. */
    CDQE("cdqe", "48 98"),
    CLC("clc", "F8"),
    STC("stc", "F9"),
    CMC("cmc", "F5"),
    CLD("cld", "FC"),
    PAUSE("pause", "F3 90"),
    LFENCE("lfence", "0F AE E8"),
    MFENCE("mfence", "0F AE F0"),
    SFENCE("sfence", "0F AE F8"),
    /** Copies rcx bytes from rsi to rdi. */
    REP_MOVSB("rep movs BYTE PTR es:[rdi],BYTE PTR ds:[rsi]", "F3 A4"),
    /** Copies rcx times eight bytes from rsi to rdi. */
    REP_MOVSQ("rep movs QWORD PTR es:[rdi],QWORD PTR ds:[rsi]", "F3 48 A5"),
    /** Fills rcx bytes from rdi on with al. */
    REP_STOSB("rep stos BYTE PTR es:[rdi],al", "F3 AA"),
    /** Fills rcx times eight bytes from rdi on with rax. */
    REP_STOSQ("rep stos QWORD PTR es:[rdi],rax", "F3 48 AB"),
    RDTSC("rdtsc", "0F 31"),
    CPUID("cpuid", "0F A2"),
    ENDBR64("endbr64", "F3 0F 1E FA");

    private final String mnemonic;
    private final Encoding encoding;

    Bare(String mnemonic, String manual) {
        this.mnemonic = mnemonic;
        this.encoding = Encoding.of(mnemonic, Form.ZO, Sizes.NONE, manual);
    }

    /** With the operands that it implies, where the listing writes them. */
    @Override
    public String mnemonic() {
        return mnemonic;
    }

    public Encoding encoding() {
        return encoding;
    }

    @Override
    public String source() {
        return mnemonic.startsWith("rep ") ? "SDM vol. 2, REP" : X86Op.super.source();
    }

    @Override
    public List<Encoding> encodings() {
        return List.of(encoding);
    }
}
