package dev.turnout.verifier.cfg;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The blocks of one function and the edges between them. Only for programs that {@link Structure} has passed. Immutable. */
public final class ControlFlow {
    private final FunctionRange function;
    private final Code code;
    private final int[] starts;
    private final int[] lasts;
    private final List<int[]> successors;
    private final BitSet reachable;
    private final int[] targets;

    private ControlFlow(
            FunctionRange function,
            Code code,
            int[] starts,
            int[] lasts,
            List<int[]> successors,
            BitSet reachable,
            int[] targets) {
        this.function = function;
        this.code = code;
        this.starts = starts;
        this.lasts = lasts;
        this.successors = successors;
        this.reachable = reachable;
        this.targets = targets;
    }

    public static ControlFlow of(BpfProgram program, FunctionRange function) {
        Code code = program.code();
        int[] targets = indirectTargets(program, function);
        BitSet leaders = new BitSet();
        leaders.set(function.start());
        for (int slot = function.start(); slot < function.end(); slot = code.next(slot)) {
            Insn insn = code.at(slot);
            int next = code.next(slot);
            insn.jumpDistance().ifPresent(distance -> leaders.set(next + distance));
            if (endsBlock(insn)) {
                leaders.set(next);
            }
            if (insn instanceof Insn.JumpIndirect) {
                for (int target : targets) {
                    leaders.set(target);
                }
            }
            for (int target : patchedTargets(program, slot, insn)) {
                leaders.set(target);
            }
        }
        leaders.clear(function.end(), Math.max(function.end(), leaders.length()));
        int[] starts = leaders.stream().toArray();
        int[] lasts = new int[starts.length];
        List<int[]> successors = new ArrayList<>(starts.length);
        for (int b = 0; b < starts.length; b++) {
            int end = b + 1 < starts.length ? starts[b + 1] : function.end();
            int last = code.begins(end - 1) ? end - 1 : end - 2;
            lasts[b] = last;
            successors.add(successors(program, starts, last, targets));
        }
        return new ControlFlow(function, code, starts, lasts, successors, reachable(successors), targets);
    }

    /** Jumps, exits, and calls of functions of the program, also by way of a helper. */
    public static boolean endsBlock(Insn insn) {
        return switch (insn) {
            case Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _, Insn.MayGoto _, Insn.JumpIndirect _, Insn.Exit _ ->
                true;
            case Insn.CallLocal _, Insn.CallIndirect _ -> true;
            case Insn.CallHelper call -> callsBack(call);
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Wide _, Insn.Load _, Insn.Store _ -> false;
            case Insn.Atomic _, Insn.PacketLoad _, Insn.CallKernel _ -> false;
        };
    }

    /** Whether a helper calls a function of the program before it returns, and this analysis follows it there. */
    public static boolean callsBack(Insn.CallHelper call) {
        return call.id() == HelperFunction.LOOP.id();
    }

    /** Where the site may be patched to jump, besides where the instruction says: all values of its key. Ascending. */
    private static int[] patchedTargets(BpfProgram program, int slot, Insn insn) {
        if (!(insn instanceof Insn.StaticJump)) {
            return new int[0];
        }
        return program.branchSites().stream()
                .filter(site -> site.slot() == slot)
                .mapToInt(BranchSite::target)
                .sorted()
                .distinct()
                .toArray();
    }

    private static int[] successors(BpfProgram program, int[] starts, int last, int[] targets) {
        Code code = program.code();
        Insn insn = code.at(last);
        int next = code.next(last);
        int[] patched = patchedTargets(program, last, insn);
        if (patched.length > 0) {
            int stated = next + insn.jumpDistance().orElse(0);
            return IntStream.concat(IntStream.of(next, stated), IntStream.of(patched))
                    .distinct()
                    .map(slot -> Arrays.binarySearch(starts, slot))
                    .toArray();
        }
        if (insn instanceof Insn.JumpIndirect) {
            int[] all = new int[targets.length];
            for (int i = 0; i < all.length; i++) {
                all[i] = Arrays.binarySearch(starts, targets[i]);
            }
            return all;
        }
        int jump = insn.jumpDistance().map(distance -> next + distance).orElse(-1);
        boolean falls = insn.fallsThrough();
        int count = (jump >= 0 ? 1 : 0) + (falls && next != jump ? 1 : 0);
        int[] all = new int[count];
        int at = 0;
        if (falls && next != jump) {
            all[at++] = Arrays.binarySearch(starts, next);
        }
        if (jump >= 0) {
            all[at] = Arrays.binarySearch(starts, jump);
        }
        return all;
    }

    /**
     * Where a gotox of the function can go by its tables alone: all targets of all jump tables whose smallest target lies in
     * the function, as Linux collects them. Ascending.
     */
    static int[] indirectTargets(BpfProgram program, FunctionRange function) {
        TreeSet<Integer> all = new TreeSet<>();
        for (MapDefinition map : program.maps()) {
            if (map.content() instanceof MapDefinition.Content.Targets table && owns(function, table)) {
                all.addAll(table.targets());
            }
        }
        return all.stream().mapToInt(Integer::intValue).toArray();
    }

    static boolean owns(FunctionRange function, MapDefinition.Content.Targets table) {
        int least = Integer.MAX_VALUE;
        for (int target : table.targets()) {
            least = Math.min(least, target);
        }
        return function.start() <= least && least < function.end();
    }

    private static BitSet reachable(List<int[]> successors) {
        BitSet seen = new BitSet(successors.size());
        int[] stack = new int[successors.size() + 1];
        int depth = 0;
        stack[depth++] = 0;
        seen.set(0);
        while (depth > 0) {
            for (int next : successors.get(stack[--depth])) {
                if (!seen.get(next)) {
                    seen.set(next);
                    stack[depth++] = next;
                }
            }
        }
        return seen;
    }

    public FunctionRange function() {
        return function;
    }

    public int blocks() {
        return starts.length;
    }

    /** First slot of a block. */
    public int start(int block) {
        return starts[block];
    }

    /** Slot of a block's last instruction. */
    public int last(int block) {
        return lasts[block];
    }

    public Insn terminator(int block) {
        return code.at(lasts[block]);
    }

    /** In order: the next block, then the jump's; for a gotox all targets ascending. */
    public int[] successors(int block) {
        return successors.get(block).clone();
    }

    /** The block that begins at {@code slot}. */
    public int blockAt(int slot) {
        return Arrays.binarySearch(starts, slot);
    }

    public boolean isReachable(int block) {
        return reachable.get(block);
    }

    /** All slots that a gotox of this function may go to. */
    public int[] indirectTargets() {
        return targets.clone();
    }
}
