package dev.turnout.tests.maps;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.ir.model.ByteString;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Carries a history out in the running kernel and on every engine of ours, and compares what each operation gave. */
final class MapJudgement {
    /** The kinds that are compared. */
    static final Set<MapKind> KINDS = EnumSet.of(
            MapKind.ARRAY,
            MapKind.HASH,
            MapKind.PERCPU_ARRAY,
            MapKind.PERCPU_HASH,
            MapKind.LRU_HASH,
            MapKind.LRU_PERCPU_HASH,
            MapKind.LPM_TRIE,
            MapKind.QUEUE,
            MapKind.STACK,
            MapKind.BLOOM_FILTER,
            MapKind.DEVMAP,
            MapKind.DEVMAP_HASH,
            MapKind.CPUMAP);

    private MapJudgement() {}

    /**
     * The first difference: which engine, at which operation, and what it gave.
     *
     * @return empty if there is none
     */
    static Optional<String> difference(MapHistory history) {
        try (KernelSide kernel = new KernelSide(history.map())) {
            List<String> expected = answers(kernel, history);
            for (EngineRow row : EngineRow.values()) {
                if (row.availability() instanceof EngineRow.Availability.Here(var engine)) {
                    try (EngineSide ours = new EngineSide(row, engine, history.map(), kernel.cpus(), kernel.cpu())) {
                        Optional<String> found = first(history, expected, answers(ours, history));
                        if (found.isPresent()) {
                            return found.map(text -> row.word() + " " + text);
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> answers(MapSide side, MapHistory history) {
        List<String> answers = new ArrayList<>();
        history.operations().forEach(one -> answers.add(side.perform(one)));
        switch (history.map().kind()) {
            case QUEUE, STACK -> drain(side, answers);
            default -> answers.add(history.map().has(MapFlag.WRONLY) ? "hidden" : side.content());
        }
        return answers;
    }

    private static void drain(MapSide side, List<String> answers) {
        MapOperation pop = new MapOperation(MapOperation.Verb.POP, false, ByteString.EMPTY, ByteString.EMPTY, 0);
        do {
            answers.add(side.perform(pop));
        } while (answers.getLast().startsWith("0"));
    }

    private static Optional<String> first(MapHistory history, List<String> expected, List<String> answers) {
        for (int i = 0; i < Math.min(expected.size(), answers.size()); i++) {
            if (!expected.get(i).equals(answers.get(i))) {
                String what = i < history.operations().size()
                        ? history.operations().get(i).toString()
                        : "content";
                return Optional.of("operation " + i + " (" + what + ") gives " + answers.get(i) + ", the kernel "
                        + expected.get(i));
            }
        }
        return Optional.empty();
    }

    /** The history with as few operations as still differ, found by leaving out ever smaller pieces. */
    static MapHistory reduced(MapHistory history) {
        MapHistory least = history;
        for (int piece = Math.max(1, least.operations().size() / 2); ; piece /= 2) {
            for (int at = 0; at < least.operations().size(); ) {
                List<MapOperation> rest = new ArrayList<>(least.operations());
                rest.subList(at, Math.min(rest.size(), at + piece)).clear();
                MapHistory shorter = least.with(rest);
                if (difference(shorter).isPresent()) {
                    least = shorter;
                } else {
                    at += piece;
                }
            }
            if (piece <= 1) {
                return least;
            }
        }
    }

    /** A history as a person reads it. */
    static String text(MapHistory history) {
        MapDefinition map = history.map();
        StringBuilder text = new StringBuilder(map.kind().word() + " key " + map.keySize() + " value " + map.valueSize()
                + " entries " + map.maxEntries() + " extra " + map.extra() + " flags");
        for (MapFlag flag : MapFlag.values()) {
            text.append(map.has(flag) ? " " + flag.word() : "");
        }
        text.append(map.fields().isEmpty() ? "" : " fields " + map.fields());
        history.operations().forEach(one -> text.append("\n  ").append(one));
        return text.toString();
    }
}
