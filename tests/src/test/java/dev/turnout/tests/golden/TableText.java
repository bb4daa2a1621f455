package dev.turnout.tests.golden;

import dev.turnout.bpf.object.JumpTable;

/** {@code //! tables [target=T]}: every jump table of the object, with the instruction slots that its entries lead to. */
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
        return text.isEmpty() ? "no tables\n" : text.toString();
    }
}
