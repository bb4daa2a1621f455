package dev.turnout.verifier;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.verifier.domain.Known;
import java.util.List;
import java.util.Optional;

/** What holds before each instruction in every run, whatever the way there. Immutable. */
public final class Invariants {
    private final List<List<Known>> before;

    /** One row a slot, of what the registers hold in their order; an empty row where no run gets to. */
    Invariants(List<List<Known>> before) {
        this.before = List.copyOf(before);
    }

    /** Whether any run can get to the instruction at {@code slot}. */
    public boolean reachable(int slot) {
        return !before.get(slot).isEmpty();
    }

    /** What is known of a register before the instruction at {@code slot}; absent where no run gets to. */
    public Optional<Known> before(int slot, Reg reg) {
        List<Known> row = before.get(slot);
        return row.isEmpty() ? Optional.empty() : Optional.of(row.get(reg.number()));
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
