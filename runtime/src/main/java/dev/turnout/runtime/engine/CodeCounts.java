package dev.turnout.runtime.engine;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/**
 * How often code that runs has each of the constructs that decide which way to go.
 *
 * @param tables jump tables that it loads the address of, each once
 * @param gotox indirect jumps
 * @param callx indirect calls
 * @param nops static branches that do nothing now
 */
public record CodeCounts(int tables, int gotox, int callx, int nops) {
    /**
     * Counts part of a program.
     *
     * @param program in the slots of the code that runs
     * @param nops slots of its static branches that do nothing, as {@link RunnableProgram#nops} gives them
     * @param part slots that count
     */
    public static CodeCounts of(BpfProgram program, BitSet nops, BitSet part) {
        Set<Integer> tables = new HashSet<>();
        int gotox = 0;
        int callx = 0;
        int idle = 0;
        for (int slot = part.nextSetBit(0); slot >= 0; slot = part.nextSetBit(slot + 1)) {
            if (!program.code().begins(slot)) {
                continue;
            }
            Insn insn = program.code().at(slot);
            if (insn instanceof Insn.JumpIndirect) {
                gotox++;
            } else if (insn instanceof Insn.CallIndirect) {
                callx++;
            } else if (insn instanceof Insn.StaticJump) {
                idle += nops.get(slot) ? 1 : 0;
            } else if (insn instanceof Insn.Wide wide && isJumpTable(program, wide)) {
                tables.add(wide.low());
            }
        }
        return new CodeCounts(tables.size(), gotox, callx, idle);
    }

    private static boolean isJumpTable(BpfProgram program, Insn.Wide wide) {
        return wide.kind() == WideKind.MAP_INDEX_VALUE
                && program.maps().get(wide.low()).content() instanceof MapDefinition.Content.Targets;
    }
}
