package dev.turnout.verifier.cfg;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.verifier.report.Violation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The blocks of one function and the edges between them. Only for programs that {@link Structure} has passed. Immutable.
 *
 * <p>Where several indirect jumps go through one table, they meet in a <i>hub</i>: a block without instructions, numbered
 * behind all others, that leads to the table's targets. Copies of one dispatch make a graph in which every target is a head
 * of every other; with the hub all its cycles go through one block, and an analysis of it costs what the code is long.
 */
public final class ControlFlow {
    private final FunctionRange function;
    private final Code code;
    private final int[] starts;
    private final int[] lasts;
    private final List<int[]> successors;
    private final BitSet reachable;
    private final int[] targets;
    /** By block, the table that its indirect jump goes through, or {@link TableOrigins#NONE}; hubs behind the others. */
    private final int[] tables;

    private ControlFlow(
            FunctionRange function,
            Code code,
            int[] starts,
            int[] lasts,
            List<int[]> successors,
            BitSet reachable,
            int[] targets,
            int[] tables) {
        this.function = function;
        this.code = code;
        this.starts = starts;
        this.lasts = lasts;
        this.successors = successors;
        this.reachable = reachable;
        this.targets = targets;
        this.tables = tables;
    }

    public static ControlFlow of(BpfProgram program, FunctionRange function) {
        return of(program, function, true);
    }

    /** As if what throws came back: what Linux asks when it looks for instructions that no path reaches. */
    static ControlFlow asWritten(BpfProgram program, FunctionRange function) {
        return of(program, function, false);
    }

    private static ControlFlow of(BpfProgram program, FunctionRange function, boolean exceptions) {
        Code code = program.code();
        int[] targets = indirectTargets(program, function);
        BitSet leaders = new BitSet();
        leaders.set(function.start());
        for (int slot = function.start(); slot < function.end(); slot = code.next(slot)) {
            Insn insn = code.at(slot);
            int next = code.next(slot);
            insn.jumpDistance().ifPresent(distance -> leaders.set(next + distance));
            if (endsBlock(insn) || (exceptions && Exceptions.at(program, insn))) {
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
            successors.add(
                    exceptions && Exceptions.at(program, code.at(last))
                            ? new int[0]
                            : successors(program, starts, last, targets));
        }
        BitSet reachable = reachable(successors);
        int[] tables = TableOrigins.of(program, starts, lasts, successors.toArray(int[][]::new));
        return new ControlFlow(
                function,
                code,
                starts,
                lasts,
                successors,
                reachable,
                targets,
                narrowed(program, function, starts, successors, tables, reachable));
    }

    /** Leads each indirect jump whose table is known to that table's targets alone; gives the tables with those of hubs. */
    private static int[] narrowed(
            BpfProgram program,
            FunctionRange function,
            int[] starts,
            List<int[]> successors,
            int[] tables,
            BitSet reachable) {
        int blocks = tables.length;
        TreeMap<Integer, List<Integer>> jumps = new TreeMap<>();
        for (int b = 0; b < blocks; b++) {
            if (tables[b] != TableOrigins.NONE && reachable.get(b)) {
                boolean own = program.maps().get(tables[b]).content() instanceof MapDefinition.Content.Targets table
                        && owns(function, table);
                if (own) {
                    jumps.computeIfAbsent(tables[b], _ -> new ArrayList<>()).add(b);
                } else {
                    tables[b] = TableOrigins.NONE;
                }
            }
        }
        List<Integer> hubs = new ArrayList<>();
        for (var one : jumps.entrySet()) {
            int[] to = targetBlocks(program, one.getKey(), starts);
            boolean shared = one.getValue().size() > 1;
            for (int b : one.getValue()) {
                successors.set(b, shared ? new int[] {blocks + hubs.size()} : to);
            }
            if (shared) {
                reachable.set(blocks + hubs.size());
                hubs.add(one.getKey());
            }
        }
        for (int table : hubs) {
            successors.add(targetBlocks(program, table, starts));
        }
        int[] all = Arrays.copyOf(tables, blocks + hubs.size());
        for (int i = 0; i < hubs.size(); i++) {
            all[blocks + i] = hubs.get(i);
        }
        return all;
    }

    static int[] targetBlocks(BpfProgram program, int map, int[] starts) {
        return program.maps().get(map).content() instanceof MapDefinition.Content.Targets table
                ? table.targets().stream()
                        .mapToInt(slot -> Arrays.binarySearch(starts, slot))
                        .sorted()
                        .distinct()
                        .toArray()
                : new int[0];
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
        return program.branchesAt(slot).stream()
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

    /** How many blocks there are, hubs among them. */
    public int blocks() {
        return successors.size();
    }

    /** Whether the block has no instructions, and only leads to what a table names. */
    public boolean isHub(int block) {
        return block >= starts.length;
    }

    /** The map that the indirect jump at the end of a block is known to go through, or -1. */
    public int table(int block) {
        return tables[block];
    }

    /** First slot of a block; of a hub, the first that it leads to. */
    public int start(int block) {
        return isHub(block) ? starts[successors.get(block)[0]] : starts[block];
    }

    /** Slot of the last instruction of a block that is no hub. */
    public int last(int block) {
        return lasts[block];
    }

    public Insn terminator(int block) {
        return code.at(lasts[block]);
    }

    /** In order: the next block, then the jump's; for a gotox its hub or all targets ascending. */
    public int[] successors(int block) {
        return successors.get(block).clone();
    }

    /** The block that begins at {@code slot}. */
    public int blockAt(int slot) {
        return Arrays.binarySearch(starts, slot);
    }

    /** The block that the instruction at {@code slot} is in. */
    public int blockOf(int slot) {
        int at = Arrays.binarySearch(starts, slot);
        return at >= 0 ? at : -at - 2;
    }

    /** What is wrong with an indirect jump that goes through another table than {@link #table} says. */
    public static Violation throughAnotherTable(int slot) {
        return Violation.of(DiagnosticCode.V0134, slot, "this jump goes through another table than its code shows")
                .note("the table's address comes from another function, or out of memory that is not the stack")
                .help("load the table's address in front of the jump");
    }

    public boolean isReachable(int block) {
        return reachable.get(block);
    }

    /** All slots that a gotox of this function may go to. */
    public int[] indirectTargets() {
        return targets.clone();
    }
}
