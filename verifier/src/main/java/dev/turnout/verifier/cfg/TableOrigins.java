package dev.turnout.verifier.cfg;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Which jump table each indirect jump of a function goes through, as far as moves, sums and spills in the text show it: the
 * graph of a function with many tables has fewer edges then, and jumps through one table can be seen to be one dispatch.
 *
 * <p>A guess, which proves nothing: what comes in from callers or by way of memory that is not the stack is not followed.
 * Whoever follows a jump compares the table that it really goes through with the guess.
 */
final class TableOrigins {
    /** In place of a table: nothing of one, and what could be of several. */
    static final int NONE = -1;

    private static final int SEVERAL = -2;

    private final BpfProgram program;
    /** What was ever stored at an offset of the frame. */
    private final Map<Integer, Integer> spilled = new HashMap<>();

    /** Blocks that a table leads to, by its number. */
    private final Map<Integer, int[]> arms = new HashMap<>();

    private boolean grew;

    private TableOrigins(BpfProgram program) {
        this.program = program;
    }

    /**
     * Index of the map that the jump at the end of each block goes through, or {@link #NONE}.
     *
     * @param starts first slots of the blocks
     * @param lasts slots of their last instructions
     * @param successors with all that any table of the function leads to
     */
    static int[] of(BpfProgram program, int[] starts, int[] lasts, int[][] successors) {
        return new TableOrigins(program).settle(starts, lasts, successors);
    }

    /**
     * A jump leads where its table does as soon as that is known, and until then nowhere. Were it to lead to all arms of all tables at
     * first, a register that held an address of one arm would be carried to the others, and what is loaded from it there would seem to
     * be of that table, too. Only if something is left of which nothing is known does that lead everywhere.
     */
    private int[] settle(int[] starts, int[] lasts, int[][] successors) {
        int[] tables = new int[starts.length];
        Arrays.fill(tables, NONE);
        int[][] held = new int[starts.length][];
        settle(starts, lasts, successors, held, tables, new int[0]);
        for (int b = 0; b < starts.length; b++) {
            if (tables[b] == NONE && program.code().at(lasts[b]) instanceof Insn.JumpIndirect) {
                settle(starts, lasts, successors, held, tables, successors[b]);
                break;
            }
        }
        for (int b = 0; b < starts.length; b++) {
            tables[b] = Math.max(NONE, tables[b]);
        }
        return tables;
    }

    /** @param unknown where jumps lead of which nothing is known */
    private void settle(int[] starts, int[] lasts, int[][] successors, int[][] held, int[] tables, int[] unknown) {
        int n = starts.length;
        do {
            grew = false;
            for (int b = 0; b < n; b++) {
                int[] now = held[b] == null ? nothing() : held[b].clone();
                for (int slot = starts[b];
                        slot < lasts[b];
                        slot = program.code().next(slot)) {
                    step(now, program.code().at(slot));
                }
                Insn last = program.code().at(lasts[b]);
                step(now, last);
                int[] ways = successors[b];
                if (last instanceof Insn.JumpIndirect jump) {
                    tables[b] = now[jump.target().number()];
                    ways = switch (tables[b]) {
                        case NONE -> unknown;
                        case SEVERAL -> successors[b];
                        default -> arms.computeIfAbsent(tables[b], table -> arms(table, starts));
                    };
                }
                for (int next : ways) {
                    join(held, next, now);
                }
            }
            // Each round adds a table to some place, of which none gets more than two: it ends.
        } while (grew);
    }

    /** What the table leads to in this function; one of another function is refused later. */
    private int[] arms(int table, int[] starts) {
        return Arrays.stream(ControlFlow.targetBlocks(program, table, starts))
                .filter(block -> block >= 0)
                .toArray();
    }

    private static int[] nothing() {
        int[] none = new int[Reg.R10.number() + 1];
        Arrays.fill(none, NONE);
        return none;
    }

    private void join(int[][] held, int block, int[] more) {
        int[] before = held[block];
        if (before == null) {
            held[block] = more.clone();
            grew = true;
            return;
        }
        for (int r = 0; r < before.length; r++) {
            int both = join(before[r], more[r]);
            grew |= both != before[r];
            before[r] = both;
        }
    }

    private static int join(int a, int b) {
        return a == b || b == NONE ? a : a == NONE ? b : SEVERAL;
    }

    private void step(int[] now, Insn insn) {
        switch (insn) {
            case Insn.Wide wide -> now[wide.dst().number()] = table(wide);
            case Insn.Alu alu -> {
                int other = alu.src() instanceof Operand.Register register
                        ? now[register.reg().number()]
                        : NONE;
                int dst = alu.dst().number();
                now[dst] = alu.op() == AluOp.MOV ? other : join(now[dst], other);
            }
            case Insn.Load load -> {
                int base = now[load.base().number()];
                now[load.dst().number()] =
                        base != NONE ? base : load.base() == Reg.R10 ? spilled.getOrDefault(load.offset(), NONE) : NONE;
            }
            case Insn.Store store -> {
                if (store.base() == Reg.R10 && store.value() instanceof Operand.Register register) {
                    int value = now[register.reg().number()];
                    int before = spilled.getOrDefault(store.offset(), NONE);
                    int both = join(before, value);
                    grew |= both != before;
                    spilled.put(store.offset(), both);
                }
            }
            case Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Atomic _, Insn.PacketLoad _ -> forget(now, insn);
            case Insn.CallHelper _, Insn.CallLocal _, Insn.CallKernel _, Insn.CallIndirect _ -> forget(now, insn);
            case Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _, Insn.MayGoto _, Insn.JumpIndirect _, Insn.Exit _ -> {}
        }
    }

    private static void forget(int[] now, Insn insn) {
        int written = Liveness.writes(insn);
        for (int r = 0; r < now.length; r++) {
            now[r] = (written >>> r & 1) != 0 ? NONE : now[r];
        }
    }

    private int table(Insn.Wide wide) {
        boolean map = wide.kind() == WideKind.MAP_INDEX_VALUE
                && wide.low() < program.maps().size();
        return map && program.maps().get(wide.low()).content() instanceof MapDefinition.Content.Targets
                ? wide.low()
                : NONE;
    }
}
