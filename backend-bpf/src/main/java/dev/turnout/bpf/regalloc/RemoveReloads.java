package dev.turnout.bpf.regalloc;

import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.machine.MachineBlock;
import dev.turnout.bpf.machine.MachineEnd;
import dev.turnout.bpf.machine.MachineFunction;
import dev.turnout.bpf.machine.MachineInsn;
import dev.turnout.bpf.machine.Place;
import dev.turnout.bpf.machine.ReversePostorder;
import dev.turnout.ir.model.Location;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes out loads of spilled values that a machine register still holds, once it is known which register each value is in.
 *
 * <pre>
 * before: r1 = *(u64 *)(r10 - 8)         after: r1 = *(u64 *)(r10 - 8)
 *         if r1 &gt; 65521 goto far              if r1 &gt; 65521 goto far
 *         r1 = *(u64 *)(r10 - 8)                r6 += r1
 *         r6 += r1
 * </pre>
 *
 * <p>A load saved is one of two reasons. The other is Linux 6.1: there the test of one copy says nothing about what is loaded again from
 * the slot (the two have no common identity, which came with 6.8), so that the bound is lost between the two. What another register holds is
 * moved from there, for the same reason; and for that kernel what was tested is stored again.
 *
 * <p>Slots of spilled values are read and written whole, and nobody has their addresses; other slots are left alone. What registers hold is
 * followed into blocks with one predecessor. Linear.
 */
public final class RemoveReloads {
    private static final int REGISTERS = 10;
    private static final int LOST_BY_CALLS = 6;
    private static final int NOTHING = -1;

    private final MachineFunction function;
    private final int[] register;
    private final boolean[] tracked;
    private final boolean restoring;

    /** By machine register: the slot whose contents it holds, and the virtual register by which it got them. */
    private static final class Held {
        private final int[] slot;
        private final int[] by;

        private Held(int[] slot, int[] by) {
            this.slot = slot;
            this.by = by;
        }

        static Held nothing() {
            int[] slot = new int[REGISTERS];
            Arrays.fill(slot, NOTHING);
            return new Held(slot, new int[REGISTERS]);
        }

        Held copy() {
            return new Held(slot.clone(), by.clone());
        }

        void forgetRegisters(int from, int to) {
            Arrays.fill(slot, from, to, NOTHING);
        }

        void forgetSlot(int which) {
            for (int r = 0; r < REGISTERS; r++) {
                if (slot[r] == which) {
                    slot[r] = NOTHING;
                }
            }
        }

        int find(int which) {
            for (int r = 0; r < REGISTERS; r++) {
                if (slot[r] == which) {
                    return r;
                }
            }
            return NOTHING;
        }
    }

    private RemoveReloads(MachineFunction function, Allocation allocation, boolean restoring) {
        this.function = function;
        this.restoring = restoring;
        this.register = allocation.register();
        this.tracked = new boolean[function.slots().size()];
        for (int slot = 0; slot < tracked.length; slot++) {
            tracked[slot] = function.slots().get(slot).name().equals(SlotSharing.SPILLED);
        }
    }

    /**
     * Rewrites the function.
     *
     * @param restoring whether a value that was compared with a number is stored again behind the test, so that its slot is known to be
     *     within the same bounds
     */
    public static void run(MachineFunction function, Allocation allocation, boolean restoring) {
        if (allocation.spilled() > 0) {
            new RemoveReloads(function, allocation, restoring).all();
        }
    }

    private void all() {
        int count = function.blocks().size();
        int[] predecessors = new int[count];
        for (MachineBlock block : function.blocks()) {
            for (int to : block.end().successors()) {
                predecessors[to]++;
            }
        }
        // The entry has one that is not there.
        predecessors[0]++;
        @Nullable Held[] in = new Held[count];
        for (int at : ReversePostorder.of(function)) {
            MachineBlock block = function.block(at);
            Held known = in[at];
            Held held = known == null ? Held.nothing() : known;
            block(block, held);
            // The end of a block writes no register.
            for (int to : block.end().successors()) {
                if (predecessors[to] == 1) {
                    in[to] = held.copy();
                    if (restoring) {
                        restore(block, held, function.block(to));
                    }
                }
            }
        }
    }

    /** Stores what the end of a block compared with a number once more, in a block behind it. */
    private void restore(MachineBlock from, Held held, MachineBlock to) {
        if (from.end() instanceof MachineEnd.Branch branch
                && branch.b() == MachineInsn.NONE
                && register[branch.a()] < REGISTERS
                && held.slot[register[branch.a()]] != NOTHING
                && !to.isCold()) {
            int compared = register[branch.a()];
            Place slot = Place.inSlot(held.slot[compared], 0);
            to.insert(0, new MachineInsn.Store(Size.DW, slot, held.by[compared]), from.endPlace());
        }
    }

    private void block(MachineBlock block, Held held) {
        List<MachineInsn> insns = new ArrayList<>(block.insns().size());
        List<Location> places = new ArrayList<>(block.insns().size());
        for (int i = 0; i < block.insns().size(); i++) {
            MachineInsn now = insn(block.insns().get(i), held);
            if (now != null) {
                insns.add(now);
                places.add(block.at(i));
            }
        }
        block.replaceAll(insns, places);
    }

    /** What stands in an instruction's place; null if nothing does. */
    private @Nullable MachineInsn insn(MachineInsn insn, Held held) {
        switch (insn) {
            case MachineInsn.Load load
            when isWhole(load.at(), load.size()) -> {
                int to = register[load.dst()];
                int from = held.find(load.at().slot());
                if (from == to) {
                    return null;
                }
                int by = from == NOTHING ? load.dst() : held.by[from];
                hold(held, to, load.at().slot(), load.dst());
                return from == NOTHING ? load : new MachineInsn.Move(load.dst(), by);
            }
            case MachineInsn.Store store
            when isWhole(store.at(), store.size()) -> {
                held.forgetSlot(store.at().slot());
                hold(held, register[store.value()], store.at().slot(), store.value());
            }
            case MachineInsn.StoreImmediate store
            when isWhole(store.at(), store.size()) -> held.forgetSlot(store.at().slot());
            case MachineInsn.Move move -> {
                int from = register[move.src()];
                int slot = from < REGISTERS ? held.slot[from] : NOTHING;
                hold(held, register[move.dst()], slot, move.dst());
            }
            case MachineInsn.CallHelper _,
                    MachineInsn.CallLocal _,
                    MachineInsn.CallKernel _,
                    MachineInsn.CallIndirect _ -> held.forgetRegisters(0, LOST_BY_CALLS);
            case MachineInsn.Constant _,
                    MachineInsn.Address _,
                    MachineInsn.SlotAddress _,
                    MachineInsn.Alu _,
                    MachineInsn.AluImmediate _,
                    MachineInsn.Negate _,
                    MachineInsn.Swap _,
                    MachineInsn.Load _,
                    MachineInsn.Store _,
                    MachineInsn.StoreImmediate _,
                    MachineInsn.Atomic _ -> {
                if (insn.written() >= 0) {
                    hold(held, register[insn.written()], NOTHING, NOTHING);
                }
            }
        }
        return insn;
    }

    private boolean isWhole(Place at, Size size) {
        return at.isSlot() && at.offset() == 0 && size == Size.DW && tracked[at.slot()];
    }

    private static void hold(Held held, int register, int slot, int by) {
        if (register < REGISTERS) {
            held.slot[register] = slot;
            held.by[register] = by;
        }
    }
}
