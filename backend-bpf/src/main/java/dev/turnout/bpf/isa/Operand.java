package dev.turnout.bpf.isa;

/** The second operand of an instruction: a register, or a constant that is sign-extended to 64 bits. */
public sealed interface Operand {
    record Register(Reg reg) implements Operand {
        @Override
        public String toString() {
            return reg.toString();
        }
    }

    record Immediate(int value) implements Operand {
        @Override
        public String toString() {
            return Integer.toString(value);
        }
    }

    static Operand of(Reg reg) {
        return new Register(reg);
    }

    static Operand of(int value) {
        return new Immediate(value);
    }
}
