package dev.turnout.driver.stage;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.verifier.specialize.ExecutableProgram;
import dev.turnout.verifier.specialize.SpecializeOptions;
import dev.turnout.x86.code.X86Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An entry of a jump table, with every place that the instruction it leads to has had.
 *
 * @param table its symbol
 * @param program that it belongs to
 * @param index from 0
 * @param arm where the code that it leads to came from, if the object says
 * @param original slot of the program as it was loaded
 * @param rewritten slot after rewriting, or {@link ExecutableProgram#REMOVED} if no run gets there; empty if the program is not
 *     accepted
 * @param nativeOffset bytes from the start of the program's native code; empty if there is none
 */
public record TableEntry(
        String table,
        String program,
        int index,
        Optional<LineInfo> arm,
        int original,
        OptionalInt rewritten,
        OptionalInt nativeOffset) {
    /** All entries of all tables of a program, in order. What no machine of ours can run has no native places. */
    public static List<TableEntry> of(BpfProgram program, SpecializeOptions rewrites) {
        Optional<ExecutableProgram> executable = Accepted.of(program, rewrites, new Diagnostics());
        Optional<X86Code> code = executable.flatMap(one -> X86Dump.code(one, new Diagnostics()));
        List<TableEntry> entries = new ArrayList<>();
        for (MapDefinition map : program.maps()) {
            if (map.content() instanceof MapDefinition.Content.Targets(List<Integer> targets)) {
                for (int i = 0; i < targets.size(); i++) {
                    int slot = targets.get(i);
                    Optional<Integer> now = executable.map(one -> one.rewritten(slot));
                    Optional<Integer> offset = now.filter(at -> at != ExecutableProgram.REMOVED)
                            .flatMap(at -> code.map(one -> one.offset(at)));
                    entries.add(new TableEntry(
                            map.name(),
                            program.name(),
                            i,
                            program.lineAt(slot),
                            slot,
                            optional(now),
                            optional(offset)));
                }
            }
        }
        return entries;
    }

    private static OptionalInt optional(Optional<Integer> number) {
        return number.isPresent() ? OptionalInt.of(number.get()) : OptionalInt.empty();
    }

    /** {@code rewritten} is -1 where no run gets to; what is not known is null. */
    public String json() {
        JsonLine line = new JsonLine().text("table", table).text("kind", "jump").number("index", index);
        if (arm.isPresent()) {
            line.text("arm", arm.get().line() + ":" + arm.get().column());
        } else {
            line.nothing("arm");
        }
        line.number("original", original);
        number(line, "rewritten", rewritten);
        number(line, "native", nativeOffset);
        return line.toString();
    }

    private static void number(JsonLine line, String name, OptionalInt number) {
        if (number.isPresent()) {
            line.number(name, number.getAsInt());
        } else {
            line.nothing(name);
        }
    }

    /** One row of a listing. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append("  [").append(index).append("] → ").append(original);
        if (rewritten.isPresent() && rewritten.getAsInt() == ExecutableProgram.REMOVED) {
            text.append(", removed: no run gets there");
        } else if (rewritten.isPresent() && rewritten.getAsInt() != original) {
            text.append(", now ").append(rewritten.getAsInt());
        }
        nativeOffset.ifPresent(offset -> text.append(", native +0x").append(Integer.toHexString(offset)));
        arm.ifPresent(line -> text.append("   ")
                .append(line.line())
                .append(':')
                .append(line.column())
                .append("  ")
                .append(line.text().strip()));
        return text.toString();
    }
}
