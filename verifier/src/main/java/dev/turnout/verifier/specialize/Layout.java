package dev.turnout.verifier.specialize;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.Surroundings;
import dev.turnout.verifier.VerifiedProgram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Gives a draft its new slots: distances of jumps and calls, entries of tables, bounds of functions, branch sites and lines.
 * The order of instructions stays, so a range stays a range.
 *
 * <p>A jump whose way no longer fits 16 bits takes its long form, as the code generator would:
 *
 * <pre>
 *   if r1 == 3 goto far              if r1 != 3 goto +1
 *                                    gotol far
 *   if r1 &amp; 3 goto far               if r1 &amp; 3 goto +1      (no negation; may_goto likewise)
 *                                    goto +1
 *                                    gotol far
 * </pre>
 *
 * Long forms only make ways longer, so trying again until none is missing ends.
 */
final class Layout {
    private final Draft draft;
    private final int[] standing;
    /** By original slot: where what stands there begins, what runs before it included. */
    private final int[] position;
    /** Original slots whose jump takes its long form. */
    private final BitSet far = new BitSet();

    private final List<Insn> insns = new ArrayList<>();
    /** By new slot, the original one. */
    private final int[] original;

    private Layout(Draft draft) {
        this.draft = draft;
        this.standing = draft.standing();
        this.position = new int[draft.size()];
        int end = place();
        while (findFar()) {
            end = place();
        }
        this.original = new int[end];
        for (int slot : standing) {
            emit(slot);
        }
    }

    /** What a program became. */
    static ExecutableProgram of(Draft draft, VerifiedProgram origin) {
        Layout layout = new Layout(draft);
        BpfProgram from = draft.program();
        BpfProgram program = new BpfProgram(
                from.name(),
                from.section(),
                from.entry(),
                from.license(),
                Code.of(layout.insns),
                layout.functions(),
                layout.maps(),
                from.keys(),
                layout.sites(),
                layout.lines(),
                // Relocations are of the original's slots, and have been applied.
                new Surroundings(
                        from.surroundings().types(),
                        from.surroundings().symbols(),
                        from.surroundings().target()));
        return new ExecutableProgram(origin, program, layout.rewritten(), layout.original);
    }

    /** Places everything; slots in all. */
    private int place() {
        int at = 0;
        for (int slot : standing) {
            position[slot] = at;
            at += slotsBefore(slot) + slots(slot);
        }
        return at;
    }

    private int slotsBefore(int slot) {
        int slots = 0;
        for (Insn insn : draft.before(slot)) {
            slots += insn.slots();
        }
        return slots;
    }

    private int slots(int slot) {
        return switch (draft.at(slot)) {
            case Insn.JumpIf jump -> !far.get(slot) ? 1 : jump.op().hasNegation() ? 2 : 3;
            case Insn.MayGoto _ -> far.get(slot) ? 3 : 1;
            case Insn insn -> insn.slots();
        };
    }

    /** Where a run goes on that came to the original {@code slot}. */
    private int at(int slot) {
        return position[draft.forward(slot)];
    }

    /** From the slot behind the last of what {@code slot} became to where it refers to. */
    private int distance(int slot) {
        return at(draft.referred(slot)) - (position[slot] + slotsBefore(slot) + slots(slot));
    }

    private boolean findFar() {
        boolean found = false;
        for (int slot : standing) {
            if (draft.at(slot).jumpDistance().isPresent() && !far.get(slot)) {
                int distance = distance(slot);
                if (distance != (short) distance) {
                    far.set(slot);
                    found = true;
                }
            }
        }
        return found;
    }

    private void emit(int slot) {
        int end = position[slot] + slotsBefore(slot) + slots(slot);
        Arrays.fill(original, position[slot], end, slot);
        insns.addAll(draft.before(slot));
        int distance = draft.referred(slot) == Draft.NOTHING ? 0 : distance(slot);
        switch (draft.at(slot)) {
            case Insn.Jump jump -> insns.add(new Insn.Jump(jump.far() || far.get(slot), distance));
            case Insn.StaticJump jump ->
                insns.add(new Insn.StaticJump(jump.far() || far.get(slot), jump.nop(), distance));
            case Insn.JumpIf jump -> {
                if (!far.get(slot)) {
                    insns.add(jumpIf(jump, jump.op(), distance));
                } else if (jump.op().hasNegation()) {
                    insns.add(jumpIf(jump, jump.op().negated(), 1));
                    insns.add(new Insn.Jump(true, distance));
                } else {
                    insns.add(jumpIf(jump, jump.op(), 1));
                    insns.add(new Insn.Jump(false, 1));
                    insns.add(new Insn.Jump(true, distance));
                }
            }
            case Insn.MayGoto _ -> {
                if (!far.get(slot)) {
                    insns.add(new Insn.MayGoto(distance));
                } else {
                    insns.add(new Insn.MayGoto(1));
                    insns.add(new Insn.Jump(false, 1));
                    insns.add(new Insn.Jump(true, distance));
                }
            }
            case Insn.CallLocal _ -> insns.add(new Insn.CallLocal(distance));
            // Its distance counts from the first of its two slots.
            case Insn.Wide wide
            when draft.referred(slot) != Draft.NOTHING ->
                insns.add(new Insn.Wide(wide.dst(), wide.kind(), distance + 1, wide.high()));
            case Insn insn -> insns.add(insn);
        }
    }

    private static Insn jumpIf(Insn.JumpIf jump, JumpOp op, int distance) {
        return new Insn.JumpIf(op, jump.width(), jump.dst(), jump.src(), distance);
    }

    private int[] rewritten() {
        int[] rewritten = new int[draft.size()];
        Arrays.fill(rewritten, ExecutableProgram.REMOVED);
        Code code = draft.program().code();
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            if (!draft.isDead(slot)) {
                rewritten[slot] = at(slot);
            }
        }
        return rewritten;
    }

    private List<FunctionRange> functions() {
        List<FunctionRange> functions = new ArrayList<>();
        List<FunctionRange> before = draft.program().functions();
        int end = original.length;
        for (int i = before.size() - 1; i >= 0; i--) {
            FunctionRange function = before.get(i);
            // Dead as a whole, or entered at its start.
            if (!draft.isDead(function.start())) {
                int start = at(function.start());
                functions.addFirst(new FunctionRange(function.name(), start, end, function.global()));
                end = start;
            }
        }
        return functions;
    }

    private List<MapDefinition> maps() {
        return draft.program().maps().stream().map(this::map).toList();
    }

    private MapDefinition map(MapDefinition map) {
        return switch (map.content()) {
            case MapDefinition.Content.Empty _, MapDefinition.Content.Data _ -> map;
            case MapDefinition.Content.Targets table ->
                map.withContent(new MapDefinition.Content.Targets(
                        table.targets().stream().map(this::moved).toList()));
            case MapDefinition.Content.Functions table -> map.withContent(table.moved(this::moved));
        };
    }

    /** Where an original slot is now, or {@link ExecutableProgram#REMOVED}. */
    private int moved(int slot) {
        return draft.isDead(slot) ? ExecutableProgram.REMOVED : at(slot);
    }

    private List<BranchSite> sites() {
        return draft.program().branchSites().stream()
                .filter(site -> !draft.isDead(site.slot()))
                .map(site ->
                        new BranchSite(at(site.slot()), at(site.target()), site.key(), site.value(), site.inverse()))
                .toList();
    }

    /** A line covers the slots up to the next line's; it moves to the first of them that still stands. */
    private List<LineInfo> lines() {
        List<LineInfo> lines = new ArrayList<>();
        List<LineInfo> before = draft.program().lines();
        for (int i = 0; i < before.size(); i++) {
            LineInfo line = before.get(i);
            int end = i + 1 < before.size() ? before.get(i + 1).slot() : draft.size();
            int slot = line.slot();
            while (slot < end && !draft.stands(slot)) {
                slot++;
            }
            if (slot < end) {
                lines.add(new LineInfo(position[slot], line.file(), line.line(), line.column(), line.text()));
            }
        }
        return lines;
    }
}
