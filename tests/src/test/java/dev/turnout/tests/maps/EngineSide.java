package dev.turnout.tests.maps;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.load.Loader;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.MapResult;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A map of a machine of ours, and a program on one of its engines. */
final class EngineSide implements MapSide {
    private static final Batch ONCE = new Batch(new PacketFeed(true), 1, RunnableProgram.ENDLESS);
    private static final List<Input> PACKET = List.of(new Input.Packet(ByteString.zeros(64)));

    private final String name;
    private final int cpu;
    private final Machine machine;
    private final OperationProgram operation;
    private final RunnableProgram program;
    private final BpfMap map;
    private final BpfMap ticket;

    /**
     * @param cpus of the machine
     * @param cpu that programs run on
     */
    EngineSide(EngineRow row, Engine engine, MapDefinition definition, int cpus, int cpu) {
        this.name = row.word();
        this.cpu = cpu;
        this.machine = Machine.create(new ScriptedWorld(), Math.max(cpus, cpu + 1));
        this.operation = new OperationProgram(definition);
        Diagnostics diagnostics = new Diagnostics();
        this.program = Loader.linux(engine)
                .load(operation.program(), machine, diagnostics)
                .orElseThrow(() -> new IllegalStateException(
                        definition + ": " + diagnostics.all().getFirst()));
        this.map = machine.map(OperationProgram.MAP, diagnostics).orElseThrow();
        this.ticket = machine.map(OperationProgram.TICKET, diagnostics).orElseThrow();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String perform(MapOperation one) {
        if (one.inside()) {
            ticket.write(OperationProgram.TICKET_KEY, operation.ticket(one), 0);
            try (CpuSlots.Lease slot = machine.slots().lease(cpu)) {
                Batch.Result ran =
                        ONCE.run(program, PACKET, slot, new Diagnostics()).orElseThrow();
                if (ran.runs() != 1) {
                    throw new IllegalStateException("no run");
                }
            }
            return operation.answer(ticket.read(OperationProgram.TICKET_KEY).getFirst());
        }
        return switch (one.verb()) {
            case LOOKUP -> answer(map.find(one.key(), one.flags()));
            case UPDATE -> MapSide.answer(map.write(one.key(), one.value(), one.flags()), List.of());
            case PUSH -> MapSide.answer(map.push(one.value(), one.flags()), List.of());
            case DELETE -> MapSide.answer(map.remove(one.key()), List.of());
            case POP, TAKE -> answer(map.take(one.key(), one.flags()));
            case PEEK ->
                map.definition().kind() == MapKind.BLOOM_FILTER
                        ? MapSide.answer(map.test(one.value()), List.of())
                        : answer(map.find(one.key(), one.flags()));
            case NEXT ->
                MapHistory.isUnordered(map.definition().kind())
                        ? keys()
                        : answer(map.nextKey(one.key().size() == 0 ? Optional.empty() : Optional.of(one.key())));
            case LOOKUP_ON, ADD, WALK, REDIRECT -> throw new IllegalArgumentException("no host can " + one.verb());
        };
    }

    private static String answer(MapResult answer) {
        return MapSide.answer(answer.error(), answer.values());
    }

    private String keys() {
        List<String> all = new ArrayList<>();
        MapResult next = map.nextKey(Optional.empty());
        while (next.found()) {
            all.add(next.values().getFirst().toString());
            next = map.nextKey(Optional.of(next.values().getFirst()));
        }
        Collections.sort(all);
        return next.error() + " " + all;
    }

    @Override
    public String content() {
        List<String> all = new ArrayList<>();
        map.each(entry -> all.add(entry.key() + "=" + entry.values()));
        Collections.sort(all);
        return all.toString();
    }

    @Override
    public void close() {
        program.close();
        machine.close();
    }
}
