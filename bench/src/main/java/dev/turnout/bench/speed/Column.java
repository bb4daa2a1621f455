package dev.turnout.bench.speed;

import dev.turnout.driver.load.EngineRow;
import dev.turnout.runtime.engine.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What workloads run on.
 *
 * @param title as the table shows it
 * @param subjects opens a workload
 */
record Column(String title, Subjects subjects) {
    private static final List<String> V3 = List.of("v3");
    private static final List<String> V4 = List.of("v4", "v3");
    private static final List<String> TABLES = List.of("v4-tables", "v4", "v3");

    /** A workload made ready; empty if this one does not take it. */
    interface Subjects {
        Optional<? extends Subject> open(String workload) throws IOException;
    }

    /**
     * All columns that there are here, native code first.
     *
     * @param natives folder of shared objects
     */
    static List<Column> all(Corpus corpus, Path natives) {
        List<Column> columns = new ArrayList<>();
        columns.add(
                new Column("native", workload -> Optional.of(new NativeSubject(natives, workload, corpus.input()))));
        for (EngineRow row : EngineRow.values()) {
            switch (row.availability()) {
                case EngineRow.Availability.Here(Engine engine) -> {
                    columns.add(ours(corpus, engine, Corpus.Shape.VM, V3, " vm v3"));
                    if (row != EngineRow.INTERP) {
                        columns.add(ours(corpus, engine, Corpus.Shape.VM, TABLES, " vm v4"));
                        columns.add(ours(corpus, engine, Corpus.Shape.XDP, V3, " xdp v3"));
                        columns.add(ours(corpus, engine, Corpus.Shape.XDP, TABLES, " xdp v4"));
                    }
                }
                case EngineRow.Availability.InKernel _ -> {
                    columns.add(kernel(corpus, V3, "kernel xdp v3"));
                    columns.add(kernel(corpus, V4, "kernel xdp v4"));
                }
                case EngineRow.Availability.Absent _ -> {}
            }
        }
        return columns;
    }

    private static Column ours(Corpus corpus, Engine engine, Corpus.Shape shape, List<String> variants, String title) {
        return new Column(
                engine.name() + title,
                workload -> Optional.of(
                        new EngineSubject(corpus.program(workload, shape, variants), engine, corpus.input())));
    }

    private static Column kernel(Corpus corpus, List<String> variants, String title) {
        return new Column(
                title,
                workload -> KernelSubject.of(corpus.program(workload, Corpus.Shape.XDP, variants), corpus.input()));
    }
}
