package dev.turnout.bpf.select;

import static dev.turnout.bpf.isa.Width.W32;
import static dev.turnout.bpf.isa.Width.W64;
import static dev.turnout.bpf.machine.MachineInsn.NONE;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.machine.MachineBlock;
import dev.turnout.bpf.machine.MachineFunction;
import dev.turnout.bpf.machine.MachineInsn;
import dev.turnout.bpf.machine.Place;
import dev.turnout.bpf.object.Reference;
import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.analysis.DominatorTree;
import dev.turnout.ir.analysis.LoopForest;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of a function are while it is being selected: in which register, of how many significant bits, or folded
 * into which place. Also the block that is written to. The other classes of this package write through it; its fields are
 * their common state.
 */
final class ValueRegisters {
    final Function function;
    final SelectionContext context;
    final ValueUses uses;
    final MachineFunction out;
    final ControlFlowGraph graph;
    final DominatorTree dominators;
    final LoopForest loops;
    final int[] register;
    final int[] significant;
    final @Nullable Place[] folded;
    final int[] slotOf;
    final int[] tail;

    final SharedValues shared;

    MachineBlock current;
    Location here = Location.UNKNOWN;
    int block;

    ValueRegisters(Function function, SelectionContext context) {
        this.function = function;
        this.context = context;
        this.graph = ControlFlowGraph.of(function);
        this.uses = ValueUses.of(function, graph);
        this.out = new MachineFunction(function.name());
        this.dominators = DominatorTree.of(graph);
        this.loops = LoopForest.of(graph, dominators);
        int count = function.valueCount();
        this.register = new int[count];
        this.significant = new int[count];
        this.folded = new Place[count];
        this.slotOf = new int[count];
        java.util.Arrays.fill(register, NONE);
        java.util.Arrays.fill(significant, 64);
        this.tail = new int[function.blocks().size()];
        for (int i = 0; i < function.blocks().size(); i++) {
            out.newBlock(loops.depth(i));
        }
        this.shared = new SharedValues(this);
        this.current = out.block(0);
    }

    void emit(MachineInsn insn) {
        current.add(insn, here);
    }

    static int bits(Value value) {
        return ((Type.Int) value.type()).bits();
    }

    static Width width(Value value) {
        return value.type() instanceof Type.Int type && type.bits() <= 32 ? W32 : W64;
    }

    boolean v4() {
        return context.target().cpu() >= 4;
    }

    int known(Value value) {
        Operation.Const constant = uses.constant(value);
        return constant != null
                ? KnownBits.of(constant.value())
                : significant[uses.root(value).index()];
    }

    static boolean fits(long value) {
        return value == (int) value;
    }

    static boolean fitsOffset(long value) {
        return value == (short) value;
    }

    /** The register that holds a value; not to be written. */
    int reg(Value value) {
        Value root = uses.root(value);
        Operation op = uses.definition(root);
        if (op instanceof Operation.Const constant) {
            return shared(constant.value());
        }
        if (op instanceof Operation.Null) {
            return shared(0L);
        }
        if (op instanceof Operation.Slot) {
            return shared(Place.inSlot(slotOf[root.index()], 0));
        }
        if (op instanceof Operation.Address address) {
            return shared(context.reference(address));
        }
        int found = register[root.index()];
        if (found != NONE) {
            return found;
        }
        Place place = folded[root.index()];
        if (place == null) {
            throw new IllegalStateException(root + " of " + function.name() + " is used before it is computed");
        }
        int fresh = out.newRegister();
        materialise(place, fresh);
        return fresh;
    }

    /** Computes the address of a place. */
    void materialise(Place place, int into) {
        if (place.isSlot()) {
            emit(new MachineInsn.SlotAddress(into, place.slot(), place.offset()));
            return;
        }
        emit(new MachineInsn.Move(into, place.base()));
        if (place.offset() != 0) {
            emit(new MachineInsn.AluImmediate(AluOp.ADD, W64, into, place.offset()));
        }
    }

    /** The register of something that can be made from nothing. */
    int shared(Object key) {
        return shared.register(key);
    }

    /** Whether a value is made where it is wanted and sits in no register. */
    boolean isMade(Value value) {
        Operation op = uses.definition(value);
        return op instanceof Operation.Const
                || op instanceof Operation.Null
                || op instanceof Operation.Slot
                || op instanceof Operation.Address;
    }

    /** Puts a value into a register that is ours to write. */
    void into(Value value, int dst) {
        Value root = uses.root(value);
        switch (uses.definition(root)) {
            case Operation.Const constant -> emit(new MachineInsn.Constant(dst, constant.value()));
            case Operation.Null _ -> emit(new MachineInsn.Constant(dst, 0));
            case Operation.Slot _ -> emit(new MachineInsn.SlotAddress(dst, slotOf[root.index()], 0));
            case Operation.Address address -> emit(new MachineInsn.Address(dst, context.reference(address)));
            case null, default -> {
                Place place = folded[root.index()];
                if (register[root.index()] == NONE && place != null) {
                    materialise(place, dst);
                } else {
                    emit(new MachineInsn.Move(dst, reg(root)));
                }
            }
        }
    }

    /** Says that a value is in {@code dst}, of whose bits {@code known} may be set; clears upper ones if they are seen. */
    void define(Value result, int dst, int known) {
        int wide = result.type() instanceof Type.Int type ? type.bits() : 64;
        int now = known;
        if (uses.isExposed(result) && now > wide) {
            clear(dst, dst, wide);
            now = wide;
        }
        register[result.index()] = dst;
        significant[result.index()] = now;
    }

    /** {@code dst = } the lower bits of {@code src}. */
    void clear(int dst, int src, int bits) {
        if (bits == 32) {
            emit(new MachineInsn.Alu(AluOp.MOV, W32, dst, src));
            return;
        }
        if (dst != src) {
            emit(new MachineInsn.Move(dst, src));
        }
        emit(new MachineInsn.AluImmediate(AluOp.AND, W32, dst, (1 << bits) - 1));
    }

    /** The result is another name for {@code a}'s register, unless upper bits are seen that have to be cleared. */
    void rename(Value result, Value a) {
        int wide = result.type() instanceof Type.Int type ? type.bits() : 64;
        int now = known(a);
        boolean narrowTruth = wide == 1 && now > 1;
        if ((uses.isExposed(result) || narrowTruth) && now > wide) {
            int dst = out.newRegister();
            clear(dst, reg(a), wide);
            register[result.index()] = dst;
            significant[result.index()] = wide;
        } else {
            register[result.index()] = reg(a);
            significant[result.index()] = now;
        }
    }

    /** The variable that a value is the address of, if it is. */
    Reference.@Nullable ToData data(Value value) {
        return uses.definition(value) instanceof Operation.Address address
                        && context.reference(address) instanceof Reference.ToData data
                ? data
                : null;
    }

    Place place(Value address) {
        Value root = uses.root(address);
        if (uses.definition(root) instanceof Operation.Slot) {
            return Place.inSlot(slotOf[root.index()], 0);
        }
        Reference.ToData data = data(root);
        if (data != null) {
            return shared.place(data);
        }
        Place place = folded[root.index()];
        return place != null && register[root.index()] == NONE ? place : Place.at(reg(root), 0);
    }

    Place place(Value address, int offset) {
        Place place = place(address);
        long sum = (long) place.offset() + offset;
        if (fitsOffset(sum)) {
            return new Place(place.base(), place.slot(), (int) sum);
        }
        int fresh = out.newRegister();
        materialise(place, fresh);
        return Place.at(fresh, offset);
    }

    void pass(List<Value> arguments) {
        if (arguments.size() > 5) {
            context.unsupported(
                    here,
                    "a call passes " + arguments.size() + " arguments",
                    "BPF passes five in registers: put the others into a struct and pass a reference");
        }
        for (int i = 0; i < Math.min(5, arguments.size()); i++) {
            into(arguments.get(i), i + 1);
        }
    }

    boolean isSignedLoad(Value result, Operation.Load load) {
        return v4()
                && load.type() instanceof Type.Int type
                && type.bits() >= 8
                && type.bits() <= 32
                && (load.order() == ByteOrder.LITTLE || type.bits() == 8)
                && uses.onlySignExtended(result);
    }
}
