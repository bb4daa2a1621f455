package dev.turnout.tests.golden;

import dev.turnout.bpf.object.FunctionTable;
import dev.turnout.bpf.object.JumpTable;
import java.util.List;

/** {@code //! tables [target=T]}: every jump table of the object, with the instruction slots that its entries lead to, and every function table. */
final class TableText {
    private TableText() {}

    static String of(Subject subject, Section section) {
        StringBuilder text = new StringBuilder();
        for (JumpTable table : subject.stages(section).object().jumpTables()) {
            text.append(table.name())
                    .append(", ")
                    .append(table.targets().size())
                    .append(" entries: ");
            text.append(table.targets()).append('\n');
        }
        for (FunctionTable table : subject.stages(section).object().functionTables()) {
            List<String> rows = table.rows().stream()
                    .map(row -> row.isEmpty() ? "missing" : row)
                    .toList();
            text.append(table.name()).append(table.mutable() ? ", mutable, " : ", ");
            text.append(table.rows().size()).append(" rows: ").append(rows);
            text.append(table.mutable() ? " of " + table.candidates() : "");
            text.append(table.mutable() && table.nullable() ? " or missing\n" : "\n");
        }
        return text.isEmpty() ? "no tables\n" : text.toString();
    }
}
