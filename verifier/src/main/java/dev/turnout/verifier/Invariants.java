package dev.turnout.verifier;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.verifier.domain.Known;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What holds before each instruction in every run, whatever the way there. Immutable. */
public final class Invariants {
    private final Known @Nullable [][] before;

    Invariants(Known @Nullable [][] before) {
        this.before = before;
    }

    /** Whether any run can get to the instruction at {@code slot}. */
    public boolean reachable(int slot) {
        return before[slot] != null;
    }

    /** What is known of a register before the instruction at {@code slot}; absent where no run gets to. */
    public Optional<Known> before(int slot, Reg reg) {
        Known[] row = before[slot];
        return row == null ? Optional.empty() : Optional.of(row[reg.number()]);
    }

    /** Slots in all. */
    public int size() {
        return before.length;
    }

    /** A line: the readable registers before the instruction at {@code slot}. */
    public String text(int slot) {
        Known[] row = before[slot];
        if (row == null) {
            return "not reached";
        }
        StringBuilder line = new StringBuilder();
        for (int r = 0; r < row.length - 1; r++) {
            if (!(row[r] instanceof Known.Unreadable)) {
                line.append(line.isEmpty() ? "" : ", ")
                        .append(Reg.of(r))
                        .append(" = ")
                        .append(row[r]);
            }
        }
        return line.toString();
    }
}
