package dev.turnout.verifier;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.verifier.domain.Known;
import dev.turnout.verifier.invariant.Ways;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What holds before each instruction in every run, whatever the way there. Immutable. */
public final class Invariants {
    private final List<List<Known>> before;
    private final Map<Integer, Known> loads;
    private final Ways ways;

    /**
     * @param before one row a slot, of what the registers hold in their order; an empty row where no run gets to
     * @param loads by slot, what a load leaves in its register
     * @param ways on from jumps
     */
    Invariants(List<List<Known>> before, Map<Integer, Known> loads, Ways ways) {
        this.before = List.copyOf(before);
        this.loads = Map.copyOf(loads);
        this.ways = ways;
    }

    /** Whether any run can get to the instruction at {@code slot}. */
    public boolean reachable(int slot) {
        return !before.get(slot).isEmpty();
    }

    /**
     * What is known of a register before the instruction at {@code slot}; absent where no run gets to, and of the hidden
     * register, which is none of the program's.
     */
    public Optional<Known> before(int slot, Reg reg) {
        List<Known> row = before.get(slot);
        return row.isEmpty() || reg == Reg.AX ? Optional.empty() : Optional.of(row.get(reg.number()));
    }

    /** What the load at {@code slot} leaves in its register; absent where no run gets to, or no load is. */
    public Optional<Known> loaded(int slot) {
        return Optional.ofNullable(loads.get(slot));
    }

    /** The ways on from jumps that some run may take. */
    public Ways ways() {
        return ways;
    }

    /** Slots in all. */
    public int size() {
        return before.size();
    }

    /** A line: the readable registers before the instruction at {@code slot}. */
    public String text(int slot) {
        List<Known> row = before.get(slot);
        if (row.isEmpty()) {
            return "not reached";
        }
        StringBuilder line = new StringBuilder();
        for (int r = 0; r < row.size() - 1; r++) {
            if (!(row.get(r) instanceof Known.Unreadable)) {
                line.append(line.isEmpty() ? "" : ", ")
                        .append(Reg.of(r))
                        .append(" = ")
                        .append(row.get(r));
            }
        }
        return line.toString();
    }
}
