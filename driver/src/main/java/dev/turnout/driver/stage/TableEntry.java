package dev.turnout.driver.stage;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.driver.run.ProgramVerdict;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.specialize.ExecutableProgram;
import dev.turnout.verifier.specialize.Specializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An entry of a jump table.
 *
 * @param table its symbol
 * @param program that it belongs to
 * @param index from 0
 * @param arm where the code that it leads to came from, if the object says
 * @param original slot of the program as it was loaded
 * @param rewritten slot after rewriting; empty if the program is not accepted, or the instruction is gone
 */
public record TableEntry(
        String table, String program, int index, Optional<LineInfo> arm, int original, OptionalInt rewritten) {
    /** All entries of all tables of a program, in order. */
    public static List<TableEntry> of(BpfProgram program) {
        Optional<ExecutableProgram> executable =
                switch (ProgramVerdict.of(program).verdict()) {
                    case Verdict.Verified verified -> Optional.of(Specializer.specialize(verified.program()));
                    case Verdict.Rejected _ -> Optional.empty();
                };
        List<TableEntry> entries = new ArrayList<>();
        for (MapDefinition map : program.maps()) {
            if (map.content() instanceof MapDefinition.Content.Targets(List<Integer> targets)) {
                for (int i = 0; i < targets.size(); i++) {
                    int slot = targets.get(i);
                    int now = executable.map(code -> code.rewritten(slot)).orElse(ExecutableProgram.REMOVED);
                    entries.add(new TableEntry(
                            map.name(),
                            program.name(),
                            i,
                            program.lineAt(slot),
                            slot,
                            now == ExecutableProgram.REMOVED ? OptionalInt.empty() : OptionalInt.of(now)));
                }
            }
        }
        return entries;
    }

    /** {@code native} is null until there is native code. */
    public String json() {
        JsonLine line = new JsonLine().text("table", table).text("kind", "jump").number("index", index);
        if (arm.isPresent()) {
            line.text("arm", arm.get().line() + ":" + arm.get().column());
        } else {
            line.nothing("arm");
        }
        line.number("original", original);
        if (rewritten.isPresent()) {
            line.number("rewritten", rewritten.getAsInt());
        } else {
            line.nothing("rewritten");
        }
        return line.nothing("native").toString();
    }

    /** One row of a listing. */
    public String text() {
        String source = arm.map(line ->
                        line.line() + ":" + line.column() + "  " + line.text().strip())
                .orElse("");
        return "  [" + index + "] → " + original
                + (rewritten.isPresent() && rewritten.getAsInt() != original ? " now " + rewritten.getAsInt() : "")
                + (source.isEmpty() ? "" : "   " + source);
    }
}
