package dev.turnout.bpf.regalloc;

import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.machine.MachineBlock;
import dev.turnout.bpf.machine.MachineEnd;
import dev.turnout.bpf.machine.MachineFunction;
import dev.turnout.bpf.machine.MachineInsn;
import dev.turnout.bpf.machine.Place;
import dev.turnout.ir.model.Location;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Moves registers into the frame: each access gets a register of its own, filled before a read and stored behind a write;
 * or, where one instruction makes the value from nothing, repeats that instruction in front of each read. Slots are eight
 * aligned bytes and written whole, so that Linux's verifier keeps what it knows of pointers and numbers in them.
 */
final class Spiller {
    /** Not spilled. */
    static final int STAYS = -1;

    /** Computed again at each use. */
    static final int REPEATED = -2;

    private final MachineFunction function;
    private final int[] home;
    private final @Nullable MachineInsn[] recipe;
    private List<MachineInsn> out = new ArrayList<>();
    private List<Location> places = new ArrayList<>();

    private Spiller(MachineFunction function, int[] home) {
        this.function = function;
        this.home = home;
        this.recipe = new MachineInsn[home.length];
    }

    /**
     * Rewrites the function.
     *
     * @param home by register: a slot, {@link #STAYS} or {@link #REPEATED}
     */
    static void rewrite(MachineFunction function, int[] home) {
        Spiller spiller = new Spiller(function, home);
        for (MachineBlock block : function.blocks()) {
            for (MachineInsn insn : block.insns()) {
                int target = insn.written();
                if (target >= 0 && spiller.homeOf(target) == REPEATED) {
                    spiller.recipe[target] = insn;
                }
            }
        }
        for (MachineBlock block : function.blocks()) {
            spiller.block(block);
        }
    }

    private int homeOf(int register) {
        return register >= 0 && register < home.length ? home[register] : STAYS;
    }

    private void block(MachineBlock block) {
        out = new ArrayList<>(block.insns().size() + 8);
        places = new ArrayList<>(block.insns().size() + 8);
        for (int i = 0; i < block.insns().size(); i++) {
            insn(block.insns().get(i), block.at(i));
        }
        MachineEnd end = block.end();
        for (int k = 0; k < 2; k++) {
            int register = end.read(k);
            if (homeOf(register) != STAYS) {
                int fresh = function.newRegister();
                fill(fresh, register, block.endPlace());
                end = end.renamed(register, fresh);
            }
        }
        block.end(end);
        block.replaceAll(out, places);
    }

    private void insn(MachineInsn insn, Location at) {
        int target = insn.written();
        if (homeOf(target) == REPEATED) {
            return;
        }
        if (insn instanceof MachineInsn.Move(int dst, int src)) {
            move(dst, src, at);
            return;
        }
        if (insn instanceof MachineInsn.Constant(int dst, long value) && homeOf(dst) >= 0 && value == (int) value) {
            add(new MachineInsn.StoreImmediate(Size.DW, Place.inSlot(homeOf(dst), 0), (int) value), at);
            return;
        }
        MachineInsn now = insn;
        for (int k = 0; k < 3; k++) {
            int register = insn.read(k);
            if (homeOf(register) != STAYS && register != target && now.read(k) == register) {
                int fresh = function.newRegister();
                fill(fresh, register, at);
                now = now.renamed(register, fresh);
            }
        }
        if (homeOf(target) >= 0) {
            int fresh = function.newRegister();
            boolean reads = false;
            for (int k = 0; k < 3; k++) {
                reads |= insn.read(k) == target;
            }
            if (reads) {
                fill(fresh, target, at);
            }
            add(now.renamed(target, fresh), at);
            add(new MachineInsn.Store(Size.DW, Place.inSlot(home[target], 0), fresh), at);
        } else {
            add(now, at);
        }
    }

    private void move(int dst, int src, Location at) {
        int from = homeOf(src);
        int to = homeOf(dst);
        if (to >= 0 && from == to) {
            return; // one slot: the value is there
        }
        if (to == STAYS) {
            if (from == STAYS) {
                add(new MachineInsn.Move(dst, src), at);
            } else {
                fill(dst, src, at);
            }
            return;
        }
        int value = src;
        if (from != STAYS) {
            value = function.newRegister();
            fill(value, src, at);
        }
        add(new MachineInsn.Store(Size.DW, Place.inSlot(to, 0), value), at);
    }

    /** Puts what {@code register} holds into {@code into}. */
    private void fill(int into, int register, Location at) {
        int slot = homeOf(register);
        if (slot == REPEATED) {
            MachineInsn made = recipe[register];
            if (made == null) {
                throw new IllegalStateException("register " + register + " is never written");
            }
            add(made.renamed(register, into), at);
        } else {
            add(new MachineInsn.Load(Size.DW, false, into, Place.inSlot(slot, 0)), at);
        }
    }

    private void add(MachineInsn insn, Location at) {
        out.add(insn);
        places.add(at);
    }
}
