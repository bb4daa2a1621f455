package dev.turnout.x86.isa;

import java.util.List;
import java.util.Locale;

/** What depends on a {@link Condition}: its number is added to the opcode. */
public enum Conditional implements X86Op {
    JCC_SHORT(Encoding.of("j", Form.D, Sizes.NONE, "70 +cc cb")),
    JCC(Encoding.of("j", Form.D, Sizes.NONE, "0F 80 +cc cd")),
    SETCC(Encoding.of("set", Form.M, Sizes.BYTE, "0F 90 +cc /0")),
    /** Loads its memory operand whatever the condition says; a 32-bit one clears the upper half in any case. */
    CMOVCC(Encoding.of("cmov", Form.RM, Sizes.WIDE, "0F 40 +cc /r"));

    private final Encoding encoding;
    private final Encoding[] byCondition = new Encoding[16];

    Conditional(Encoding base) {
        this.encoding = base;
        for (Condition condition : Condition.values()) {
            byCondition[condition.code()] = new Encoding(
                    base.mnemonic() + condition.suffix(),
                    base.form(),
                    base.sizes(),
                    base.feature(),
                    base.manual(),
                    base.narrow(),
                    base.vex(),
                    base.prefix(),
                    base.map(),
                    base.opcode() + condition.code(),
                    base.digit(),
                    base.immediate());
        }
    }

    @Override
    public String mnemonic() {
        return encoding.mnemonic() + "cc";
    }

    public Encoding on(Condition condition) {
        return byCondition[condition.code()];
    }

    @Override
    public List<Encoding> encodings() {
        return List.of(byCondition);
    }

    @Override
    public String source() {
        return "SDM vol. 2, " + encoding.mnemonic().toUpperCase(Locale.ROOT) + "cc";
    }
}
