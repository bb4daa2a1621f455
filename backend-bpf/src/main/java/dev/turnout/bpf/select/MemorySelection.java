package dev.turnout.bpf.select;

import static dev.turnout.bpf.isa.Width.W32;
import static dev.turnout.bpf.isa.Width.W64;
import static dev.turnout.bpf.machine.MachineInsn.NONE;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.SwapOp;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.machine.MachineInsn;
import dev.turnout.bpf.machine.Place;
import dev.turnout.bpf.object.Reference;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.target.TargetProfile;

/** Pointers, loads, stores, atomic operations, and numbers that are hidden by a way through memory. */
final class MemorySelection {
    private final ValueRegisters values;
    private int seedSlot = NONE;

    MemorySelection(ValueRegisters values) {
        this.values = values;
    }

    void offset(Value result, Operation.Offset offset) {
        Operation.Const constant = values.uses.constant(offset.index());
        if (constant != null) {
            Place base = values.place(offset.base());
            long sum = base.offset() + constant.value();
            if (ValueRegisters.fitsOffset(sum) && values.uses.onlyAddress(result)) {
                values.folded[result.index()] = new Place(base.base(), base.slot(), (int) sum);
                return;
            }
            if (ValueRegisters.fits(sum)) {
                int dst = values.out.newRegister();
                values.materialise(new Place(base.base(), base.slot(), (int) sum), dst);
                values.define(result, dst, 64);
                return;
            }
        }
        int dst = values.out.newRegister();
        Reference.ToData data = values.data(offset.base());
        if (data != null && values.uses.onlyAddress(result)) {
            // An address near that of the variable serves as well; what it lacks goes into the accesses.
            Place base = values.shared.place(data);
            values.into(offset.index(), dst);
            values.emit(new MachineInsn.Alu(AluOp.ADD, W64, dst, base.base()));
            values.folded[result.index()] = Place.at(dst, base.offset());
            return;
        }
        sum(offset.base(), offset.index(), result, dst);
        values.define(result, dst, 64);
    }

    /**
     * {@code dst = base + index}, moving the one whose register is more likely to be free. The address of a table of functions is
     * made where it is added to: {@code r = table; r += index} is what readers of such code expect.
     */
    void sum(Value base, Value index, Value result, int dst) {
        boolean indexFirst = !isFunctionTable(base)
                && !values.isMade(index)
                && (values.isMade(base) || values.uses.prefersSecond(result, base, index));
        values.into(indexFirst ? index : base, dst);
        values.emit(new MachineInsn.Alu(AluOp.ADD, W64, dst, values.reg(indexFirst ? base : index)));
    }

    private boolean isFunctionTable(Value base) {
        return values.uses.definition(base) instanceof Operation.Address address
                && address.region() == Region.GLOBAL
                && values.context.reference(address) instanceof Reference.ToFunctionTable;
    }

    void load(Value result, Operation.Load load) {
        int dst = values.out.newRegister();
        Size size = Size.ofBytes(load.type().byteSize());
        boolean signed = values.isSignedLoad(result, load);
        values.emit(new MachineInsn.Load(size, signed, dst, values.place(load.address(), load.offset())));
        if (load.order() == ByteOrder.BIG && size != Size.B && !values.uses.wantsMemoryOrder(result, load)) {
            values.emit(new MachineInsn.Swap(SwapOp.BE, size.bits(), dst));
        }
        if (signed) {
            values.register[result.index()] = dst;
            values.significant[result.index()] = 64;
        } else {
            values.define(result, dst, size.bits());
        }
    }

    void store(Operation.Store store) {
        Size size = Size.ofBytes(store.value().type().byteSize());
        Place at = values.place(store.address(), store.offset());
        boolean swapped = store.order() == ByteOrder.BIG && size != Size.B;
        Operation op = values.uses.definition(store.value());
        if (op instanceof Operation.Const || op instanceof Operation.Null) {
            long value = op instanceof Operation.Const constant ? constant.value() : 0;
            if (swapped) {
                value = Long.reverseBytes(value) >>> (64 - size.bits());
            }
            // Linux 6.1 takes no numbers of instructions for contexts ("BPF_ST stores into R1 ctx").
            boolean named = !values.v4()
                    && store.address().type() instanceof Type.Ptr pointer
                    && (pointer.region() == Region.CONTEXT || pointer.region() == Region.ANY);
            if (!named && (size != Size.DW || ValueRegisters.fits(value))) {
                values.emit(new MachineInsn.StoreImmediate(size, at, (int) value));
            } else {
                values.emit(new MachineInsn.Store(size, at, values.shared(value)));
            }
            return;
        }
        int value = values.reg(store.value());
        if (swapped) {
            int dst = values.out.newRegister();
            values.emit(new MachineInsn.Move(dst, value));
            values.emit(new MachineInsn.Swap(SwapOp.BE, size.bits(), dst));
            value = dst;
        }
        values.emit(new MachineInsn.Store(size, at, value));
    }

    void atomic(Value result, Operation.Atomic atomic) {
        Size size = Size.ofBytes(atomic.width().bytes());
        Place at = values.place(atomic.address(), atomic.offset());
        // Load-acquire and store-release came with Linux 6.15; before, a plain load and an exchange order as much.
        boolean ordered =
                values.context.target() == TargetProfile.VM || values.context.target() == TargetProfile.LINUX_6_19;
        switch (atomic.op()) {
            case ADD -> plain(dev.turnout.bpf.isa.AtomicOp.ADD, size, at, atomic);
            case AND -> plain(dev.turnout.bpf.isa.AtomicOp.AND, size, at, atomic);
            case OR -> plain(dev.turnout.bpf.isa.AtomicOp.OR, size, at, atomic);
            case XOR -> plain(dev.turnout.bpf.isa.AtomicOp.XOR, size, at, atomic);
            case FETCH_ADD -> fetch(dev.turnout.bpf.isa.AtomicOp.FETCH_ADD, size, at, atomic, result);
            case FETCH_AND -> fetch(dev.turnout.bpf.isa.AtomicOp.FETCH_AND, size, at, atomic, result);
            case FETCH_OR -> fetch(dev.turnout.bpf.isa.AtomicOp.FETCH_OR, size, at, atomic, result);
            case FETCH_XOR -> fetch(dev.turnout.bpf.isa.AtomicOp.FETCH_XOR, size, at, atomic, result);
            case XCHG -> fetch(dev.turnout.bpf.isa.AtomicOp.XCHG, size, at, atomic, result);
            case CMPXCHG -> {
                int next = values.reg(atomic.values().get(1));
                values.into(atomic.values().getFirst(), 0);
                values.emit(new MachineInsn.Atomic(dev.turnout.bpf.isa.AtomicOp.CMPXCHG, size, at, next));
                int dst = values.out.newRegister();
                values.emit(new MachineInsn.Move(dst, 0));
                values.define(result, dst, size.bits());
            }
            case LOAD -> {
                int dst = values.out.newRegister();
                values.emit(
                        ordered
                                ? new MachineInsn.Atomic(dev.turnout.bpf.isa.AtomicOp.LOAD_ACQUIRE, size, at, dst)
                                : new MachineInsn.Load(size, false, dst, at));
                values.define(result, dst, size.bits());
            }
            case STORE -> {
                if (ordered) {
                    plain(dev.turnout.bpf.isa.AtomicOp.STORE_RELEASE, size, at, atomic);
                } else {
                    int dst = values.out.newRegister();
                    values.into(atomic.values().getFirst(), dst);
                    values.emit(new MachineInsn.Atomic(dev.turnout.bpf.isa.AtomicOp.XCHG, size, at, dst));
                }
            }
        }
    }

    void plain(dev.turnout.bpf.isa.AtomicOp op, Size size, Place at, Operation.Atomic atomic) {
        values.emit(
                new MachineInsn.Atomic(op, size, at, values.reg(atomic.values().getFirst())));
    }

    void fetch(dev.turnout.bpf.isa.AtomicOp op, Size size, Place at, Operation.Atomic atomic, Value result) {
        int dst = values.out.newRegister();
        values.into(atomic.values().getFirst(), dst);
        values.emit(new MachineInsn.Atomic(op, size, at, dst));
        values.define(result, dst, size.bits());
    }

    /**
     * Hides a number from Linux's verifier: a word of the frame that is not at the start of eight bytes is not tracked, so
     * what is read from it is unknown to it, and known to us (it is 1). The in-tree verifier needs nothing hidden.
     */
    void opaque(Value result, Operation.Opaque opaque) {
        if (values.context.target() == TargetProfile.VM || !(opaque.a().type() instanceof Type.Int)) {
            values.rename(result, opaque.a());
            return;
        }
        if (seedSlot == NONE) {
            seedSlot = values.out.newSlot(8, 8, "a number hidden from the verifier");
            values.out
                    .block(0)
                    .insert(
                            0,
                            new MachineInsn.StoreImmediate(Size.W, Place.inSlot(seedSlot, 4), 1),
                            values.function.at());
        }
        int dst = values.out.newRegister();
        values.emit(new MachineInsn.Load(Size.W, false, dst, Place.inSlot(seedSlot, 4)));
        Operation.Const constant = values.uses.constant(opaque.a());
        if (constant != null && constant.value() >>> 32 == 0) {
            if (constant.value() != 1) {
                values.emit(new MachineInsn.AluImmediate(AluOp.ADD, W32, dst, (int) constant.value() - 1));
            }
            values.define(result, dst, 32);
            return;
        }
        values.emit(new MachineInsn.AluImmediate(AluOp.ADD, W32, dst, -1));
        Width width = ValueRegisters.width(result);
        values.emit(new MachineInsn.Alu(AluOp.ADD, width, dst, values.reg(opaque.a())));
        values.define(result, dst, width.bits());
    }
}
