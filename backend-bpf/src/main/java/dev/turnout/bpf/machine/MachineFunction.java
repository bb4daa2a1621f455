package dev.turnout.bpf.machine;

import java.util.ArrayList;
import java.util.List;

/** A function in machine code over virtual registers. Mutable; owned by one stage at a time. */
public final class MachineFunction {
    /** The number of the first virtual register: r0 to r10 come before. */
    public static final int FIRST_VIRTUAL = 11;

    private final String name;
    private final List<MachineBlock> blocks = new ArrayList<>();
    private final List<FrameSlot> slots = new ArrayList<>();
    private int registers = FIRST_VIRTUAL;

    public MachineFunction(String name) {
        this.name = name;
    }

    /**
     * A piece of the frame.
     *
     * @param size bytes
     * @param align bytes, a power of two up to 8
     * @param name for people: of the variable, or what is spilled
     */
    public record FrameSlot(int size, int align, String name) {}

    public String name() {
        return name;
    }

    /** A new block, behind all others. */
    public MachineBlock newBlock(int depth) {
        MachineBlock block = new MachineBlock(blocks.size(), depth);
        blocks.add(block);
        return block;
    }

    /** Blocks by number; the entry is block 0. */
    public List<MachineBlock> blocks() {
        return blocks;
    }

    public MachineBlock block(int number) {
        return blocks.get(number);
    }

    public int newRegister() {
        return registers++;
    }

    /** One more than the largest register number. */
    public int registerCount() {
        return registers;
    }

    public int newSlot(int size, int align, String variable) {
        slots.add(new FrameSlot(size, align, variable));
        return slots.size() - 1;
    }

    /** Slots by number. */
    public List<FrameSlot> slots() {
        return slots;
    }
}
