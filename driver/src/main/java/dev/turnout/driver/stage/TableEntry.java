package dev.turnout.driver.stage;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.object.DataSection;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapDefinition.Content.Functions;
import dev.turnout.driver.json.DatumJson;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.TypedBytes;
import dev.turnout.verifier.specialize.SpecializeOptions;
import java.util.ArrayList;
import java.util.List;

/** An entry of a table that decides: of code, with every place that what it leads to has had, or of values. */
public sealed interface TableEntry {
    /** Its symbol. */
    String table();

    /** That it belongs to. */
    String program();

    /** From 0. */
    int index();

    /** One line: {@code rewritten} is -1 where no run gets to; what is not known is null. */
    String json();

    /** One row of a listing. */
    String text();

    /**
     * An entry of a jump table.
     *
     * @param to the instruction
     */
    record Jump(String table, String program, int index, CodePlace to) implements TableEntry {
        @Override
        public String json() {
            return to.json(head(this, "jump"), "arm").toString();
        }

        @Override
        public String text() {
            return "  [" + index + "] → " + to.text() + to.sourceText();
        }
    }

    /**
     * A row of a function table, as the object has it.
     *
     * @param to where the function begins; its native place is where it is called
     */
    record Call(String table, String program, int index, String function, CodePlace to) implements TableEntry {
        @Override
        public String json() {
            return to.json(head(this, "calltable").text("arm", function)).toString();
        }

        @Override
        public String text() {
            return "  [" + index + "] → " + function + ", " + to.text();
        }
    }

    /** A row of a function table that is missing. */
    record Missing(String table, String program, int index) implements TableEntry {
        @Override
        public String json() {
            return head(this, "calltable")
                    .nothing("arm")
                    .nothing("original")
                    .nothing("rewritten")
                    .nothing("native")
                    .toString();
        }

        @Override
        public String text() {
            return "  [" + index + "] missing";
        }
    }

    /** An entry of a table of values, which a {@code switch} over constants became. */
    record Value(String table, String program, int index, Datum value) implements TableEntry {
        @Override
        public String json() {
            return head(this, "value")
                    .nothing("arm")
                    .nothing("original")
                    .nothing("rewritten")
                    .nothing("native")
                    .raw("value", DatumJson.print(value))
                    .toString();
        }

        @Override
        public String text() {
            return "  [" + index + "] = " + DatumJson.word(value);
        }
    }

    private static JsonLine head(TableEntry entry, String kind) {
        return new JsonLine().text("table", entry.table()).text("kind", kind).number("index", entry.index());
    }

    /** All entries of all tables of a program, in order. What no machine of ours can run has no native places. */
    static List<TableEntry> of(BpfProgram program, SpecializeOptions rewrites) {
        ProgramViews views = ProgramViews.of(program, rewrites);
        List<TableEntry> entries = new ArrayList<>();
        for (int number = 0; number < program.maps().size(); number++) {
            MapDefinition map = program.maps().get(number);
            switch (map.content()) {
                case MapDefinition.Content.Targets(List<Integer> targets) -> {
                    for (int i = 0; i < targets.size(); i++) {
                        entries.add(new Jump(map.name(), program.name(), i, views.place(targets.get(i))));
                    }
                }
                case Functions functions -> {
                    for (int i = 0; i < functions.rows().size(); i++) {
                        int start = functions.rows().get(i);
                        entries.add(
                                start == Functions.MISSING
                                        ? new Missing(map.name(), program.name(), i)
                                        : new Call(
                                                map.name(),
                                                program.name(),
                                                i,
                                                program.functionAt(start).name(),
                                                views.function(start)));
                    }
                }
                case MapDefinition.Content.Data(ByteString bytes, boolean _) ->
                    entries.addAll(values(program, number, bytes));
                case MapDefinition.Content.Empty _ -> {}
            }
        }
        return entries;
    }

    /** The entries of the tables of values that a program reads; a section holds those of all programs. */
    private static List<TableEntry> values(BpfProgram program, int map, ByteString bytes) {
        List<TableEntry> entries = new ArrayList<>();
        if (program.maps().get(map).value() instanceof DebugType.Struct section) {
            for (DebugType.Member member : section.members()) {
                int start = member.bitOffset() / 8;
                if (member.name().startsWith(DataSection.VALUE_TABLE_PREFIX)
                        && member.type() instanceof DebugType.Array(DebugType of, long count)
                        && isRead(program, map, start)) {
                    for (int i = 0; i < count; i++) {
                        int at = start + i * (int) of.size();
                        Datum value = TypedBytes.show(of, bytes.slice(at, at + (int) of.size()));
                        entries.add(new Value(member.name(), program.name(), i, value));
                    }
                }
            }
        }
        return entries;
    }

    private static boolean isRead(BpfProgram program, int map, int offset) {
        return program.code().insns().stream()
                .anyMatch(insn -> insn instanceof Insn.Wide wide
                        && wide.kind() == WideKind.MAP_INDEX_VALUE
                        && wide.low() == map
                        && wide.high() == offset);
    }
}
