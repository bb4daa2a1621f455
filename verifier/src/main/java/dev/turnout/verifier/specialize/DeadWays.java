package dev.turnout.verifier.specialize;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.verifier.Invariants;
import dev.turnout.verifier.specialize.Decisions.DeadCode;
import dev.turnout.verifier.specialize.Decisions.Jump;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Of what each dead instruction died: from each jump that goes one way only, the ways that it does not go are followed through code
 * that no run gets to. What several lead to is counted once, with the first of them.
 */
final class DeadWays {
    private final BpfProgram program;
    private final Code code;
    private final Invariants invariants;
    private final int[] causes;

    private DeadWays(BpfProgram program, Invariants invariants) {
        this.program = program;
        this.code = program.code();
        this.invariants = invariants;
        this.causes = new int[code.size()];
        Arrays.fill(causes, DeadCode.NONE);
    }

    /**
     * By slot of an instruction that no run gets to, the slot of its jump, or {@link DeadCode#NONE}.
     *
     * @param jumps in order of slot
     */
    static int[] causes(BpfProgram program, Invariants invariants, List<Jump> jumps) {
        DeadWays ways = new DeadWays(program, invariants);
        jumps.forEach(jump -> ways.follow(jump.slot()));
        return ways.causes;
    }

    private void follow(int cause) {
        ArrayDeque<Integer> pending = new ArrayDeque<>(successors(cause));
        while (!pending.isEmpty()) {
            int slot = pending.remove();
            if (!invariants.reachable(slot) && causes[slot] == DeadCode.NONE) {
                causes[slot] = cause;
                pending.addAll(successors(slot));
            }
        }
    }

    private List<Integer> successors(int slot) {
        List<Integer> all = new ArrayList<>();
        Insn insn = code.at(slot);
        int next = code.next(slot);
        if (insn.fallsThrough()) {
            all.add(next);
        }
        insn.jumpDistance().ifPresent(distance -> all.add(next + distance));
        switch (insn) {
            case Insn.CallLocal call -> all.add(next + call.distance());
            case Insn.StaticJump _ ->
                program.branchSites().stream()
                        .filter(site -> site.slot() == slot)
                        .map(BranchSite::target)
                        .forEach(all::add);
            // Any target of its function's tables: which table it reads is known only where some run gets to it.
            case Insn.JumpIndirect _ -> all.addAll(targets(program.functionAt(slot)));
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Wide _, Insn.Load _, Insn.Store _ -> {}
            case Insn.Atomic _, Insn.PacketLoad _, Insn.Jump _, Insn.JumpIf _, Insn.MayGoto _, Insn.CallHelper _ -> {}
            case Insn.CallKernel _, Insn.CallIndirect _, Insn.Exit _ -> {}
        }
        return all;
    }

    private List<Integer> targets(FunctionRange function) {
        List<Integer> all = new ArrayList<>();
        for (MapDefinition map : program.maps()) {
            if (map.content() instanceof MapDefinition.Content.Targets(List<Integer> targets)) {
                targets.stream()
                        .filter(target -> function.start() <= target && target < function.end())
                        .forEach(all::add);
            }
        }
        return all;
    }
}
