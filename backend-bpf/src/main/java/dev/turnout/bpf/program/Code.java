package dev.turnout.bpf.program;

import dev.turnout.bpf.isa.Insn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Instructions by slot. A wide load takes two slots, of which the second holds no instruction. Immutable. */
public final class Code {
    private final @Nullable Insn[] slots;

    private Code(@Nullable Insn[] slots) {
        this.slots = slots;
    }

    public static Code of(List<Insn> insns) {
        List<@Nullable Insn> slots = new ArrayList<>(insns.size() + 8);
        for (Insn insn : insns) {
            slots.add(insn);
            if (insn.slots() == 2) {
                slots.add(null);
            }
        }
        return new Code(slots.toArray(new Insn[0]));
    }

    /** Slots in all. */
    public int size() {
        return slots.length;
    }

    /** The instruction that begins at {@code slot}; an error where none begins. */
    public Insn at(int slot) {
        Insn insn = slots[slot];
        if (insn == null) {
            throw new IllegalArgumentException("no instruction begins at slot " + slot);
        }
        return insn;
    }

    /** Whether {@code slot} is in range and an instruction begins there. */
    public boolean begins(int slot) {
        return slot >= 0 && slot < slots.length && slots[slot] != null;
    }

    /** The instruction that begins at {@code slot}, if one does. */
    public Optional<Insn> find(int slot) {
        return begins(slot) ? Optional.ofNullable(slots[slot]) : Optional.empty();
    }

    /** The slot behind the instruction that begins at {@code slot}. */
    public int next(int slot) {
        return slot + at(slot).slots();
    }

    /** The instructions in order. */
    public List<Insn> insns() {
        List<Insn> insns = new ArrayList<>(slots.length);
        for (Insn insn : slots) {
            if (insn != null) {
                insns.add(insn);
            }
        }
        return insns;
    }

    /** The same instructions at the same slots. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Code that && Arrays.equals(slots, that.slots);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(slots);
    }

    @Override
    public String toString() {
        return insns().toString();
    }
}
