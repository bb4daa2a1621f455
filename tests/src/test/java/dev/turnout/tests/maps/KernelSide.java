package dev.turnout.tests.maps;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.load.KernelMap;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.linux.load.KernelProgram;
import dev.turnout.linux.load.TestRun;
import dev.turnout.linux.syscall.CpuAffinity;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A map in the running kernel. */
final class KernelSide implements MapSide {
    private final CpuAffinity affinity = CpuAffinity.first();
    private final KernelObject object = new KernelObject();
    private final OperationProgram operation;
    private final KernelProgram program;
    private final KernelMap map;
    private final KernelMap ticket;

    KernelSide(MapDefinition definition) {
        this.operation = new OperationProgram(definition);
        Diagnostics diagnostics = new Diagnostics();
        this.program = object.load(operation.program(), diagnostics)
                .orElseThrow(() -> new IllegalStateException(
                        definition + ": " + diagnostics.all().getFirst()));
        this.map = object.map(OperationProgram.MAP, diagnostics).orElseThrow();
        this.ticket = object.map(OperationProgram.TICKET, diagnostics).orElseThrow();
    }

    @Override
    public String name() {
        return "kernel";
    }

    /** The CPU that programs run on. */
    int cpu() {
        return affinity.cpu();
    }

    int cpus() {
        return map.slots();
    }

    @Override
    public String perform(MapOperation one) {
        if (one.inside()) {
            ticket.update(OperationProgram.TICKET_KEY, List.of(operation.ticket(one)), 0);
            if (!(program.run(ByteString.zeros(64), 1) instanceof TestRun.Ran)) {
                throw new IllegalStateException("no test run");
            }
            return operation.answer(ticket.read(OperationProgram.TICKET_KEY).getFirst());
        }
        return switch (one.verb()) {
            case LOOKUP -> answer(map.lookup(one.key(), one.flags()));
            case UPDATE, PUSH ->
                MapSide.answer(
                        map.update(one.key(), Collections.nCopies(map.slots(), one.value()), one.flags()), List.of());
            case DELETE -> MapSide.answer(map.delete(one.key()), List.of());
            case POP, TAKE -> answer(map.lookupAndDelete(one.key(), one.flags()));
            case PEEK ->
                map.definition().kind() == MapKind.BLOOM_FILTER
                        ? MapSide.answer(map.holds(one.value()), List.of())
                        : answer(map.lookup(one.key(), one.flags()));
            case NEXT ->
                MapHistory.isUnordered(map.definition().kind())
                        ? keys()
                        : answer(map.next(one.key().size() == 0 ? Optional.empty() : Optional.of(one.key())));
            case LOOKUP_ON, ADD, WALK, REDIRECT -> throw new IllegalArgumentException("no host can " + one.verb());
        };
    }

    private static String answer(KernelMap.Answer answer) {
        return MapSide.answer(answer.result(), answer.bytes());
    }

    private String keys() {
        List<String> all = new ArrayList<>();
        KernelMap.Answer next = map.next(Optional.empty());
        while (next.result() == 0) {
            all.add(next.bytes().getFirst().toString());
            next = map.next(Optional.of(next.bytes().getFirst()));
        }
        Collections.sort(all);
        return next.result() + " " + all;
    }

    @Override
    public String content() {
        List<String> all = new ArrayList<>();
        map.entries().forEach(entry -> all.add(entry.key() + "=" + entry.values()));
        Collections.sort(all);
        return all.toString();
    }

    @Override
    public void close() {
        object.close();
        affinity.close();
    }
}
