package dev.turnout.bpf.select;

import static dev.turnout.bpf.isa.Width.W32;
import static dev.turnout.bpf.isa.Width.W64;
import static dev.turnout.bpf.machine.MachineInsn.NONE;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.SwapOp;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.machine.MachineBlock;
import dev.turnout.bpf.machine.MachineEnd;
import dev.turnout.bpf.machine.MachineFunction;
import dev.turnout.bpf.machine.MachineInsn;
import dev.turnout.bpf.machine.Place;
import dev.turnout.bpf.object.Reference;
import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.analysis.DominatorTree;
import dev.turnout.ir.analysis.LoopForest;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.UnaryOp;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Selects the instructions of one function. Blocks are taken in reverse postorder, so that a value's register and what is
 * known of its bits exist before its uses are met; a machine block with the number of each IR block is made first, further
 * ones (split edges, selects) follow.
 */
public final class InstructionSelector {
    /** The largest offset into a packet that Linux's verifier follows. */
    private static final int PACKET_REACH = 0xffff;

    private final Function function;
    private final SelectionContext context;
    private final ValueUses uses;
    private final MachineFunction out;
    private final ControlFlowGraph graph;
    private final DominatorTree dominators;
    private final LoopForest loops;
    private final int[] register;
    private final int[] significant;
    private final @Nullable Place[] folded;
    private final int[] slotOf;
    private final int[] tail;

    /** Constants and addresses that sit in registers: by outermost loop, or of the current block (at the end). */
    private final List<Map<Object, Integer>> shared = new ArrayList<>();

    private MachineBlock current;
    private Location here = Location.UNKNOWN;
    private int block;
    private int seedSlot = NONE;

    private InstructionSelector(Function function, SelectionContext context) {
        this.function = function;
        this.context = context;
        this.uses = ValueUses.of(function);
        this.out = new MachineFunction(function.name());
        this.graph = ControlFlowGraph.of(function);
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
        for (int i = 0; i <= loops.loops().size(); i++) {
            shared.add(new HashMap<>());
        }
        this.current = out.block(0);
    }

    /** The function in machine code over virtual registers. Every switch left in it becomes a jump table. */
    public static MachineFunction select(Function function, SelectionContext context) {
        return new InstructionSelector(function, context).run();
    }

    private MachineFunction run() {
        for (int at : graph.order()) {
            for (Value parameter : function.blocks().get(at).parameters()) {
                if (at != 0 && !uses.isPassedThrough(parameter)) {
                    register[parameter.index()] = out.newRegister();
                    boolean clean = parameter.type() instanceof Type.Int && uses.isExposed(parameter);
                    significant[parameter.index()] = clean ? bits(parameter) : 64;
                }
            }
        }
        markCold();
        for (int at : graph.order()) {
            block = at;
            current = out.block(at);
            shared.getLast().clear();
            Block from = function.blocks().get(at);
            here = from.insts().isEmpty() ? from.at() : from.insts().getFirst().at();
            if (at == 0) {
                arguments();
            }
            List<Inst> late = new ArrayList<>();
            for (Inst inst : from.insts()) {
                here = inst.at();
                if (isStep(inst, from)) {
                    late.add(inst);
                } else {
                    select(inst);
                }
            }
            for (Inst inst : late) {
                here = inst.at();
                select(inst);
            }
            here = from.at();
            terminate(from);
            tail[at] = current.number();
        }
        return out;
    }

    /**
     * Whether an instruction only makes the next value of a parameter that others still read in this block: computed last,
     * it can take the parameter's register, and no move is left.
     */
    private boolean isStep(Inst inst, Block from) {
        return from.terminator() instanceof Terminator.Jump jump
                && inst.op() instanceof Operation.Binary binary
                && jump.to().arguments().contains(inst.result())
                && uses.usedOnce(inst.result())
                && (uses.constant(binary.b()) != null || uses.constant(binary.a()) != null)
                && ((uses.affinity(inst.result(), binary.a()) == 3 && !uses.usedOnce(binary.a()))
                        || (uses.affinity(inst.result(), binary.b()) == 3 && !uses.usedOnce(binary.b())));
    }

    /** Where checks fail and where hints say so is out of the way. */
    private void markCold() {
        for (Block from : function.blocks()) {
            switch (from.terminator()) {
                case Terminator.Branch branch -> cold(branch.hint(), branch.then(), branch.otherwise());
                case Terminator.StaticBranch branch -> cold(branch.hint(), branch.on(), branch.off());
                case Terminator.Checked checked -> cold(Terminator.Hint.LIKELY, checked.ok(), checked.fail());
                case Terminator.MayGoto jump -> cold(Terminator.Hint.LIKELY, jump.next(), jump.exit());
                case Terminator.Jump _, Terminator.Switch _, Terminator.StaticSwitch _ -> {}
                case Terminator.TailCall _, Terminator.Return _, Terminator.Unreachable _ -> {}
            }
        }
    }

    private void cold(Terminator.Hint hint, Target then, Target otherwise) {
        Target rare = hint == Terminator.Hint.LIKELY ? otherwise : then;
        Target often = hint == Terminator.Hint.LIKELY ? then : otherwise;
        if (hint != Terminator.Hint.NONE
                && !rare.block().equals(often.block())
                && graph.predecessors(rare.block().index()).length == 1) {
            out.block(rare.block().index()).makeCold();
        }
    }

    private void arguments() {
        List<Value> parameters = function.parameters();
        if (parameters.size() > 5) {
            context.unsupported(
                    function.at(),
                    "`" + function.name() + "` has " + parameters.size() + " parameters",
                    "BPF passes five in registers: put the others into a struct and pass a reference");
        }
        for (int i = 0; i < parameters.size(); i++) {
            Value parameter = parameters.get(i);
            register[parameter.index()] = out.newRegister();
            significant[parameter.index()] = parameter.type() instanceof Type.Int ? bits(parameter) : 64;
            if (i < 5) {
                emit(new MachineInsn.Move(register[parameter.index()], i + 1));
            }
        }
    }

    // Small things.

    private void emit(MachineInsn insn) {
        current.add(insn, here);
    }

    private static int bits(Value value) {
        return ((Type.Int) value.type()).bits();
    }

    private static Width width(Value value) {
        return value.type() instanceof Type.Int type && type.bits() <= 32 ? W32 : W64;
    }

    private boolean v4() {
        return context.target().cpu() >= 4;
    }

    private int known(Value value) {
        Operation.Const constant = uses.constant(value);
        return constant != null
                ? KnownBits.of(constant.value())
                : significant[uses.root(value).index()];
    }

    private static boolean fits(long value) {
        return value == (int) value;
    }

    private static boolean fitsOffset(long value) {
        return value == (short) value;
    }

    // Values in registers.

    /** The register that holds a value; not to be written. */
    private int reg(Value value) {
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
    private void materialise(Place place, int into) {
        if (place.isSlot()) {
            emit(new MachineInsn.SlotAddress(into, place.slot(), place.offset()));
            return;
        }
        emit(new MachineInsn.Move(into, place.base()));
        if (place.offset() != 0) {
            emit(new MachineInsn.AluImmediate(AluOp.ADD, W64, into, place.offset()));
        }
    }

    /**
     * The register of something that can be made from nothing: a number, a reference, a place in the frame. Made once a
     * block; inside a loop once in front of the outermost one. If registers get short the allocator makes it where it is
     * used, so nothing is lost by asking for it early.
     */
    private int shared(Object key) {
        int loop = loops.innermost(block);
        if (loop < 0) {
            return shared.getLast().computeIfAbsent(key, made -> make(made, current));
        }
        while (loops.loops().get(loop).parent() >= 0) {
            loop = loops.loops().get(loop).parent();
        }
        int before = dominators.parent(loops.loops().get(loop).header());
        MachineBlock there = out.block(tail[before]);
        return shared.get(loop).computeIfAbsent(key, made -> make(made, there));
    }

    private int make(Object key, MachineBlock where) {
        int fresh = out.newRegister();
        where.add(recipe(key, fresh), here);
        return fresh;
    }

    private static MachineInsn recipe(Object key, int into) {
        return switch (key) {
            case Long value -> new MachineInsn.Constant(into, value);
            case Reference reference -> new MachineInsn.Address(into, reference);
            case Place place -> new MachineInsn.SlotAddress(into, place.slot(), place.offset());
            default -> throw new IllegalStateException("no recipe for " + key);
        };
    }

    /** Whether a value is made where it is wanted and sits in no register. */
    private boolean isMade(Value value) {
        Operation op = uses.definition(value);
        return op instanceof Operation.Const
                || op instanceof Operation.Null
                || op instanceof Operation.Slot
                || op instanceof Operation.Address;
    }

    /** Puts a value into a register that is ours to write. */
    private void into(Value value, int dst) {
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
    private void define(Value result, int dst, int known) {
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
    private void clear(int dst, int src, int bits) {
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
    private void rename(Value result, Value a) {
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

    // Places in memory.

    private Place place(Value address) {
        Value root = uses.root(address);
        if (uses.definition(root) instanceof Operation.Slot) {
            return Place.inSlot(slotOf[root.index()], 0);
        }
        Place place = folded[root.index()];
        return place != null && register[root.index()] == NONE ? place : Place.at(reg(root), 0);
    }

    private Place place(Value address, int offset) {
        Place place = place(address);
        long sum = (long) place.offset() + offset;
        if (fitsOffset(sum)) {
            return new Place(place.base(), place.slot(), (int) sum);
        }
        int fresh = out.newRegister();
        materialise(place, fresh);
        return Place.at(fresh, offset);
    }

    // Instructions.

    private void select(Inst inst) {
        Value result = inst.result();
        if (inst.op().effect().removable() && !uses.isUsed(result)) {
            return;
        }
        switch (inst.op()) {
            case Operation.Const _, Operation.Null _, Operation.Address _ -> {}
            case Operation.Slot slot -> slotOf[result.index()] = out.newSlot(slot.size(), slot.align(), slot.name());
            case Operation.Unary unary -> unary(result, unary);
            case Operation.Binary binary -> binary(result, binary);
            case Operation.Compare compare -> {
                if (!uses.onlyCondition(result)) {
                    choose(result, condition(compare), null, null);
                }
            }
            case Operation.Convert convert -> convert(result, convert);
            case Operation.Select select -> choose(result, condition(select.condition()), select.a(), select.b());
            case Operation.Offset offset -> offset(result, offset);
            case Operation.Difference difference -> {
                int dst = out.newRegister();
                into(difference.a(), dst);
                emit(new MachineInsn.Alu(AluOp.SUB, W64, dst, reg(difference.b())));
                define(result, dst, 64);
            }
            case Operation.Load load -> load(result, load);
            case Operation.LoadContext load -> {
                int dst = out.newRegister();
                emit(new MachineInsn.Load(
                        Size.ofBytes(load.bytes()), false, dst, place(load.context(), load.offset())));
                define(result, dst, load.bytes() * 8);
            }
            case Operation.Store store -> store(store);
            case Operation.Atomic atomic -> atomic(result, atomic);
            case Operation.Call call -> {
                pass(call.arguments());
                emit(new MachineInsn.CallLocal(
                        call.function(), Math.min(5, call.arguments().size())));
                result(result, true);
            }
            case Operation.CallPointer call -> {
                int callee = reg(call.callee());
                pass(call.arguments());
                if (!context.target().has(TargetProfile.Feature.INDIRECT_CALL)) {
                    context.unsupported(
                            here,
                            "`" + context.target().word() + "` has no indirect calls",
                            "call the function by its name, or `switch` over the functions that it can be");
                }
                emit(new MachineInsn.CallIndirect(
                        callee, Math.min(5, call.arguments().size())));
                result(result, true);
            }
            case Operation.CallHelper call -> {
                pass(call.arguments());
                int id = HelperFunction.ofWord(call.helper())
                        .orElseThrow(() -> new IllegalStateException("no helper " + call.helper()))
                        .id();
                emit(new MachineInsn.CallHelper(id, call.arguments().size()));
                result(result, false);
            }
            case Operation.CallHost call ->
                throw new IllegalStateException("`" + call.service() + "` is called in code that becomes BPF");
            case Operation.Prove _ -> {}
            case Operation.Opaque opaque -> opaque(result, opaque);
        }
    }

    private void pass(List<Value> arguments) {
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

    /**
     * Takes the result of a call out of r0.
     *
     * @param ours whether the callee clears upper bits, as our functions do and helpers need not
     */
    private void result(Value result, boolean ours) {
        if (result.type() instanceof Type.Void || !uses.isUsed(result)) {
            return;
        }
        int dst = out.newRegister();
        emit(new MachineInsn.Move(dst, 0));
        define(result, dst, ours && result.type() instanceof Type.Int ? bits(result) : 64);
    }

    private void unary(Value result, Operation.Unary unary) {
        int bits = bits(unary.a());
        if (unary.op() == UnaryOp.BSWAP
                && uses.definition(unary.a()) instanceof Operation.Load load
                && load.order() == ByteOrder.BIG
                && uses.onlySwapped(uses.root(unary.a()))) {
            rename(result, unary.a());
            return;
        }
        int dst = out.newRegister();
        into(unary.a(), dst);
        switch (unary.op()) {
            case NEG -> emit(new MachineInsn.Negate(width(result), dst));
            case NOT ->
                emit(new MachineInsn.AluImmediate(AluOp.XOR, width(result), dst, bits >= 32 ? -1 : (1 << bits) - 1));
            case BSWAP -> emit(new MachineInsn.Swap(SwapOp.BE, bits, dst));
        }
        define(result, dst, KnownBits.after(unary.op(), bits, known(unary.a())));
    }

    private void binary(Value result, Operation.Binary binary) {
        if (uses.onlyTestedForZero(result, binary)) {
            return;
        }
        BinaryOp op = binary.op();
        Value a = binary.a();
        Value b = binary.b();
        if (op.commutative()
                && uses.constant(b) == null
                && (uses.constant(a) != null || uses.prefersSecond(result, a, b))) {
            a = binary.b();
            b = binary.a();
        }
        Operation.Const constant = uses.constant(b);
        int bits = bits(a);
        int known = KnownBits.after(
                op, bits, known(a), known(b), constant == null ? -1 : constant.value(), constant != null);
        int dst = out.newRegister();
        switch (op) {
            case ADD, SUB, MUL, AND, OR, XOR, UDIV, UREM -> {
                into(a, dst);
                if (constant == null || !immediate(op, bits, dst, constant.value())) {
                    arithmetic(op, width(result), dst, reg(b));
                }
            }
            case SHL, LSHR -> {
                into(a, dst);
                shift(op == BinaryOp.SHL ? AluOp.LSH : AluOp.RSH, bits, dst, b, constant);
            }
            case ASHR -> {
                signExtended(a, bits < 32 ? 32 : bits, dst);
                shift(AluOp.ARSH, bits, dst, b, constant);
            }
            case SDIV, SREM -> {
                int wide = Math.max(32, bits);
                signExtended(a, wide, dst);
                int divisor = bits < 32 ? out.newRegister() : reg(b);
                if (bits < 32) {
                    signExtended(b, wide, divisor);
                }
                divideSigned(op == BinaryOp.SDIV, width(result), dst, divisor);
            }
        }
        define(result, dst, known);
    }

    private void arithmetic(BinaryOp op, Width width, int dst, int src) {
        AluOp alu = switch (op) {
            case ADD -> AluOp.ADD;
            case SUB -> AluOp.SUB;
            case MUL -> AluOp.MUL;
            case AND -> AluOp.AND;
            case OR -> AluOp.OR;
            case XOR -> AluOp.XOR;
            case UDIV -> AluOp.DIV;
            case UREM -> AluOp.MOD;
            case SHL, LSHR, ASHR, SDIV, SREM -> throw new IllegalStateException(op.word());
        };
        emit(new MachineInsn.Alu(alu, width, dst, src));
    }

    /** Computes with a constant in the instruction; whether there is such a form. */
    private boolean immediate(BinaryOp op, int bits, int dst, long value) {
        Width width = bits == 64 ? W64 : W32;
        boolean power = Long.bitCount(value) == 1;
        int log = Long.numberOfTrailingZeros(value);
        if (op == BinaryOp.AND && bits == 64 && value >>> 32 == 0) {
            // The 32-bit form clears the upper half by itself.
            if (value == 0xffff_ffffL) {
                emit(new MachineInsn.Alu(AluOp.MOV, W32, dst, dst));
            } else {
                emit(new MachineInsn.AluImmediate(AluOp.AND, W32, dst, (int) value));
            }
            return true;
        }
        if (power && op == BinaryOp.MUL) {
            emit(new MachineInsn.AluImmediate(AluOp.LSH, width, dst, log));
            return true;
        }
        if (power && op == BinaryOp.UDIV) {
            emit(new MachineInsn.AluImmediate(AluOp.RSH, width, dst, log));
            return true;
        }
        if (power && op == BinaryOp.UREM && (width == W32 || fits(value - 1))) {
            emit(new MachineInsn.AluImmediate(AluOp.AND, width, dst, (int) (value - 1)));
            return true;
        }
        if (width == W64 && !fits(value)) {
            return false;
        }
        int small = (int) value;
        switch (op) {
            case ADD -> emit(new MachineInsn.AluImmediate(AluOp.ADD, width, dst, small));
            case SUB -> {
                if (small == Integer.MIN_VALUE && width == W64) {
                    emit(new MachineInsn.AluImmediate(AluOp.SUB, width, dst, small));
                } else {
                    emit(new MachineInsn.AluImmediate(AluOp.ADD, width, dst, -small));
                }
            }
            case MUL -> emit(new MachineInsn.AluImmediate(AluOp.MUL, width, dst, small));
            case AND -> emit(new MachineInsn.AluImmediate(AluOp.AND, width, dst, small));
            case OR -> emit(new MachineInsn.AluImmediate(AluOp.OR, width, dst, small));
            case XOR -> emit(new MachineInsn.AluImmediate(AluOp.XOR, width, dst, small));
            // By a constant zero is refused by Linux; in a register its meaning is defined.
            case UDIV, UREM -> {
                if (small == 0) {
                    return false;
                }
                emit(new MachineInsn.AluImmediate(op == BinaryOp.UDIV ? AluOp.DIV : AluOp.MOD, width, dst, small));
            }
            case SHL, LSHR, ASHR, SDIV, SREM -> throw new IllegalStateException(op.word());
        }
        return true;
    }

    private void shift(AluOp op, int bits, int dst, Value count, Operation.@Nullable Const constant) {
        Width width = bits == 64 ? W64 : W32;
        if (constant != null) {
            emit(new MachineInsn.AluImmediate(op, width, dst, (int) (constant.value() & (bits - 1))));
            return;
        }
        int by = reg(count);
        if (bits < 32 && known(count) > KnownBits.of(bits - 1)) {
            int masked = out.newRegister();
            into(count, masked);
            emit(new MachineInsn.AluImmediate(AluOp.AND, W32, masked, bits - 1));
            by = masked;
        }
        emit(new MachineInsn.Alu(op, width, dst, by));
    }

    /** Puts {@code value} with its sign into {@code dst}, as a number of 32 or 64 bits. */
    private void signExtended(Value value, int to, int dst) {
        int from = bits(value);
        Operation.Const constant = uses.constant(value);
        if (constant != null) {
            long number = constant.type().signed(constant.value());
            emit(new MachineInsn.Constant(dst, to == 32 ? number & 0xffff_ffffL : number));
            return;
        }
        if (from >= to) {
            into(value, dst);
            return;
        }
        Width width = to == 64 ? W64 : W32;
        if (from == 1) {
            into(value, dst);
            emit(new MachineInsn.Negate(width, dst));
        } else if (v4()) {
            AluOp op = from == 8 ? AluOp.MOVSX8 : from == 16 ? AluOp.MOVSX16 : AluOp.MOVSX32;
            emit(new MachineInsn.Alu(op, width, dst, reg(value)));
        } else {
            into(value, dst);
            emit(new MachineInsn.AluImmediate(AluOp.LSH, width, dst, to - from));
            emit(new MachineInsn.AluImmediate(AluOp.ARSH, width, dst, to - from));
        }
    }

    /**
     * Signed division. Before cpu v4 from the unsigned one: with {@code s} the sign as 0 or -1, {@code (x ^ s) - s} is the
     * magnitude, and the same formula puts a sign back. The minimum by -1 comes out as the minimum, by 0 as BPF says.
     */
    private void divideSigned(boolean quotient, Width width, int dst, int divisor) {
        if (v4()) {
            emit(new MachineInsn.Alu(quotient ? AluOp.SDIV : AluOp.SMOD, width, dst, divisor));
            return;
        }
        int sign = out.newRegister();
        int divisorSign = out.newRegister();
        int magnitude = out.newRegister();
        int last = width.bits() - 1;
        emit(new MachineInsn.Move(sign, dst));
        emit(new MachineInsn.AluImmediate(AluOp.ARSH, width, sign, last));
        emit(new MachineInsn.Move(divisorSign, divisor));
        emit(new MachineInsn.AluImmediate(AluOp.ARSH, width, divisorSign, last));
        emit(new MachineInsn.Move(magnitude, divisor));
        emit(new MachineInsn.Alu(AluOp.XOR, width, magnitude, divisorSign));
        emit(new MachineInsn.Alu(AluOp.SUB, width, magnitude, divisorSign));
        emit(new MachineInsn.Alu(AluOp.XOR, width, dst, sign));
        emit(new MachineInsn.Alu(AluOp.SUB, width, dst, sign));
        emit(new MachineInsn.Alu(quotient ? AluOp.DIV : AluOp.MOD, width, dst, magnitude));
        if (quotient) {
            emit(new MachineInsn.Alu(AluOp.XOR, width, sign, divisorSign));
        }
        emit(new MachineInsn.Alu(AluOp.XOR, width, dst, sign));
        emit(new MachineInsn.Alu(AluOp.SUB, width, dst, sign));
    }

    private void convert(Value result, Operation.Convert convert) {
        Value a = convert.a();
        switch (convert.op()) {
            case TRUNC -> rename(result, a);
            // Its operand is exposed, so clear above its width.
            case ZEXT -> rename(result, a);
            case SEXT -> {
                if (uses.definition(a) instanceof Operation.Load load && isSignedLoad(uses.root(a), load)) {
                    register[result.index()] = reg(a);
                    significant[result.index()] = 64;
                    if (uses.isExposed(result) && convert.type().bits() < 64) {
                        int dst = out.newRegister();
                        clear(dst, reg(a), convert.type().bits());
                        register[result.index()] = dst;
                        significant[result.index()] = convert.type().bits();
                    }
                    return;
                }
                int dst = out.newRegister();
                int to = convert.type().bits() == 64 ? 64 : 32;
                signExtended(a, to, dst);
                define(result, dst, to);
            }
        }
    }

    private boolean isSignedLoad(Value result, Operation.Load load) {
        return v4()
                && load.type() instanceof Type.Int type
                && type.bits() >= 8
                && type.bits() <= 32
                && (load.order() == ByteOrder.LITTLE || type.bits() == 8)
                && uses.onlySignExtended(result);
    }

    private void offset(Value result, Operation.Offset offset) {
        Operation.Const constant = uses.constant(offset.index());
        if (constant != null) {
            Place base = place(offset.base());
            long sum = base.offset() + constant.value();
            if (fitsOffset(sum) && uses.onlyAddress(result)) {
                folded[result.index()] = new Place(base.base(), base.slot(), (int) sum);
                return;
            }
            if (fits(sum)) {
                int dst = out.newRegister();
                materialise(new Place(base.base(), base.slot(), (int) sum), dst);
                define(result, dst, 64);
                return;
            }
        }
        int dst = out.newRegister();
        sum(offset.base(), offset.index(), result, dst);
        define(result, dst, 64);
    }

    /** {@code dst = base + index}, moving the one whose register is more likely to be free. */
    private void sum(Value base, Value index, Value result, int dst) {
        boolean indexFirst = !isMade(index) && (isMade(base) || uses.prefersSecond(result, base, index));
        into(indexFirst ? index : base, dst);
        emit(new MachineInsn.Alu(AluOp.ADD, W64, dst, reg(indexFirst ? base : index)));
    }

    private void load(Value result, Operation.Load load) {
        int dst = out.newRegister();
        Size size = Size.ofBytes(load.type().byteSize());
        boolean signed = isSignedLoad(result, load);
        emit(new MachineInsn.Load(size, signed, dst, place(load.address(), load.offset())));
        if (load.order() == ByteOrder.BIG && size != Size.B && !uses.wantsMemoryOrder(result, load)) {
            emit(new MachineInsn.Swap(SwapOp.BE, size.bits(), dst));
        }
        if (signed) {
            register[result.index()] = dst;
            significant[result.index()] = 64;
        } else {
            define(result, dst, size.bits());
        }
    }

    private void store(Operation.Store store) {
        Size size = Size.ofBytes(store.value().type().byteSize());
        Place at = place(store.address(), store.offset());
        boolean swapped = store.order() == ByteOrder.BIG && size != Size.B;
        Operation op = uses.definition(store.value());
        if (op instanceof Operation.Const || op instanceof Operation.Null) {
            long value = op instanceof Operation.Const constant ? constant.value() : 0;
            if (swapped) {
                value = Long.reverseBytes(value) >>> (64 - size.bits());
            }
            if (size != Size.DW || fits(value)) {
                emit(new MachineInsn.StoreImmediate(size, at, (int) value));
            } else {
                emit(new MachineInsn.Store(size, at, shared(value)));
            }
            return;
        }
        int value = reg(store.value());
        if (swapped) {
            int dst = out.newRegister();
            emit(new MachineInsn.Move(dst, value));
            emit(new MachineInsn.Swap(SwapOp.BE, size.bits(), dst));
            value = dst;
        }
        emit(new MachineInsn.Store(size, at, value));
    }

    private void atomic(Value result, Operation.Atomic atomic) {
        Size size = Size.ofBytes(atomic.width().bytes());
        Place at = place(atomic.address(), atomic.offset());
        // Load-acquire and store-release came with Linux 6.15; before, a plain load and an exchange order as much.
        boolean ordered = context.target() == TargetProfile.VM || context.target() == TargetProfile.LINUX_6_19;
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
                int next = reg(atomic.values().get(1));
                into(atomic.values().getFirst(), 0);
                emit(new MachineInsn.Atomic(dev.turnout.bpf.isa.AtomicOp.CMPXCHG, size, at, next));
                int dst = out.newRegister();
                emit(new MachineInsn.Move(dst, 0));
                define(result, dst, size.bits());
            }
            case LOAD -> {
                int dst = out.newRegister();
                emit(
                        ordered
                                ? new MachineInsn.Atomic(dev.turnout.bpf.isa.AtomicOp.LOAD_ACQUIRE, size, at, dst)
                                : new MachineInsn.Load(size, false, dst, at));
                define(result, dst, size.bits());
            }
            case STORE -> {
                if (ordered) {
                    plain(dev.turnout.bpf.isa.AtomicOp.STORE_RELEASE, size, at, atomic);
                } else {
                    int dst = out.newRegister();
                    into(atomic.values().getFirst(), dst);
                    emit(new MachineInsn.Atomic(dev.turnout.bpf.isa.AtomicOp.XCHG, size, at, dst));
                }
            }
        }
    }

    private void plain(dev.turnout.bpf.isa.AtomicOp op, Size size, Place at, Operation.Atomic atomic) {
        emit(new MachineInsn.Atomic(op, size, at, reg(atomic.values().getFirst())));
    }

    private void fetch(dev.turnout.bpf.isa.AtomicOp op, Size size, Place at, Operation.Atomic atomic, Value result) {
        int dst = out.newRegister();
        into(atomic.values().getFirst(), dst);
        emit(new MachineInsn.Atomic(op, size, at, dst));
        define(result, dst, size.bits());
    }

    /**
     * Hides a number from Linux's verifier: a word of the frame that is not at the start of eight bytes is not tracked, so
     * what is read from it is unknown to it, and known to us (it is 1). The in-tree verifier needs nothing hidden.
     */
    private void opaque(Value result, Operation.Opaque opaque) {
        if (context.target() == TargetProfile.VM || !(opaque.a().type() instanceof Type.Int)) {
            rename(result, opaque.a());
            return;
        }
        if (seedSlot == NONE) {
            seedSlot = out.newSlot(8, 8, "a number hidden from the verifier");
            out.block(0).insert(0, new MachineInsn.StoreImmediate(Size.W, Place.inSlot(seedSlot, 4), 1), function.at());
        }
        int dst = out.newRegister();
        emit(new MachineInsn.Load(Size.W, false, dst, Place.inSlot(seedSlot, 4)));
        Operation.Const constant = uses.constant(opaque.a());
        if (constant != null && constant.value() >>> 32 == 0) {
            if (constant.value() != 1) {
                emit(new MachineInsn.AluImmediate(AluOp.ADD, W32, dst, (int) constant.value() - 1));
            }
            define(result, dst, 32);
            return;
        }
        emit(new MachineInsn.AluImmediate(AluOp.ADD, W32, dst, -1));
        Width width = width(result);
        emit(new MachineInsn.Alu(AluOp.ADD, width, dst, reg(opaque.a())));
        define(result, dst, width.bits());
    }

    // Conditions.

    private Condition condition(Value value) {
        Value root = uses.root(value);
        if (uses.definition(root) instanceof Operation.Compare compare && uses.onlyCondition(root)) {
            return condition(compare);
        }
        return new Condition(JumpOp.JNE, W64, reg(root), NONE, 0, false);
    }

    private Condition condition(Operation.Compare compare) {
        Value a = compare.a();
        Value b = compare.b();
        JumpOp op = jump(compare.op());
        if (isMade(a) && !isMade(b)) {
            a = compare.b();
            b = compare.a();
            op = op.swapped();
        }
        Width width = width(a);
        boolean narrowSigned = compare.op().signed() && a.type() instanceof Type.Int type && type.bits() < 32;
        if (narrowSigned) {
            int left = out.newRegister();
            signExtended(a, 32, left);
            Operation.Const constant = uses.constant(b);
            if (constant != null) {
                return new Condition(op, W32, left, NONE, (int) constant.type().signed(constant.value()), false);
            }
            int right = out.newRegister();
            signExtended(b, 32, right);
            return new Condition(op, W32, left, right, 0, false);
        }
        Operation left = uses.definition(a);
        Operation right = uses.definition(b);
        if (right instanceof Operation.Const || right instanceof Operation.Null) {
            long value = right instanceof Operation.Const constant ? constant.value() : 0;
            if (value == 0 && left instanceof Operation.Binary and && uses.onlyTestedForZero(a, and)) {
                return bitTest(and, op);
            }
            if (left instanceof Operation.Load load && uses.wantsMemoryOrder(uses.root(a), load)) {
                value = Long.reverseBytes(value) >>> (64 - bits(a));
            }
            if (width == W32 || fits(value)) {
                return new Condition(op, width, reg(a), NONE, (int) value, false);
            }
            return new Condition(op, width, reg(a), shared(value), 0, false);
        }
        return new Condition(op, width, reg(a), reg(b), 0, false);
    }

    /** {@code (x & y) == 0} or {@code != 0}. JSET says "some bit"; "no bit" is its inverse. */
    private Condition bitTest(Operation.Binary and, JumpOp asked) {
        Value a = uses.constant(and.a()) != null ? and.b() : and.a();
        Value b = uses.constant(and.a()) != null ? and.a() : and.b();
        Width width = width(a);
        Operation.Const constant = uses.constant(b);
        boolean inverse = asked == JumpOp.JEQ;
        if (constant != null && (width == W32 || fits(constant.value()))) {
            return new Condition(JumpOp.JSET, width, reg(a), NONE, (int) constant.value(), inverse);
        }
        if (constant != null && constant.value() >>> 32 == 0) {
            return new Condition(JumpOp.JSET, W32, reg(a), NONE, (int) constant.value(), inverse);
        }
        return new Condition(JumpOp.JSET, width, reg(a), reg(b), 0, inverse);
    }

    private static JumpOp jump(dev.turnout.ir.model.CompareOp op) {
        return switch (op) {
            case EQ -> JumpOp.JEQ;
            case NE -> JumpOp.JNE;
            case ULT -> JumpOp.JLT;
            case ULE -> JumpOp.JLE;
            case UGT -> JumpOp.JGT;
            case UGE -> JumpOp.JGE;
            case SLT -> JumpOp.JSLT;
            case SLE -> JumpOp.JSLE;
            case SGT -> JumpOp.JSGT;
            case SGE -> JumpOp.JSGE;
        };
    }

    /**
     * {@code result = condition ? a : b}, or 1 and 0. One side is put in place at once, a branch then skips the other; the
     * one that goes first is the one whose move is likelier to vanish.
     */
    private void choose(Value result, Condition condition, @Nullable Value a, @Nullable Value b) {
        int dst = out.newRegister();
        boolean firstIsA = true;
        if (a != null && b != null) {
            firstIsA = isMade(a) == isMade(b) ? uses.affinity(result, a) >= uses.affinity(result, b) : !isMade(a);
        }
        side(firstIsA ? a : b, firstIsA ? 1 : 0, dst);
        MachineBlock other = out.newBlock(current.depth());
        MachineBlock join = out.newBlock(current.depth());
        current.end(
                firstIsA
                        ? condition.branch(join.number(), other.number())
                        : condition.branch(other.number(), join.number()),
                here);
        current = other;
        side(firstIsA ? b : a, firstIsA ? 0 : 1, dst);
        other.end(new MachineEnd.Jump(join.number()), here);
        current = join;
        int known = a == null || b == null ? 1 : Math.max(known(a), known(b));
        // Arms are exposed if the result is, so there is nothing to clear.
        register[result.index()] = dst;
        significant[result.index()] = known;
    }

    private void side(@Nullable Value value, int truth, int dst) {
        if (value == null) {
            emit(new MachineInsn.Constant(dst, truth));
        } else {
            into(value, dst);
        }
    }

    // Ends of blocks.

    private void terminate(Block from) {
        switch (from.terminator()) {
            case Terminator.Jump jump -> {
                copies(jump.to(), 0);
                current.end(new MachineEnd.Jump(jump.to().block().index()), here);
            }
            case Terminator.Branch branch -> {
                Condition condition = condition(branch.condition());
                MachineBlock last = current;
                int then = edge(branch.then(), 0);
                int otherwise = edge(branch.otherwise(), 0);
                last.end(condition.branch(then, otherwise), here);
            }
            case Terminator.Switch choice -> table(choice);
            case Terminator.StaticBranch branch -> {
                int on = edge(branch.on(), 0);
                int off = edge(branch.off(), 0);
                boolean initially = context.initial(branch.key()) != 0;
                boolean onInLine =
                        branch.hint() == Terminator.Hint.NONE ? initially : branch.hint() == Terminator.Hint.LIKELY;
                // What is in line is fallen into; the other way is the jump.
                current.end(
                        onInLine
                                ? new MachineEnd.StaticBranch(branch.key(), 1, true, initially, off, on)
                                : new MachineEnd.StaticBranch(branch.key(), 1, false, !initially, on, off),
                        here);
            }
            case Terminator.StaticSwitch choice -> {
                List<MachineEnd.StaticSwitch.Arm> arms = new ArrayList<>();
                long now = context.initial(choice.key());
                int initial = NONE;
                for (Terminator.Case one : choice.cases()) {
                    int target = edge(one.to(), 0);
                    for (long value = one.low(); value <= one.high(); value++) {
                        arms.add(new MachineEnd.StaticSwitch.Arm(value, target));
                        initial = value == now ? target : initial;
                    }
                }
                int otherwise = initial == NONE ? edge(choice.otherwise(), 0) : initial;
                current.end(new MachineEnd.StaticSwitch(choice.key(), arms, otherwise), here);
            }
            case Terminator.Checked checked -> checked(checked);
            case Terminator.TailCall call -> {
                pass(List.of(call.context(), call.map(), call.index()));
                emit(new MachineInsn.CallHelper(HelperFunction.TAIL_CALL.id(), 3));
                copies(call.miss(), 0);
                current.end(new MachineEnd.Jump(call.miss().block().index()), here);
            }
            case Terminator.MayGoto jump -> {
                MachineBlock last = current;
                int next = edge(jump.next(), 0);
                int exit = edge(jump.exit(), 0);
                last.end(new MachineEnd.MayGoto(next, exit), here);
            }
            case Terminator.Return back -> {
                if (!back.values().isEmpty()) {
                    into(back.values().getFirst(), 0);
                }
                current.end(new MachineEnd.Exit(), here);
            }
            case Terminator.Unreachable _ -> {
                emit(new MachineInsn.Constant(0, 0));
                current.end(new MachineEnd.Exit(), here);
            }
        }
    }

    /** A table: {@code if i > n - 1 goto else; i <<= 3; p = table; p += i; p = *p; gotox p}. */
    private void table(Terminator.Switch choice) {
        long low = choice.cases().getFirst().low();
        int entries = Math.toIntExact(choice.cases().getLast().high() - low + 1);
        int index = out.newRegister();
        into(choice.value(), index);
        int known = known(choice.value());
        if (low != 0) {
            Width width = width(choice.value());
            if (fits(-low)) {
                emit(new MachineInsn.AluImmediate(AluOp.ADD, width, index, (int) -low));
            } else {
                emit(new MachineInsn.Alu(AluOp.SUB, width, index, shared(low)));
            }
            known = width.bits();
        }
        int otherwise = edge(choice.otherwise(), 0);
        boolean bounded = known < 31 && 1 << known <= entries;
        if (!bounded) {
            if (choice.exhaustive()) {
                // Nothing else occurs, but the machine's verifier must see it: a full table of a power of two.
                entries = Integer.highestOneBit(Math.max(1, entries * 2 - 1));
                emit(new MachineInsn.AluImmediate(AluOp.AND, W32, index, entries - 1));
            } else {
                MachineBlock inside = out.newBlock(current.depth());
                current.end(
                        new MachineEnd.Branch(JumpOp.JGT, W64, index, NONE, entries - 1, otherwise, inside.number()),
                        here);
                current = inside;
            }
        }
        int[] targets = new int[entries];
        java.util.Arrays.fill(targets, otherwise);
        for (Terminator.Case one : choice.cases()) {
            int target = edge(one.to(), 0);
            for (long value = one.low(); Long.compareUnsigned(value, one.high()) <= 0; value++) {
                targets[(int) (value - low)] = target;
                if (value == -1) {
                    break;
                }
            }
        }
        String name = context.nextTable(function.name());
        emit(new MachineInsn.AluImmediate(AluOp.LSH, W64, index, 3));
        int base = shared(new Reference.ToJumpTable(name, 0));
        emit(new MachineInsn.Alu(AluOp.ADD, W64, index, base));
        int address = out.newRegister();
        emit(new MachineInsn.Load(Size.DW, false, address, Place.at(index, 0)));
        List<Integer> all = new ArrayList<>(entries);
        for (int target : targets) {
            all.add(target);
        }
        current.end(new MachineEnd.Table(address, name, all), here);
    }

    private void checked(Terminator.Checked checked) {
        int fail = edge(checked.fail(), 0);
        Place base = place(checked.base());
        Operation.Const constant = uses.constant(checked.offset());
        Place start;
        if (constant != null) {
            if (Long.compareUnsigned(constant.value(), PACKET_REACH - checked.bytes()) > 0) {
                current.end(new MachineEnd.Jump(fail), here);
                return;
            }
            start = new Place(base.base(), base.slot(), base.offset() + (int) constant.value());
        } else {
            if (known(checked.offset()) > 15) {
                MachineBlock near = out.newBlock(current.depth());
                current.end(
                        new MachineEnd.Branch(
                                JumpOp.JGT,
                                W64,
                                reg(checked.offset()),
                                NONE,
                                PACKET_REACH - checked.bytes(),
                                fail,
                                near.number()),
                        here);
                current = near;
            }
            int moved = out.newRegister();
            boolean indexFirst = uses.usedOnce(checked.offset()) && !isMade(checked.offset());
            if (indexFirst) {
                into(checked.offset(), moved);
                emit(new MachineInsn.Alu(AluOp.ADD, W64, moved, base.base()));
            } else {
                emit(new MachineInsn.Move(moved, base.base()));
                emit(new MachineInsn.Alu(AluOp.ADD, W64, moved, reg(checked.offset())));
            }
            start = Place.at(moved, base.offset());
        }
        int last = start.base();
        if (start.offset() + checked.bytes() != 0) {
            last = out.newRegister();
            emit(new MachineInsn.Move(last, start.base()));
            emit(new MachineInsn.AluImmediate(AluOp.ADD, W64, last, start.offset() + checked.bytes()));
        }
        int end = reg(checked.end());
        MachineBlock testing = current;
        int ok = proven(checked.ok(), start);
        testing.end(new MachineEnd.Branch(JumpOp.JGT, W64, last, end, 0, fail, ok), here);
    }

    /** The block where the check held, in which the first parameter is the place. */
    private int proven(Target ok, Place start) {
        int to = ok.block().index();
        Value reference = function.block(ok.block()).parameters().getFirst();
        if (graph.predecessors(to).length == 1) {
            if (fitsOffset(start.offset()) && uses.onlyAddress(reference)) {
                folded[reference.index()] = start;
                register[reference.index()] = NONE;
            } else if (start.offset() == 0) {
                register[reference.index()] = start.base();
            } else {
                current = out.block(to);
                materialise(start, register[reference.index()]);
            }
            return to;
        }
        MachineBlock between = split(to);
        current = between;
        int kept = out.newRegister();
        materialise(start, kept);
        copies(ok, 1);
        emit(new MachineInsn.Move(register[reference.index()], kept));
        between.end(new MachineEnd.Jump(to), here);
        return between.number();
    }

    // Edges.

    private MachineBlock split(int to) {
        MachineBlock target = out.block(to);
        MachineBlock between = out.newBlock(Math.min(current.depth(), target.depth()));
        if (target.isCold()) {
            between.makeCold();
        }
        return between;
    }

    /** The block to go to for a target: its own, or one in between that copies the arguments. */
    private int edge(Target target, int skipped) {
        int to = target.block().index();
        boolean copies = false;
        for (Value parameter : function.block(target.block()).parameters()) {
            copies |= !uses.isPassedThrough(parameter) && uses.isUsed(parameter);
        }
        if (!copies) {
            return to;
        }
        MachineBlock before = current;
        MachineBlock between = split(to);
        current = between;
        copies(target, skipped);
        between.end(new MachineEnd.Jump(to), here);
        current = before;
        return between.number();
    }

    /**
     * Copies arguments into parameters, all at once: a copy waits until no other still reads its destination; where they
     * wait for each other in a circle, one is set aside.
     */
    private void copies(Target target, int skipped) {
        List<Value> parameters = function.block(target.block()).parameters();
        int count = target.arguments().size();
        int[] dst = new int[count];
        int[] src = new int[count];
        int left = 0;
        for (int i = 0; i < count; i++) {
            Value parameter = parameters.get(i + skipped);
            Value argument = target.arguments().get(i);
            if (uses.isPassedThrough(parameter) || !uses.isUsed(parameter) || isMade(argument)) {
                continue;
            }
            dst[left] = register[parameter.index()];
            src[left] = reg(argument);
            left += dst[left] == src[left] ? 0 : 1;
        }
        while (left > 0) {
            boolean moved = false;
            for (int i = left - 1; i >= 0; i--) {
                if (!isRead(dst[i], src, left, i)) {
                    emit(new MachineInsn.Move(dst[i], src[i]));
                    left--;
                    dst[i] = dst[left];
                    src[i] = src[left];
                    moved = true;
                }
            }
            if (!moved) {
                int aside = out.newRegister();
                emit(new MachineInsn.Move(aside, dst[0]));
                for (int i = 0; i < left; i++) {
                    src[i] = src[i] == dst[0] ? aside : src[i];
                }
            }
        }
        for (int i = 0; i < count; i++) {
            Value parameter = parameters.get(i + skipped);
            Value argument = target.arguments().get(i);
            if (!uses.isPassedThrough(parameter) && uses.isUsed(parameter) && isMade(argument)) {
                into(argument, register[parameter.index()]);
            }
        }
    }

    private static boolean isRead(int register, int[] src, int count, int except) {
        for (int i = 0; i < count; i++) {
            if (i != except && src[i] == register) {
                return true;
            }
        }
        return false;
    }
}
