package dev.turnout.bpf.codegen;

import dev.turnout.ir.model.Location;
import java.util.ArrayList;
import java.util.List;

/** What each construct became: the lines of {@code --explain}. Filled by one thread while code is generated. */
public final class LoweringReport {
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

    public void add(String function, Location at, String construct, String form, String reason) {
        rows.add(new Row(function, at, construct, form, reason));
    }

    /** In the order of the module. */
    public List<Row> rows() {
        return List.copyOf(rows);
    }
}
