package dev.turnout.bpf.machine;

import dev.turnout.ir.model.Location;
import java.util.ArrayList;
import java.util.List;

/** A straight piece of machine code in the making. Owned by one stage at a time. */
public final class MachineBlock {
    private final int number;
    private final int depth;
    private boolean cold;
    private List<MachineInsn> insns = new ArrayList<>();
    private List<Location> places = new ArrayList<>();
    private MachineEnd end = new MachineEnd.Exit();
    private Location endPlace = Location.UNKNOWN;

    /**
     * A block without instructions.
     *
     * @param depth how many loops there are around it
     */
    MachineBlock(int number, int depth) {
        this.number = number;
        this.depth = depth;
    }

    public int number() {
        return number;
    }

    public int depth() {
        return depth;
    }

    /** Whether hints say that control rarely comes here. */
    public boolean isCold() {
        return cold;
    }

    public void makeCold() {
        cold = true;
    }

    public void add(MachineInsn insn, Location at) {
        insns.add(insn);
        places.add(at);
    }

    public void insert(int index, MachineInsn insn, Location at) {
        insns.add(index, insn);
        places.add(index, at);
    }

    /** The instructions in order. A live view that is not to be written. */
    public List<MachineInsn> insns() {
        return insns;
    }

    /** Where instruction {@code index} came from. */
    public Location at(int index) {
        return places.get(index);
    }

    /** Puts other instructions in place of all, with a place for each. */
    public void replaceAll(List<MachineInsn> others, List<Location> at) {
        insns = others;
        places = at;
    }

    public MachineEnd end() {
        return end;
    }

    public Location endPlace() {
        return endPlace;
    }

    public void end(MachineEnd how, Location at) {
        end = how;
        endPlace = at;
    }

    public void end(MachineEnd how) {
        end = how;
    }
}
