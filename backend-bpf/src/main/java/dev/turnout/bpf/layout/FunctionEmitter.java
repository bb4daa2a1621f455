package dev.turnout.bpf.layout;

import dev.turnout.bpf.frame.FrameLayout;
import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.machine.MachineBlock;
import dev.turnout.bpf.machine.MachineEnd;
import dev.turnout.bpf.machine.MachineFunction;
import dev.turnout.bpf.machine.MachineInsn;
import dev.turnout.bpf.machine.Place;
import dev.turnout.bpf.object.Reference;
import dev.turnout.bpf.object.Relocation;
import dev.turnout.ir.model.Location;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes one function's instructions: registers, frame offsets and distances become numbers. */
public final class FunctionEmitter {
    private static final int NOWHERE = -1;

    private final MachineFunction function;
    private final int[] register;
    private final FrameLayout frame;
    private final boolean v4;
    private final List<Item> items = new ArrayList<>();
    private final int[] firstItem;
    private BitSet fallsUp = new BitSet();
    private final List<PendingTable> tables = new ArrayList<>();

    /**
     * An instruction whose distance is still open.
     *
     * @param target block jumped to, or {@link #NOWHERE}
     * @param end the patch site that it is, if it is one
     */
    private record Item(
            Insn insn,
            int target,
            Location at,
            @Nullable Reference reference,
            @Nullable MachineEnd end) {}

    private record PendingTable(String name, List<Integer> targets) {}

    private FunctionEmitter(MachineFunction function, int[] register, FrameLayout frame, boolean v4) {
        this.function = function;
        this.register = register;
        this.frame = frame;
        this.v4 = v4;
        this.firstItem = new int[function.blocks().size()];
        Arrays.fill(firstItem, NOWHERE);
    }

    /**
     * Emits a function.
     *
     * @param register machine register by virtual register
     * @param v4 whether the target has cpu v4's instructions
     * @throws TooFar if a jump does not reach and the target has no far one
     */
    public static FunctionCode emit(MachineFunction function, int[] register, FrameLayout frame, boolean v4) {
        FunctionEmitter emitter = new FunctionEmitter(function, register, frame, v4);
        int[] order = BlockOrder.of(function);
        emitter.fallsUp = v4 ? new BitSet() : FallsUp.of(function, order);
        for (int i = 0; i < order.length; i++) {
            emitter.block(function.block(order[i]), i + 1 < order.length ? order[i + 1] : NOWHERE);
        }
        return emitter.finish();
    }

    /** A jump over more than 32767 slots on a target before cpu v4. */
    public static final class TooFar extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooFar(String function) {
            super("a jump in " + function + " is too far");
        }
    }

    private Reg reg(int number) {
        return Reg.of(register[number]);
    }

    private void add(Insn insn, Location at) {
        items.add(new Item(insn, NOWHERE, at, null, null));
    }

    private void jump(Insn insn, int target, Location at) {
        items.add(new Item(insn, target, at, null, null));
    }

    private void block(MachineBlock block, int next) {
        firstItem[block.number()] = items.size();
        for (int i = 0; i < block.insns().size(); i++) {
            insn(block.insns().get(i), block.at(i));
        }
        end(block.number(), block.end(), block.endPlace(), next);
    }

    private Reg base(Place place) {
        return place.isSlot() ? Reg.R10 : reg(place.base());
    }

    private int offset(Place place) {
        return place.isSlot() ? frame.offset(place.slot()) + place.offset() : place.offset();
    }

    private void insn(MachineInsn insn, Location at) {
        switch (insn) {
            case MachineInsn.Move(int dst, int src) ->
                add(new Insn.Alu(AluOp.MOV, Width.W64, reg(dst), Operand.of(reg(src))), at);
            case MachineInsn.Constant(int dst, long value) -> add(constant(reg(dst), value), at);
            case MachineInsn.Address(int dst, Reference to) ->
                items.add(new Item(Insn.Wide.constant(reg(dst), 0), NOWHERE, at, to, null));
            case MachineInsn.SlotAddress(int dst, int slot, int offset) -> {
                add(new Insn.Alu(AluOp.MOV, Width.W64, reg(dst), Operand.of(Reg.R10)), at);
                add(new Insn.Alu(AluOp.ADD, Width.W64, reg(dst), Operand.of(frame.offset(slot) + offset)), at);
            }
            case MachineInsn.Alu(AluOp op, Width width, int dst, int src) ->
                add(new Insn.Alu(op, width, reg(dst), Operand.of(reg(src))), at);
            case MachineInsn.AluImmediate(AluOp op, Width width, int dst, int value) ->
                add(new Insn.Alu(op, width, reg(dst), Operand.of(value)), at);
            case MachineInsn.Negate(Width width, int dst) -> add(new Insn.Neg(width, reg(dst)), at);
            case MachineInsn.Swap swap -> add(new Insn.Swap(swap.op(), swap.bits(), reg(swap.dst())), at);
            case MachineInsn.Load load ->
                add(new Insn.Load(load.size(), load.signed(), reg(load.dst()), base(load.at()), offset(load.at())), at);
            case MachineInsn.Store store ->
                add(
                        new Insn.Store(
                                store.size(), base(store.at()), offset(store.at()), Operand.of(reg(store.value()))),
                        at);
            case MachineInsn.StoreImmediate store ->
                add(new Insn.Store(store.size(), base(store.at()), offset(store.at()), Operand.of(store.value())), at);
            case MachineInsn.Atomic atomic ->
                add(
                        new Insn.Atomic(
                                atomic.op(),
                                atomic.size(),
                                base(atomic.at()),
                                offset(atomic.at()),
                                reg(atomic.value())),
                        at);
            case MachineInsn.CallHelper call -> add(new Insn.CallHelper(call.id()), at);
            case MachineInsn.CallLocal call ->
                items.add(
                        new Item(new Insn.CallLocal(0), NOWHERE, at, new Reference.ToFunction(call.function()), null));
            case MachineInsn.CallKernel call ->
                items.add(new Item(
                        new Insn.CallKernel(0, 0), NOWHERE, at, new Reference.ToKernelFunction(call.function()), null));
            case MachineInsn.CallIndirect call -> add(new Insn.CallIndirect(reg(call.target())), at);
        }
    }

    /** A 32-bit move clears the upper half, a 64-bit one extends the sign; else a wide load. */
    private static Insn constant(Reg dst, long value) {
        if (value == (int) value) {
            Width width = value < 0 ? Width.W64 : Width.W32;
            return new Insn.Alu(AluOp.MOV, width, dst, Operand.of((int) value));
        }
        if (value >>> 32 == 0) {
            return new Insn.Alu(AluOp.MOV, Width.W32, dst, Operand.of((int) value));
        }
        return Insn.Wide.constant(dst, value);
    }

    private void end(int block, MachineEnd end, Location at, int next) {
        switch (end) {
            case MachineEnd.Jump(int to) -> jumpUnlessNext(to, fallsUp.get(block) ? NOWHERE : next, at);
            case MachineEnd.Branch branch -> {
                if (branch.taken() == next && branch.op().hasNegation()) {
                    jump(test(branch, branch.op().negated()), branch.otherwise(), at);
                } else {
                    jump(test(branch, branch.op()), branch.taken(), at);
                    jumpUnlessNext(branch.otherwise(), next, at);
                }
            }
            case MachineEnd.MayGoto(int to, int exit) -> {
                jump(new Insn.MayGoto(0), exit, at);
                jumpUnlessNext(to, next, at);
            }
            case MachineEnd.StaticBranch branch -> {
                items.add(new Item(new Insn.StaticJump(true, branch.nop(), 0), branch.taken(), at, null, branch));
                jumpUnlessNext(branch.otherwise(), next, at);
            }
            case MachineEnd.StaticSwitch choice -> {
                items.add(new Item(new Insn.StaticJump(true, false, 0), choice.initial(), at, null, choice));
                jumpUnlessNext(choice.behind(), next, at);
            }
            case MachineEnd.Table(int address, String table, List<Integer> targets) -> {
                add(new Insn.JumpIndirect(reg(address)), at);
                // Copies of one dispatch go through one table.
                PendingTable pending = new PendingTable(table, targets);
                if (!tables.contains(pending)) {
                    tables.add(pending);
                }
            }
            case MachineEnd.Exit _ -> add(new Insn.Exit(), at);
        }
    }

    private void jumpUnlessNext(int to, int next, Location at) {
        if (to != next) {
            jump(new Insn.Jump(false, 0), to, at);
        }
    }

    private Insn.JumpIf test(MachineEnd.Branch branch, JumpOp op) {
        Operand other = branch.b() == MachineInsn.NONE ? Operand.of(branch.value()) : Operand.of(reg(branch.b()));
        return new Insn.JumpIf(op, branch.width(), reg(branch.a()), other, 0);
    }

    // Distances.

    private FunctionCode finish() {
        int count = items.size();
        boolean[] far = new boolean[count];
        int[] start = new int[count + 1];
        boolean grown = true;
        while (grown) {
            grown = false;
            for (int i = 0; i < count; i++) {
                start[i + 1] = start[i] + slots(items.get(i).insn, far[i]);
            }
            for (int i = 0; i < count; i++) {
                Item item = items.get(i);
                if (item.target == NOWHERE || far[i] || item.insn instanceof Insn.StaticJump) {
                    continue;
                }
                int distance = start[firstItem[item.target]] - start[i] - 1;
                if (distance != (short) distance) {
                    if (!v4) {
                        throw new TooFar(function.name());
                    }
                    far[i] = true;
                    grown = true;
                }
            }
        }
        return code(far, start);
    }

    /** A far conditional jump is {@code if c goto +1; goto +1; gotol}. */
    private static int slots(Insn insn, boolean far) {
        return far && !(insn instanceof Insn.Jump) ? 3 : insn.slots();
    }

    private FunctionCode code(boolean[] far, int[] start) {
        List<Insn> insns = new ArrayList<>(items.size());
        List<Relocation> relocations = new ArrayList<>();
        List<FunctionCode.Site> sites = new ArrayList<>();
        List<FunctionCode.Origin> places = new ArrayList<>();
        Location last = Location.UNKNOWN;
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            if (item.at.isKnown() && !item.at.equals(last)) {
                places.add(new FunctionCode.Origin(start[i], item.at));
                last = item.at;
            }
            if (item.reference != null) {
                relocations.add(new Relocation(start[i], item.reference));
            }
            if (item.target == NOWHERE) {
                insns.add(item.insn);
                continue;
            }
            int distance = start[firstItem[item.target]] - start[i] - 1;
            if (far[i] && !(item.insn instanceof Insn.Jump)) {
                insns.add(withDistance(item.insn, 1));
                insns.add(new Insn.Jump(false, 1));
                insns.add(new Insn.Jump(true, distance - 2));
            } else if (far[i]) {
                insns.add(new Insn.Jump(true, distance));
            } else {
                insns.add(withDistance(item.insn, distance));
            }
            if (item.end != null) {
                site(item.end, start, start[i], sites);
            }
        }
        List<FunctionCode.Table> made = new ArrayList<>(tables.size());
        for (PendingTable table : tables) {
            List<Integer> targets = new ArrayList<>(table.targets.size());
            for (int target : table.targets) {
                targets.add(start[firstItem[target]]);
            }
            made.add(new FunctionCode.Table(table.name, targets));
        }
        return new FunctionCode(insns, start[items.size()], relocations, sites, made, places);
    }

    private void site(MachineEnd end, int[] start, int slot, List<FunctionCode.Site> sites) {
        if (end instanceof MachineEnd.StaticBranch branch) {
            sites.add(new FunctionCode.Site(
                    slot, start[firstItem[branch.taken()]], branch.key(), branch.value(), branch.inverse()));
        } else if (end instanceof MachineEnd.StaticSwitch choice) {
            for (MachineEnd.StaticSwitch.Arm arm : choice.arms()) {
                sites.add(
                        new FunctionCode.Site(slot, start[firstItem[arm.target()]], choice.key(), arm.value(), false));
            }
        }
    }

    private static Insn withDistance(Insn insn, int distance) {
        return switch (insn) {
            case Insn.Jump jump -> new Insn.Jump(jump.far(), distance);
            case Insn.JumpIf jump -> new Insn.JumpIf(jump.op(), jump.width(), jump.dst(), jump.src(), distance);
            case Insn.StaticJump jump -> new Insn.StaticJump(jump.far(), jump.nop(), distance);
            case Insn.MayGoto _ -> new Insn.MayGoto(distance);
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Wide _, Insn.Load _, Insn.Store _ ->
                throw new IllegalStateException(insn + " is no jump");
            case Insn.Atomic _, Insn.PacketLoad _, Insn.JumpIndirect _, Insn.CallHelper _, Insn.CallLocal _ ->
                throw new IllegalStateException(insn + " is no jump");
            case Insn.CallKernel _, Insn.CallIndirect _, Insn.Exit _ ->
                throw new IllegalStateException(insn + " is no jump");
        };
    }
}
