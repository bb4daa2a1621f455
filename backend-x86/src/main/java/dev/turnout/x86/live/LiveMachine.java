package dev.turnout.x86.live;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.image.Binding;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.image.PatchedCode;
import dev.turnout.runtime.map.FunctionArrayMap;
import dev.turnout.runtime.map.InstructionArrayMap;
import dev.turnout.runtime.map.ProgramArrayMap;
import dev.turnout.runtime.map.TailFollower;
import dev.turnout.x86.code.Addresses;
import dev.turnout.x86.code.Stub;
import dev.turnout.x86.code.TailSite;
import dev.turnout.x86.code.X86Code;
import dev.turnout.x86.memory.CodeBlock;
import dev.turnout.x86.memory.Serialisation;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the engine keeps of a machine. Closed with it. Safe for many threads. */
public final class LiveMachine implements PatchedCode, TailFollower, AutoCloseable {
    /** By the number that control blocks hold; copied for each that comes or goes, because upcalls look here. */
    private static volatile @Nullable LiveMachine[] numbers = {};

    private record Retired(LiveImage image, CpuSlots.GracePeriod period) {}

    private final Machine machine;
    private final Gates gates;
    private final SlotCalls[] calls;
    private final int number;
    private final Set<LiveImage> images = new HashSet<>();
    private final Deque<Retired> retired = new ArrayDeque<>();

    private LiveMachine(Machine machine, Gates gates) {
        this.machine = machine;
        this.gates = gates;
        this.calls = new SlotCalls[machine.slots().count()];
        for (int slot = 0; slot < calls.length; slot++) {
            calls[slot] = new SlotCalls(machine, slot);
        }
        this.number = register(this);
    }

    public static LiveMachine of(Machine machine, Gates gates) {
        return machine.companion(LiveMachine.class, () -> {
            LiveMachine live = new LiveMachine(machine, gates);
            machine.keys().follow(live);
            return live;
        });
    }

    private static int register(LiveMachine machine) {
        synchronized (LiveMachine.class) {
            int free = 0;
            while (free < numbers.length && numbers[free] != null) {
                free++;
            }
            @Nullable LiveMachine[] all = Arrays.copyOf(numbers, Math.max(numbers.length, free + 1));
            all[free] = machine;
            numbers = all;
            return free;
        }
    }

    static LiveMachine numbered(int number) {
        LiveMachine machine = numbers[number];
        if (machine == null) {
            throw new IllegalStateException("a program runs on a machine that is closed");
        }
        return machine;
    }

    /** What control blocks of this machine say of their owner. */
    public int number() {
        return number;
    }

    SlotCalls calls(int slot) {
        return calls[slot];
    }

    /**
     * Places code, with its addresses and those of its tables filled in.
     *
     * @return an image with one user; empty if there is no room, which was reported
     */
    public synchronized Optional<LiveImage> place(X86Code code, Binding binding, Diagnostics diagnostics) {
        reclaim();
        Optional<CodeBlock> block = gates.memory().allocate(code.size());
        if (block.isEmpty()) {
            diagnostics.report(Diagnostic.general(
                            DiagnosticCode.R0114, "there is no room for " + code.size() + " bytes more of machine code")
                    .withHelp("close programs that are not used any more"));
            return Optional.empty();
        }
        LiveImage image = new LiveImage(this, block.get(), code, binding);
        Addresses where = Addresses.of(binding, machine.keys(), this::stub);
        for (TailSite site : code.tails()) {
            if (binding.maps().get(site.map()) instanceof ProgramArrayMap array) {
                array.follow(this); // before its entries are read: what changes later is told
            }
        }
        byte[] placed = code.placed(image.address(), where);
        image.aim(placed);
        gates.memory().write(block.get(), placed);
        for (var map : binding.maps()) {
            if (map instanceof InstructionArrayMap table) {
                table.useAddresses(slot -> image.address() + code.offset(slot));
            } else if (map instanceof FunctionArrayMap table) {
                table.useAddresses(start -> image.address() + code.entryAt(start));
            }
        }
        images.add(image);
        return Optional.of(image);
    }

    /**
     * The argument for a program that is loaded meanwhile: the value stood in memory before this took the lock. Whoever placed code
     * before that has its image in the list; whoever places some afterwards reads the new value.
     */
    @Override
    public void keyChanged(int number) {
        boolean patched = false;
        synchronized (this) {
            for (LiveImage image : images) {
                patched |= image.patch(number, gates.memory(), machine.keys());
            }
        }
        if (patched) {
            // Now every thread either has passed the cells or will fetch them anew.
            Serialisation.allThreads();
        }
    }

    /**
     * Whoever comes past a gate jumps, so the jump is right, for every thread, before the gate lets anybody pass; and a program whose
     * gates were shut stays until the runs have ended that may still be on their way from gate to jump. Code that is placed
     * meanwhile: as for keys, since the entry stood in memory before this took the lock.
     */
    @Override
    public void entryChanged(ProgramArrayMap array, int index, long entry) {
        synchronized (this) {
            if (entry != 0 && patched(image -> image.aim(array, index, entry, gates.memory()))) {
                Serialisation.allThreads();
            }
            if (patched(image -> image.open(array, index, entry != 0, gates.memory()))) {
                Serialisation.allThreads();
            }
        }
    }

    private boolean patched(Predicate<LiveImage> patch) {
        boolean any = false;
        for (LiveImage image : images) {
            any |= patch.test(image);
        }
        return any;
    }

    private long stub(Stub stub) {
        return switch (stub) {
            case HELPER ->
                gates.address(
                        machine.world().hasSystemClock() ? GateCode.Door.HELPER_WITH_CLOCK : GateCode.Door.HELPER);
        };
    }

    /** Nobody can reach the image any more: it goes when nobody is in it. */
    synchronized void retire(LiveImage image) {
        if (images.contains(image)) {
            retired.add(new Retired(image, machine.slots().gracePeriod()));
        }
        reclaim();
    }

    private void reclaim() {
        Iterator<Retired> all = retired.iterator();
        while (all.hasNext()) {
            Retired one = all.next();
            if (one.period().isOver()) {
                all.remove();
                images.remove(one.image());
                gates.memory().free(one.image().block());
                machine.unbind(one.image().binding());
            }
        }
    }

    /** Bytes of code that this machine has, retired code included. */
    public synchronized long codeBytes() {
        return images.stream().mapToLong(image -> image.code().size()).sum();
    }

    /** Frees all images. Nothing runs on the machine any more. */
    @Override
    public synchronized void close() {
        images.forEach(image -> gates.memory().free(image.block()));
        images.clear();
        retired.clear();
        synchronized (LiveMachine.class) {
            @Nullable LiveMachine[] all = numbers.clone();
            all[number] = null;
            numbers = all;
        }
    }
}
