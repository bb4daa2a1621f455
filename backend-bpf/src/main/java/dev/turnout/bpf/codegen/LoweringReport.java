package dev.turnout.bpf.codegen;

import dev.turnout.ir.model.Location;
import java.util.ArrayList;
import java.util.List;

/** What each construct became: the lines of {@code --explain}. Filled by one thread while code is generated. */
public final class LoweringReport {
    private static final String SWITCH = "switch";
    private static final String LOOP = "loop";

    private final List<Row> rows = new ArrayList<>();

    /**
     * One construct.
     *
     * @param function that holds it
     * @param at where it is in the text
     * @param construct as the user knows it: {@code switch}, {@code static_branch audit}
     * @param form what it became, with its figures: {@code jump table, 64 entries}
     * @param reason why this and nothing else; empty where it goes without saying
     */
    public record Row(String function, Location at, String construct, String form, String reason) {}

    /**
     * Adds a construct. What stands at the same place in the same function is one construct that took its form in several steps: a key
     * is a load and a {@code switch}, a labelled {@code switch} a loop around a table.
     */
    public void add(String function, Location at, String construct, String form, String reason) {
        Row row = new Row(function, at, construct, form, reason);
        for (int i = 0; i < rows.size(); i++) {
            Row known = rows.get(i);
            if (at.isKnown() && known.at.equals(at) && known.function.equals(function) && isStep(known, row)) {
                rows.set(i, joined(known, row));
                return;
            }
        }
        rows.add(row);
    }

    private static boolean isStep(Row known, Row row) {
        return known.equals(row) || (row.construct.equals(SWITCH) && !known.construct.equals(SWITCH));
    }

    private static Row joined(Row known, Row row) {
        if (known.equals(row)) {
            return known;
        }
        String reason = known.reason + (known.reason.isEmpty() || row.reason.isEmpty() ? "" : "; ") + row.reason;
        return known.construct.equals(LOOP)
                ? new Row(row.function, row.at, row.construct, row.form + "; " + known.form, reason)
                : new Row(known.function, known.at, known.construct, known.form + ": " + row.form, reason);
    }

    /** In the order of the module. */
    public List<Row> rows() {
        return List.copyOf(rows);
    }
}
