package dev.turnout.bpf.isa.random;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.InsnForm;
import dev.turnout.bpf.isa.InsnForms;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.program.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** Draws instructions that can be encoded, each row of the table as often as any other. */
public final class RandomInsns {
    private final SplittableRandom random;
    private final List<InsnForm> rows;

    /** Over all rows. */
    public RandomInsns(long seed) {
        this(seed, row -> true);
    }

    /** Over the rows that {@code wanted} lets pass, of which there must be one. */
    public RandomInsns(long seed, Predicate<InsnForm> wanted) {
        random = new SplittableRandom(seed);
        rows = InsnForms.all().stream().filter(wanted).toList();
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("no row to draw from");
        }
    }

    /** An instruction of any row. */
    public Insn next() {
        return of(rows.get(random.nextInt(rows.size())));
    }

    /** An instruction of this row. Constants of shifts and divisions obey Linux's load policy. */
    public Insn of(InsnForm row) {
        int imm = row.linuxImm().draw(random);
        return row.build(
                row.dst().draw(random),
                row.src().draw(random),
                row.off().draw(random),
                row.imm().allows(imm) ? imm : row.imm().draw(random),
                row.high().draw(random));
    }

    /**
     * A piece of code of {@code count} instructions and an exit, in which every jump lands on an instruction and none is a
     * call of a local function or a load of one's address, whose targets only a linker knows.
     *
     * @param backwards whether jumps may go back, so that it may not end
     */
    public Code code(int count, boolean backwards) {
        List<Insn> insns = new ArrayList<>(count + 1);
        int[] starts = new int[count + 1];
        int slot = 0;
        while (insns.size() < count) {
            Insn insn = next();
            if (insn instanceof Insn.CallLocal
                    || (insn instanceof Insn.Wide wide && wide.kind() == WideKind.FUNCTION)) {
                continue;
            }
            starts[insns.size()] = slot;
            slot += insn.slots();
            insns.add(insn);
        }
        starts[count] = slot;
        for (int i = 0; i < count; i++) {
            int low = backwards ? 0 : i + 1;
            int distance = starts[low + random.nextInt(count + 1 - low)] - starts[i] - 1;
            insns.set(i, aimed(insns.get(i), (short) distance));
        }
        insns.add(new Insn.Exit());
        return Code.of(insns);
    }

    private static Insn aimed(Insn insn, int distance) {
        return switch (insn) {
            case Insn.Jump jump -> new Insn.Jump(jump.far(), distance);
            case Insn.JumpIf jump -> new Insn.JumpIf(jump.op(), jump.width(), jump.dst(), jump.src(), distance);
            case Insn.StaticJump jump -> new Insn.StaticJump(jump.far(), jump.nop(), distance);
            case Insn.MayGoto _ -> new Insn.MayGoto(distance);
            default -> insn; // Everything else has no distance of its own.
        };
    }
}
