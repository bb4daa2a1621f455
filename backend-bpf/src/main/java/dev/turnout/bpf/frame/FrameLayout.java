package dev.turnout.bpf.frame;

import dev.turnout.bpf.machine.MachineFunction;
import java.util.List;

/** Where the slots of a function lie. */
public final class FrameLayout {
    /** Bytes that a frame may have. */
    public static final int LIMIT = 512;

    private final int[] offsets;
    private final int size;

    private FrameLayout(int[] offsets, int size) {
        this.offsets = offsets;
        this.size = size;
    }

    /** The first byte of a slot, from r10; negative. */
    public int offset(int slot) {
        return offsets[slot];
    }

    /** Bytes in all. */
    public int size() {
        return size;
    }

    /** Slots in their order, each at the next place that suits its alignment; most strictly aligned ones first. */
    public static FrameLayout of(MachineFunction function) {
        List<MachineFunction.FrameSlot> slots = function.slots();
        int[] offsets = new int[slots.size()];
        int size = 0;
        for (int align = 8; align > 0; align /= 2) {
            for (int i = 0; i < offsets.length; i++) {
                if (slots.get(i).align() == align) {
                    size += (slots.get(i).size() + align - 1) / align * align;
                    offsets[i] = -size;
                }
            }
        }
        return new FrameLayout(offsets, size);
    }
}
