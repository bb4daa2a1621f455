package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import java.util.List;
import java.util.Objects;
import java.util.function.IntToLongFunction;

/**
 * {@code insn_array} as a jump table. A program loads an address out of it and jumps there. What such an address is depends on
 * the engine: at first it is the interpreter's, {@link #codeAddress}; an engine with other addresses puts them here before anything
 * runs. Each loading of a program has a table of its own.
 */
public final class InstructionArrayMap extends CodeArrayMap {
    /** No mapping can be here: neither half of the address space reaches so far. */
    private static final long CODE = 0x7475_0000_0000_0000L;

    private final List<Integer> targets;

    private InstructionArrayMap(MapDefinition definition, Mapping memory, List<Integer> targets) {
        super(definition, memory, targets.size());
        this.targets = targets;
        for (int i = 0; i < targets.size(); i++) {
            Memory.storeLong(entry(i), targets.get(i) < 0 ? 0 : codeAddress(targets.get(i)));
        }
    }

    static MapFactory.Plan plan(MapDefinition definition) {
        List<Integer> targets =
                definition.content() instanceof MapDefinition.Content.Targets table ? table.targets() : List.of();
        return new MapFactory.Plan(
                bytes(definition, targets.size()), memory -> new InstructionArrayMap(definition, memory, targets));
    }

    /** What the interpreter takes for the address of a slot. */
    public static long codeAddress(int slot) {
        return CODE | ((long) slot << 3);
    }

    /** The slot of such an address, or -1 if it is none. */
    public static int slotOf(long codeAddress) {
        long slot = (codeAddress ^ CODE) >>> 3;
        return (codeAddress & 7) == 0 && slot <= Integer.MAX_VALUE ? (int) slot : -1;
    }

    /**
     * Replaces the interpreter's addresses by those of another engine, before any program reads them.
     *
     * @param addressOf the address of an instruction, by its slot
     */
    public void useAddresses(IntToLongFunction addressOf) {
        for (int i = 0; i < targets.size(); i++) {
            int slot = targets.get(i);
            Memory.storeLong(entry(i), slot < 0 ? 0 : addressOf.applyAsLong(slot));
        }
    }

    /** What programs load from the table at this index. */
    public long address(int index) {
        return Memory.loadLong(entry(Objects.checkIndex(index, targets.size())));
    }

    /** Slots by index, of the program that runs; negative where the instruction was removed. */
    public List<Integer> targets() {
        return targets;
    }
}
