package dev.turnout.driver.stage;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.verifier.specialize.SpecializeOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * An entry of a jump table, with every place that the instruction it leads to has had.
 *
 * @param table its symbol
 * @param program that it belongs to
 * @param index from 0
 * @param to the instruction
 */
public record TableEntry(String table, String program, int index, CodePlace to) {
    /** All entries of all tables of a program, in order. What no machine of ours can run has no native places. */
    public static List<TableEntry> of(BpfProgram program, SpecializeOptions rewrites) {
        ProgramViews views = ProgramViews.of(program, rewrites);
        List<TableEntry> entries = new ArrayList<>();
        for (MapDefinition map : program.maps()) {
            if (map.content() instanceof MapDefinition.Content.Targets(List<Integer> targets)) {
                for (int i = 0; i < targets.size(); i++) {
                    entries.add(new TableEntry(map.name(), program.name(), i, views.place(targets.get(i))));
                }
            }
        }
        return entries;
    }

    /** {@code rewritten} is -1 where no run gets to; what is not known is null. */
    public String json() {
        return to.json(new JsonLine().text("table", table).text("kind", "jump").number("index", index), "arm")
                .toString();
    }

    /** One row of a listing. */
    public String text() {
        return "  [" + index + "] → " + to.text() + to.sourceText();
    }
}
