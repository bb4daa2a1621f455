package dev.turnout.bpf.select;

import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.machine.MachineEnd;

/**
 * A condition that a branch can test.
 *
 * @param b register, or none if the other operand is {@code value}
 * @param inverse whether what was asked holds exactly when the test does not; JSET has no negation
 */
record Condition(JumpOp op, Width width, int a, int b, int value, boolean inverse) {
    MachineEnd.Branch branch(int taken, int otherwise) {
        return new MachineEnd.Branch(op, width, a, b, value, inverse ? otherwise : taken, inverse ? taken : otherwise);
    }
}
