package dev.turnout.verifier.fixpoint;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import java.util.TreeSet;

/** Where widening may stop on its way up: the constants of the program's compares and their neighbours, and sizes. */
final class Thresholds {
    private static final int MOST = 128;

    /** The limits of the widths of numbers. */
    static final long[] COARSE = {-1, 0, 0xff, 0xffff, Integer.MAX_VALUE, 0xffff_ffffL};

    private Thresholds() {}

    static long[] of(BpfProgram program) {
        TreeSet<Long> all = new TreeSet<>();
        for (int bits : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 15, 16, 31, 32}) {
            all.add((1L << bits) - 1);
        }
        all.add(0L);
        all.add(-1L);
        for (MapDefinition map : program.maps()) {
            all.add((long) map.valueSize());
        }
        for (Insn insn : program.code().insns()) {
            if (insn instanceof Insn.JumpIf jump
                    && jump.src() instanceof Operand.Immediate immediate
                    && all.size() < MOST) {
                all.add(immediate.value() - 1L);
                all.add((long) immediate.value());
                all.add(immediate.value() + 1L);
            }
        }
        return all.stream().mapToLong(Long::longValue).toArray();
    }
}
