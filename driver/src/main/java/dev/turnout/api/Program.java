package dev.turnout.api;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.explain.DecidedChoice;
import dev.turnout.driver.run.Redirects;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.ContextFields;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.engine.RunFault;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.TailTarget;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.verifier.specialize.ExecutableProgram;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A program that was proven safe. What it is called with depends on its kind: one that takes packets gets a frame that begins
 * with Ethernet; one of another type gets the bytes of its context; a function that was loaded for a memory gets its address and
 * length. May be run by many threads at once.
 */
public final class Program {
    private final RunnableProgram runnable;
    private final ExecutableProgram proven;
    private final Lifetime lifetime;
    private final boolean takesPackets;

    Program(RunnableProgram runnable, ExecutableProgram proven, Lifetime lifetime) {
        this.runnable = runnable;
        this.proven = proven;
        this.lifetime = lifetime;
        this.takesPackets = Feeder.takesPackets(runnable.program());
    }

    public String name() {
        return runnable.name();
    }

    /**
     * The choices that the values of {@code config} have made, and what died of it, in the order of the text. Found out anew with each
     * call.
     */
    public List<Decision> decisions() {
        return DecidedChoice.of(proven).stream().map(Decision::of).toList();
    }

    /** As tables of programs hold it. */
    TailTarget target() {
        return runnable;
    }

    /** The name that the program's type gives to a verdict, such as {@code XDP_DROP}; else its lower 32 bits as a number. */
    public String verdict(long value) {
        return runnable.program()
                .type()
                .flatMap(type -> type.verdicts().name((int) value))
                .orElseGet(() -> Integer.toString((int) value));
    }

    /**
     * Runs once. Waits if all slots of the machine are in use by other runs. Who runs often opens a {@link #runner}.
     *
     * @param input is not changed; native or on the heap
     * @throws IllegalArgumentException if the program cannot be fed it: a packet is longer than 65535 bytes or too short for the
     *     program's type, a memory has another length than the one that was proven
     * @throws IllegalStateException if the machine is closed, or if open runners hold all its slots, or from within a run (from where
     *     a program prints to)
     * @throws RunException if the run was stopped
     */
    public RunResult run(MemorySegment input) {
        return run(input, MemorySegment.ofArray(new byte[0]));
    }

    /**
     * The same on a packet of which more is said: marks, interfaces, the length of metadata in front of it.
     *
     * @param input a packet, or for programs of messages and options the bytes that take its place
     * @param context laid out as the kernel's struct, as {@code ctx_in} of Linux's test run; {@link #context} makes one. Empty says
     *     nothing
     * @throws IllegalArgumentException also if the program takes no packets, or cannot be given such a context
     */
    public RunResult run(MemorySegment input, MemorySegment context) {
        lifetime.enterRun();
        try {
            try (var slot = runnable.machine().slots().lease()) {
                Feeder feeder = new Feeder(runnable, slot);
                feeder.feed(input, context);
                long value = runnable.once(slot);
                return new RunResult(
                        value,
                        verdict(value),
                        MemorySegment.ofArray(feeder.output()),
                        MemorySegment.ofArray(feeder.context()),
                        Redirects.of(runnable, value, slot.workspace().input().redirection()));
            }
        } catch (RunFault fault) {
            throw new RunException(fault);
        } finally {
            lifetime.leave();
        }
    }

    /**
     * A context for this program.
     *
     * @param fields by their names in the kernel's struct, elements of arrays as {@code cb[2]}; what is not named is zero
     * @throws IllegalArgumentException if there is no such field, its width does not hold the value, or the program has no context
     */
    public MemorySegment context(Map<String, Long> fields) {
        Map<String, Datum> given = new LinkedHashMap<>();
        fields.forEach((name, value) -> given.put(name, Datum.ofUnsigned(value)));
        StringBuilder why = new StringBuilder();
        ProgramType type = runnable.program()
                .type()
                .orElseThrow(() -> new IllegalArgumentException(name() + " is called with a memory"));
        return ContextFields.read(type, new Datum.Fields(given), why)
                .map(bytes -> MemorySegment.ofArray(bytes.toArray()))
                .orElseThrow(() -> new IllegalArgumentException(why.toString()));
    }

    /** What a context holds, such as {@link RunResult#context}: the fields that are not zero, by name. */
    public Map<String, Datum> contextFields(MemorySegment context) {
        ByteString bytes = ByteString.copyOf(context.toArray(ValueLayout.JAVA_BYTE));
        return runnable.program()
                .type()
                .map(type -> ContextFields.show(type, bytes))
                .filter(Datum.Fields.class::isInstance)
                .map(shown -> ((Datum.Fields) shown).fields())
                .orElse(Map.of());
    }

    /**
     * Runs on many inputs, one after the other, each as often as said, without a call from Java for each.
     *
     * @param inputs are not changed
     * @param repeat at least 1; each repetition sees the input as the last one left it
     * @throws IllegalArgumentException if the length of a memory is not the one that was proven. Packets that cannot be fed are
     *     no error: they are {@link BatchResult#refused}
     * @throws IllegalStateException if the machine is closed, or if open runners hold all its slots
     * @throws RunException if a run was stopped
     */
    public BatchResult runAll(List<MemorySegment> inputs, long repeat) {
        if (repeat < 1) {
            throw new IllegalArgumentException(repeat + " runs of each input");
        }
        List<Input> all = new ArrayList<>(inputs.size());
        for (MemorySegment input : inputs) {
            ByteString bytes = ByteString.copyOf(input.toArray(ValueLayout.JAVA_BYTE));
            all.add(takesPackets ? new Input.Packet(bytes) : new Input.Memory(bytes));
        }
        Diagnostics diagnostics = new Diagnostics();
        lifetime.enterRun();
        try {
            return new Batch(new PacketFeed(false), repeat, RunnableProgram.ENDLESS)
                    .run(runnable, all, diagnostics)
                    .map(result -> new BatchResult(this, result, Redirects.of(runnable, result)))
                    .orElseThrow(() -> new IllegalArgumentException(
                            diagnostics.all().getFirst().message()));
        } catch (RunFault fault) {
            throw new RunException(fault);
        } finally {
            lifetime.leave();
        }
    }

    /**
     * Opens a runner for this thread: it holds a slot of the machine until it is closed, and runs in a few nanoseconds.
     *
     * @throws IllegalStateException if the machine is closed, or if other runners hold all its slots
     */
    public Runner runner() {
        lifetime.enter();
        try {
            lifetime.open();
            return new Runner(this, runnable, lifetime);
        } finally {
            lifetime.leave();
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
