package dev.turnout.verifier.specialize;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.Code;
import dev.turnout.verifier.invariant.Ways;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A program while it is rewritten: for each slot of the original code the instruction that stands there now, and the slot
 * that it refers to. Everything is said in original slots until {@link Layout} gives out new ones, so no rewrite has to think
 * about distances, and none can break a table.
 *
 * <p>A slot where nothing stands is either <i>skipped</i>, and a run that comes to it goes on at the next that is not; or it
 * is <i>dead</i>, and no run comes to it. Owned by one thread.
 */
final class Draft {
    /** The instruction refers to no other. */
    static final int NOTHING = -1;

    private final BpfProgram program;
    private final @Nullable Insn[] insns;
    private final int[] referred;
    private final BitSet dead = new BitSet();
    /**
     * By slot where nothing stands: a slot behind it in front of which nothing stands either; 0 if none is known. Each walk
     * leaves its end here, so that all walks together are short although a long row of slots may be empty.
     */
    private final int[] ahead;

    private final Map<Integer, List<Insn>> before = new TreeMap<>();
    private final Map<Integer, List<BranchSite>> sites;

    Draft(BpfProgram program) {
        Code code = program.code();
        this.program = program;
        this.insns = new Insn[code.size()];
        this.referred = new int[code.size()];
        this.ahead = new int[code.size()];
        this.sites = program.branchSites().stream().collect(Collectors.groupingBy(BranchSite::slot));
        Arrays.fill(referred, NOTHING);
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            insns[slot] = code.at(slot);
            referred[slot] = referred(code.at(slot), code.next(slot));
        }
    }

    private static int referred(Insn insn, int next) {
        return switch (insn) {
            case Insn.CallLocal call -> next + call.distance();
            // The distance counts from the first of the two slots, as in a call.
            case Insn.Wide wide -> wide.kind() == WideKind.FUNCTION ? next - 1 + wide.low() : NOTHING;
            case Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _, Insn.MayGoto _ ->
                next + insn.jumpDistance().orElseThrow();
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Load _, Insn.Store _, Insn.Atomic _ ->
                NOTHING;
            case Insn.PacketLoad _, Insn.JumpIndirect _, Insn.CallHelper _, Insn.CallKernel _ -> NOTHING;
            case Insn.CallIndirect _, Insn.Exit _ -> NOTHING;
        };
    }

    /** What was verified. */
    BpfProgram program() {
        return program;
    }

    /** Original slots in all. */
    int size() {
        return insns.length;
    }

    boolean stands(int slot) {
        return insns[slot] != null;
    }

    /** What stands at {@code slot}; its distance, if it has one, means nothing: {@link #referred(int)} does. */
    Insn at(int slot) {
        Insn insn = insns[slot];
        if (insn == null) {
            throw new IllegalStateException("nothing stands at slot " + slot + " of " + program.name());
        }
        return insn;
    }

    /** The slot that the instruction at {@code slot} jumps to, calls or takes the address of, or {@link #NOTHING}. */
    int referred(int slot) {
        return referred[slot];
    }

    /** Slots at which something stands, ascending. */
    int[] standing() {
        int[] all = new int[insns.length];
        int count = 0;
        for (int slot = 0; slot < insns.length; slot++) {
            if (insns[slot] != null) {
                all[count++] = slot;
            }
        }
        return Arrays.copyOf(all, count);
    }

    /**
     * Where a run that comes to {@code slot} goes on: there, or at the first slot behind it at which something stands. What is
     * dead in between will not be there.
     */
    int forward(int slot) {
        if (dead.get(slot)) {
            throw new IllegalStateException("a run comes to the dead slot " + slot + " of " + program.name());
        }
        int end = slot;
        while (insns[end] == null) {
            end = Math.max(end + 1, ahead[end]);
        }
        for (int at = slot; at < end; ) {
            int next = Math.max(at + 1, ahead[at]);
            ahead[at] = end;
            at = next;
        }
        return end;
    }

    boolean isDead(int slot) {
        return dead.get(slot);
    }

    /** Replaces an instruction by one that refers to nothing. */
    void put(int slot, Insn insn) {
        put(slot, insn, NOTHING);
    }

    void put(int slot, Insn insn, int refers) {
        if (insns[slot] == null) {
            Arrays.fill(ahead, 0);
        }
        insns[slot] = insn;
        referred[slot] = refers;
        dead.clear(slot);
    }

    /** What runs right before the instruction at {@code slot}, whichever way a run comes there; no jumps. */
    void before(int slot, List<Insn> insns) {
        before.put(slot, List.copyOf(insns));
    }

    List<Insn> before(int slot) {
        return before.getOrDefault(slot, List.of());
    }

    /** Takes an instruction away: runs go on behind it. */
    void skip(int slot) {
        insns[slot] = null;
        referred[slot] = NOTHING;
    }

    /** Takes an instruction away that no run gets to. */
    void kill(int slot) {
        skip(slot);
        dead.set(slot);
    }

    /**
     * All slots where control may go on from the instruction at {@code slot}, within its function; one may come twice.
     *
     * @param ways where the {@code gotox}s of the program go
     */
    void eachSuccessor(int slot, Ways ways, IntConsumer use) {
        Insn insn = at(slot);
        if (insn.fallsThrough()) {
            use.accept(forward(program.code().next(slot)));
        }
        if (insn.jumpDistance().isPresent()) {
            use.accept(forward(referred[slot]));
        }
        if (insn instanceof Insn.StaticJump) {
            sites.getOrDefault(slot, List.of()).forEach(site -> use.accept(forward(site.target())));
        }
        if (insn instanceof Insn.JumpIndirect) {
            ways.targets(slot).forEach(target -> use.accept(forward(target)));
        }
    }
}
