package dev.turnout.bench.speed;

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
import dev.turnout.verifier.Options;
import java.util.List;

/** A program on an engine of ours. */
public final class EngineSubject implements Subject {
    private final Machine machine;
    private final RunnableProgram program;
    private final CpuSlots.Lease slot;
    private final List<Input> input;

    public EngineSubject(BpfProgram program, Engine engine, ByteString input) {
        Diagnostics diagnostics = new Diagnostics();
        this.machine = Machine.create(World.host(line -> {}), 1);
        this.program = new Loader(engine, Options.exec())
                .load(program, machine, diagnostics)
                .orElseThrow(() -> new IllegalStateException(new TerminalRenderer(false).render(diagnostics)));
        this.slot = machine.slots().lease();
        this.input = List.of(
                program.entry() instanceof BpfProgram.Entry.Memory ? new Input.Memory(input) : new Input.Packet(input));
    }

    @Override
    public int run(long times) {
        return (int) new Batch(new PacketFeed(false), times, RunnableProgram.ENDLESS)
                .run(program, input, slot, new Diagnostics())
                .orElseThrow()
                .last();
    }

    @Override
    public void close() {
        slot.close();
        program.close();
        machine.close();
    }
}
