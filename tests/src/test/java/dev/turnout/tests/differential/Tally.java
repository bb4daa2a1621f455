package dev.turnout.tests.differential;

import dev.turnout.bpf.asm.Encoder;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.InsnForm;
import dev.turnout.bpf.isa.InsnForms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts by name, which also pass between processes. */
final class Tally {
    private static final String ROW = "row ";

    private final Map<String, Long> counts = new TreeMap<>();

    void count(String what) {
        add(what, 1);
    }

    void add(String what, long times) {
        counts.merge(what, times, Long::sum);
    }

    long of(String what) {
        return counts.getOrDefault(what, 0L);
    }

    /** The rows of the instruction table that a program which ran is made of. */
    void countRows(Trial trial) {
        for (Insn insn : trial.program().code().insns()) {
            count(ROW + row(Encoder.word(insn)).name());
        }
    }

    private static InsnForm row(long word) {
        for (InsnForm row : InsnForms.ofOpcode((int) (word & 0xff))) {
            if (row.src().allows((int) (word >> 12 & 0xf))
                    && row.off().allows((short) (word >> 16))
                    && row.imm().allows((int) (word >> 32))) {
                return row;
            }
        }
        throw new IllegalStateException("no row for " + Long.toHexString(word));
    }

    /** Names of rows that no program had. */
    List<String> missingRows() {
        List<String> missing = new ArrayList<>();
        for (InsnForm row : InsnForms.all()) {
            if (of(ROW + row.name()) == 0) {
                missing.add(row.name());
            }
        }
        return missing;
    }

    /** A line a count. */
    List<String> lines() {
        return counts.entrySet().stream()
                .map(count -> count.getKey() + "\t" + count.getValue())
                .toList();
    }

    void addLine(String line) {
        int tab = line.indexOf('\t');
        add(line.substring(0, tab), Long.parseLong(line.substring(tab + 1)));
    }

    /** Those that do not count rows. */
    String summary() {
        StringBuilder text = new StringBuilder();
        counts.forEach((name, count) -> {
            if (!name.startsWith(ROW)) {
                text.append(text.isEmpty() ? "" : ", ").append(name).append(' ').append(count);
            }
        });
        return text.toString();
    }
}
