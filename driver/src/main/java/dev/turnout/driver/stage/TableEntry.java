package dev.turnout.driver.stage;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapDefinition.Content.Functions;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.verifier.specialize.SpecializeOptions;
import java.util.ArrayList;
import java.util.List;

/** An entry of a table of code, with every place that what it leads to has had. */
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

    private static JsonLine head(TableEntry entry, String kind) {
        return new JsonLine().text("table", entry.table()).text("kind", kind).number("index", entry.index());
    }

    /** All entries of all tables of a program, in order. What no machine of ours can run has no native places. */
    static List<TableEntry> of(BpfProgram program, SpecializeOptions rewrites) {
        ProgramViews views = ProgramViews.of(program, rewrites);
        List<TableEntry> entries = new ArrayList<>();
        for (MapDefinition map : program.maps()) {
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
                case MapDefinition.Content.Empty _, MapDefinition.Content.Data _ -> {}
            }
        }
        return entries;
    }
}
