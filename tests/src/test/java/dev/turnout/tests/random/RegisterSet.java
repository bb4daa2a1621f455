package dev.turnout.tests.random;

import dev.turnout.bpf.isa.Reg;
import java.util.ArrayList;
import java.util.List;

/**
 * Some of r0 to r9. Immutable.
 *
 * @param bits bit n for rn
 */
record RegisterSet(int bits) {
    static final RegisterSet NONE = new RegisterSet(0);
    static final RegisterSet ALL = new RegisterSet(0x3ff);
    /** Those that a call loses: r0 to r5. */
    static final RegisterSet LOST_BY_CALLS = new RegisterSet(0x3f);

    boolean has(Reg reg) {
        return (bits >> reg.number() & 1) != 0;
    }

    boolean isEmpty() {
        return bits == 0;
    }

    RegisterSet with(Reg reg) {
        return new RegisterSet(bits | 1 << reg.number());
    }

    RegisterSet without(Reg reg) {
        return new RegisterSet(bits & ~(1 << reg.number()));
    }

    RegisterSet and(RegisterSet other) {
        return new RegisterSet(bits & other.bits);
    }

    RegisterSet minus(RegisterSet other) {
        return new RegisterSet(bits & ~other.bits);
    }

    List<Reg> list() {
        List<Reg> list = new ArrayList<>();
        for (int number = 0; number < 10; number++) {
            if ((bits >> number & 1) != 0) {
                list.add(Reg.of(number));
            }
        }
        return list;
    }
}
