package dev.turnout.driver.run;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.runtime.context.Redirection;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.map.Datum;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the packets of a batch were redirected to, as data: {@code {"map": "ports", "key": 1, "target": 7, "packets": 12}}, {@code
 * {"interface": 3, "packets": 1}}. Counted are those whose verdict asks for it.
 */
public final class Redirects {
    private static final String PACKETS = "packets";

    private Redirects() {}

    /** One row for each way that was taken, in the order in which they were first taken. */
    public static List<Datum> of(RunnableProgram program, Batch.Result result) {
        Map<Redirection, Long> counts = new LinkedHashMap<>();
        for (int i = 0; i < result.redirections().size(); i++) {
            if (asks(program.program(), result.verdicts().get(i))) {
                counts.merge(result.redirections().get(i), 1L, Long::sum);
            }
        }
        counts.remove(new Redirection.None());
        List<Datum> rows = new ArrayList<>();
        counts.forEach((way, packets) -> {
            Map<String, Datum> row = row(way, program.machine());
            row.put(PACKETS, Datum.of(packets));
            rows.add(new Datum.Fields(row));
        });
        return rows;
    }

    /** The row of one run, without a count; no fields if its verdict does not ask, or nothing said where to. */
    public static Datum.Fields of(RunnableProgram program, long verdict, Redirection way) {
        return new Datum.Fields(asks(program.program(), verdict) ? row(way, program.machine()) : Map.of());
    }

    /** Whether a verdict of a program asks for its packet to be redirected. */
    private static boolean asks(BpfProgram program, long verdict) {
        return program.type()
                .flatMap(type -> type.verdicts().name((int) verdict))
                .filter(name -> name.endsWith("_REDIRECT"))
                .isPresent();
    }

    private static Map<String, Datum> row(Redirection way, Machine machine) {
        Map<String, Datum> row = new LinkedHashMap<>();
        switch (way) {
            case Redirection.None _ -> {}
            case Redirection.Interface(int index, boolean ingress) -> {
                row.put("interface", Datum.of(index));
                if (ingress) {
                    row.put("ingress", new Datum.Flag(true));
                }
            }
            case Redirection.Peer(int index) -> row.put("peer", Datum.of(index));
            case Redirection.Neighbour(int index) -> row.put("neighbour", Datum.of(index));
            case Redirection.Entry(int map, int key, int target) -> {
                row.put("map", name(machine, map));
                row.put("key", Datum.of(Integer.toUnsignedLong(key)));
                row.put("target", Datum.of(Integer.toUnsignedLong(target)));
            }
            case Redirection.Broadcast(int map, boolean exceptOrigin) -> {
                row.put("map", name(machine, map));
                row.put("all", new Datum.Flag(true));
                if (exceptOrigin) {
                    row.put("except_origin", new Datum.Flag(true));
                }
            }
        }
        return row;
    }

    private static Datum name(Machine machine, int map) {
        Optional<String> name =
                machine.numbered(map).map(one -> one.definition().name());
        return new Datum.Text(name.orElse("?"));
    }
}
