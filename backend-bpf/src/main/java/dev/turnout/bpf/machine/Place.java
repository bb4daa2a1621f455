package dev.turnout.bpf.machine;

/**
 * A place in memory: {@code base + offset}, or {@code offset} bytes into a slot of the frame.
 *
 * @param base register, or {@link MachineInsn#NONE} if {@code slot} says where
 * @param slot number of the frame slot, or {@link MachineInsn#NONE}
 * @param offset bytes
 */
public record Place(int base, int slot, int offset) {
    public static Place at(int base, int offset) {
        return new Place(base, MachineInsn.NONE, offset);
    }

    public static Place inSlot(int slot, int offset) {
        return new Place(MachineInsn.NONE, slot, offset);
    }

    public boolean isSlot() {
        return slot != MachineInsn.NONE;
    }

    Place renamed(int from, int to) {
        return base == from ? new Place(to, slot, offset) : this;
    }
}
