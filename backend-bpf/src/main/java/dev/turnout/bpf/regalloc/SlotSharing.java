package dev.turnout.bpf.regalloc;

import dev.turnout.bpf.machine.MachineFunction;
import java.util.ArrayList;
import java.util.List;

/** Gives frame slots to what is spilled in one round; what is never alive at one time shares a slot. */
final class SlotSharing {
    /** What slots of registers are called, as no variable can be. */
    static final String SPILLED = "a spilled value";

    private final MachineFunction function;
    private final InterferenceGraph graph;
    private final List<Tenants> slots = new ArrayList<>();

    private record Tenants(int slot, IntList registers) {}

    SlotSharing(MachineFunction function, InterferenceGraph graph) {
        this.function = function;
        this.graph = graph;
    }

    /** A slot for registers that have become one. */
    int slotFor(IntList registers) {
        for (Tenants tenants : slots) {
            if (!interfere(tenants.registers, registers)) {
                tenants.registers.addAll(registers);
                return tenants.slot;
            }
        }
        IntList all = new IntList();
        all.addAll(registers);
        Tenants fresh = new Tenants(function.newSlot(8, 8, SPILLED), all);
        slots.add(fresh);
        return fresh.slot;
    }

    private boolean interfere(IntList some, IntList others) {
        for (int i = 0; i < some.size(); i++) {
            for (int k = 0; k < others.size(); k++) {
                if (graph.edges.contains(some.at(i), others.at(k))) {
                    return true;
                }
            }
        }
        return false;
    }
}
