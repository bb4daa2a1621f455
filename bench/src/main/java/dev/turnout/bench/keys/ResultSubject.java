package dev.turnout.bench.keys;

import dev.turnout.bench.speed.Subject;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.driver.load.Loader;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.World;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.verifier.Options;
import java.util.List;
import java.util.Objects;

/** A program that leaves a number in its first variable. */
final class ResultSubject implements Subject {
    private final Machine machine = Machine.create(World.host(line -> {}), 1);
    private final RunnableProgram program;
    private final CpuSlots.Lease slot = machine.slots().lease();
    private final List<Input> input;

    ResultSubject(BpfProgram program, Engine engine, ByteString packet) {
        Diagnostics diagnostics = new Diagnostics();
        this.program = new Loader(engine, Options.linux())
                .load(program, machine, diagnostics)
                .orElseThrow(() -> new IllegalStateException(new TerminalRenderer(false).render(diagnostics)));
        this.input = List.of(new Input.Packet(packet));
    }

    @Override
    public int run(long times) {
        var _ = new Batch(new PacketFeed(false), times, RunnableProgram.ENDLESS)
                .run(program, input, slot, new Diagnostics())
                .orElseThrow();
        return Memory.loadInt(Objects.requireNonNull(machine.maps().get(".bss")).direct());
    }

    @Override
    public void close() {
        slot.close();
        program.close();
        machine.close();
    }
}
