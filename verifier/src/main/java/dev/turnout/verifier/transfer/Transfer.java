package dev.turnout.verifier.transfer;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.KernelSymbol;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.stdlib.kfunc.KernelFunction;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ResultRange;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.domain.AbstractAlgebra;
import dev.turnout.verifier.domain.Comparison;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.kernel.KernelTypes;
import dev.turnout.verifier.kernel.Loaded;
import dev.turnout.verifier.kernel.ObjectTypes;
import dev.turnout.verifier.kernel.ReadSections;
import dev.turnout.verifier.kernel.TypedContext;
import dev.turnout.verifier.signature.Signature;
import dev.turnout.verifier.signature.Signatures;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The effect of instructions that are not jumps, exits, or calls of functions that are gone through with their callers. */
public final class Transfer {
    private static final AbstractAlgebra ON = AbstractAlgebra.INSTANCE;

    private final BpfProgram program;
    private final Options options;
    private final KernelTypes types;
    private final ObjectTypes objects;
    private final ReadSections sections;
    private final KernelEffect kernelEffect;
    private final Optional<TypedContext> typed;
    private final HelperEffect helpers;
    private final Signatures signatures;
    private final StackMemory stack;
    private boolean optimistic;

    public Transfer(BpfProgram program, Options options) {
        this.program = program;
        this.options = options;
        this.types = KernelTypes.of(program);
        this.objects = ObjectTypes.of(program);
        this.sections = ReadSections.of(program);
        this.kernelEffect = new KernelEffect(program);
        this.typed = TypedContext.of(program);
        this.helpers = new HelperEffect(program);
        this.signatures = Signatures.of(program, options);
        this.stack = new StackMemory(options.predicts());
    }

    /**
     * Whether forms survive 32-bit arithmetic that might wrap, and slots survive stores that might hit them. Only for passes
     * whose results are guesses: what they find is verified by a pass without it.
     */
    public void optimistic(boolean on) {
        optimistic = on;
    }

    public boolean isOptimistic() {
        return optimistic;
    }

    /** What is called, if it is a function that is verified alone: then the call is an instruction like others. */
    public Optional<Signature.Typed> alone(int slot, Insn.CallLocal call) {
        return signatures
                .at(slot + 1L + call.distance())
                .flatMap(one -> one instanceof Signature.Typed typed ? Optional.of(typed) : Optional.empty());
    }

    /** Changes {@code state} from what holds before the instruction to what holds after it. */
    public void step(State state, int slot, Insn insn) {
        switch (insn) {
            case Insn.Alu alu -> state.put(alu.dst(), alu(state, alu));
            case Insn.Neg neg -> state.put(neg.dst(), negate(state, neg));
            case Insn.Swap swap ->
                state.put(
                        swap.dst(),
                        state.reg(swap.dst()) instanceof Value.Scalar scalar
                                ? named(state, swap.op().result(ON, state.num(scalar), swap.bits()), null)
                                : state.fresh(Num.top()));
            case Insn.CastSpace cast -> state.put(cast.dst(), cast(state, cast));
            case Insn.Wide wide -> state.put(wide.dst(), wide(state, slot, wide));
            case Insn.Load load ->
                state.put(load.dst(), load(state, load.base(), load.offset(), load.size(), load.signed()));
            case Insn.Store store -> store(state, store);
            case Insn.Atomic atomic -> atomic(state, atomic);
            case Insn.CallHelper call -> helpers.step(state, slot, call);
            case Insn.CallKernel call -> {
                if (kernel(state, slot, call).size() > 1) {
                    state.tear();
                }
            }
            case Insn.PacketLoad _ -> {
                state.clobber();
                state.put(Reg.R0, state.fresh(Num.top()));
            }
            case Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _, Insn.MayGoto _, Insn.JumpIndirect _, Insn.Exit _ -> {}
            case Insn.CallLocal call -> alone(slot, call).ifPresent(signature -> GlobalCalls.step(state, signature));
            case Insn.CallIndirect _ -> {}
        }
    }

    /**
     * The states after an instruction, of which each run goes on in one: the first is {@code state} itself, changed. There is more than
     * one where what is held afterwards depends on what the call gave: then no one state stands for all, and {@link #step}, which has
     * but one, tears it.
     */
    public List<State> outcomes(State state, int slot, Insn insn) {
        if (insn instanceof Insn.CallKernel call) {
            return kernel(state, slot, call);
        }
        if (insn instanceof Insn.Alu alu && options.predicts()) {
            return signs(state, slot, alu);
        }
        step(state, slot, insn);
        return List.of(state);
    }

    /**
     * A mask made of a sign is all ones or all zeros. Linux looks at both apart where it meets a constant: {@code x & 8} is then 0 or
     * 8, and nothing between. The ones come first.
     */
    private List<State> signs(State state, int slot, Insn.Alu alu) {
        boolean masks = alu.op() == AluOp.AND || alu.op() == AluOp.OR;
        if (masks
                && state.reg(alu.dst()) instanceof Value.Scalar mask
                && operand(state, alu.src()) instanceof Value.Scalar by
                && state.num(by).isConstant()) {
            Num num = state.num(mask);
            boolean wide = num.sMin() == -1 && num.sMax() == 0;
            if (wide || (num.sMin32() == -1 && num.sMax32() == 0)) {
                Width width = wide ? Width.W64 : Width.W32;
                State zeros = state.copy();
                stepFrom(state, slot, alu, equal(width, mask, num, -1));
                stepFrom(zeros, slot, alu, equal(width, mask, num, 0));
                return List.of(state, zeros);
            }
        }
        step(state, slot, alu);
        return List.of(state);
    }

    private static Value equal(Width width, Value.Scalar mask, Num num, long sign) {
        return new Value.Scalar(
                Comparison.assume(JumpOp.JEQ, width, num, Num.constant(sign)).a(), mask.form());
    }

    private void stepFrom(State state, int slot, Insn.Alu alu, Value dst) {
        state.put(alu.dst(), dst);
        step(state, slot, alu);
    }

    private List<State> kernel(State state, int slot, Insn.CallKernel call) {
        Optional<KernelFunction> function = program.kernelRow(call);
        if (function.isPresent()) {
            return kernelEffect.outcomes(state, slot, function.get());
        }
        state.clobber();
        state.put(Reg.R0, state.fresh(Num.top()));
        return List.of(state);
    }

    /** The second operand as a value. */
    static Value operand(State state, Operand operand) {
        return switch (operand) {
            case Operand.Register register -> state.reg(register.reg());
            case Operand.Immediate immediate -> Value.constant(immediate.value());
        };
    }

    /** A number under the given form, or under a name of its own if there is none. */
    private static Value.Scalar named(State state, Num num, @Nullable Form form) {
        return form == null ? state.fresh(num) : new Value.Scalar(num, form);
    }

    // Arithmetic

    private Value alu(State state, Insn.Alu alu) {
        Value src = operand(state, alu.src());
        if (alu.op() == AluOp.MOV && alu.width() == Width.W64) {
            return src;
        }
        Value dst = alu.op().readsDestination() ? state.reg(alu.dst()) : Value.constant(0);
        if (dst instanceof Value.Scalar a && src instanceof Value.Scalar b) {
            if (options.predicts() && isOverlooked(alu, state.num(b))) {
                return state.fresh(Num.top());
            }
            Num num = alu.op().result(ON, alu.width(), state.num(a), state.num(b));
            Form form = form(state, alu, a, b, num);
            return form == null ? half(state, alu, a, num) : new Value.Scalar(num, form);
        }
        if (alu.width() == Width.W64 && (alu.op() == AluOp.ADD || alu.op() == AluOp.SUB)) {
            if (dst instanceof Value.Pointer pointer && src instanceof Value.Scalar by) {
                return move(state, pointer, by, alu.op() == AluOp.SUB);
            }
            if (dst instanceof Value.Scalar by && src instanceof Value.Pointer pointer && alu.op() == AluOp.ADD) {
                return move(state, pointer, by, false);
            }
        }
        if (isArena(dst)) {
            return dst;
        }
        return isArena(src) ? src : state.fresh(alu.width() == Width.W32 ? Num.ofBits(32) : Num.top());
    }

    /** Addresses in an arena are not followed: all of it may be accessed, and what is outside faults harmlessly. */
    private static boolean isArena(Value value) {
        return value instanceof Value.Pointer pointer && pointer.region() instanceof Region.Arena;
    }

    /** A sum with a constant in the lower half, of a number that is all in it, stays linked to it. */
    private static Value half(State state, Insn.Alu alu, Value.Scalar a, Num num) {
        boolean sum = alu.op() == AluOp.ADD || alu.op() == AluOp.SUB;
        Value by = operand(state, alu.src());
        boolean constant =
                by instanceof Value.Scalar scalar && state.num(scalar).isConstant();
        if (alu.width() == Width.W64 || !sum || !constant || state.num(a).uMax() >>> 32 != 0) {
            return state.fresh(num);
        }
        long by32 = (int) state.num((Value.Scalar) by).constant();
        return state.lowerHalf(a.form().plus(alu.op() == AluOp.ADD ? by32 : -by32), num);
    }

    /** Linux computes shifts and divisions by constants only, and then says nothing of the upper half either. */
    private static boolean isOverlooked(Insn.Alu alu, Num by) {
        boolean wide = alu.width() == Width.W64;
        long low = wide ? by.uMin() : by.uMin32();
        boolean constant = low == (wide ? by.uMax() : by.uMax32());
        return (alu.op().isDivision() && !constant)
                || (alu.op().isShift()
                        && (!constant || Long.compareUnsigned(low, alu.width().bits()) >= 0));
    }

    private Value negate(State state, Insn.Neg neg) {
        if (!(state.reg(neg.dst()) instanceof Value.Scalar scalar)) {
            return state.fresh(Num.top());
        }
        Num num = ON.negate(neg.width(), state.num(scalar));
        Form form = scalar.form().times(-1);
        return named(state, num, fits(state, neg.width(), form));
    }

    /**
     * The linear form of a result, if it has one. As a form of the 64-bit operation it holds modulo 2⁶⁴; of a 32-bit
     * operation the result is the lower half, which is the same number only if that is below 2³².
     */
    private @Nullable Form form(State state, Insn.Alu alu, Value.Scalar a, Value.Scalar b, Num num) {
        Form x = a.form();
        Num known = state.num(b);
        Form y = known.isConstant() ? Form.constant(known.constant()) : b.form();
        return switch (alu.op()) {
            case ADD -> fits(state, alu.width(), x.plus(y));
            case SUB -> fits(state, alu.width(), x.minus(y));
            case MUL -> {
                Form product = y.isConstant() ? x.times(y.constant()) : x.isConstant() ? y.times(x.constant()) : null;
                yield fits(state, alu.width(), product);
            }
            case LSH -> {
                boolean small = y.isConstant() && y.constant() >= 0 && y.constant() < 40;
                yield fits(state, alu.width(), small ? x.times(1L << y.constant()) : null);
            }
            case RSH, ARSH -> shiftedRight(state, alu, x, y);
            case AND -> {
                Num of = state.num(a);
                boolean keepsAll = state.num(b).isConstant()
                        && ((of.bits().value() | of.bits().mask())
                                        & ~state.num(b).constant())
                                == 0;
                yield keepsAll ? fits(state, alu.width(), x) : null;
            }
            case MOV -> fits(state, alu.width(), b.form());
            case MOVSX8, MOVSX16, MOVSX32 -> known.equals(num) ? b.form() : null;
            case OR, XOR -> y.equals(Form.ZERO) ? fits(state, alu.width(), x) : null;
            case DIV, SDIV, MOD, SMOD -> null;
        };
    }

    private @Nullable Form fits(State state, Width width, @Nullable Form form) {
        if (form == null || width == Width.W64 || (optimistic && !form.isConstant())) {
            return form;
        }
        return Long.compareUnsigned(state.evaluate(form).uMax(), 0xffff_ffffL) <= 0 ? form : null;
    }

    /** A shift right undoes a multiplication, if that did not wrap: {@code (x << 32) >> 32} of older compilers. */
    private @Nullable Form shiftedRight(State state, Insn.Alu alu, Form x, Form y) {
        if (alu.width() != Width.W64 || !y.isConstant() || y.constant() < 1 || y.constant() > 40) {
            return null;
        }
        int n = (int) y.constant();
        Form quotient = x.shiftedRight(n);
        if (quotient == null) {
            return null;
        }
        Num of = state.evaluate(quotient);
        boolean exact = alu.op() == AluOp.RSH
                ? of.sMin() >= 0 && of.sMax() >>> (64 - n) == 0
                : of.sMin() >= Long.MIN_VALUE >> n && of.sMax() <= Long.MAX_VALUE >> n;
        return exact || optimistic ? quotient : null;
    }

    /**
     * Pointer plus number. An unknown addend gives the pointer an offset of its own name: as in Linux, what is later learned
     * of the addend does not reach the pointer, and two pointers made apart are not known to be equal. Loop counters and
     * other numbers that a walk over paths knows keep their form.
     */
    private static Value move(State state, Value.Pointer pointer, Value.Scalar by, boolean down) {
        Num delta = state.num(by);
        Num offset = down
                ? ON.subtract(Width.W64, state.offset(pointer), delta)
                : ON.add(Width.W64, state.offset(pointer), delta);
        Form step = delta.isConstant() ? Form.constant(delta.constant()) : by.form();
        Form form = down ? pointer.form().minus(step) : pointer.form().plus(step);
        if (form == null || !step.isPathConstant()) {
            form = state.fresh(offset).form();
            if (down && delta.sMin() >= 0) {
                keepPacket(state, pointer, form, delta.sMin());
            }
        }
        return pointer.at(offset, form);
    }

    /** What is proven behind a pointer is behind one that lies {@code least} bytes or more before it, too. */
    private static void keepPacket(State state, Value.Pointer before, Form moved, long least) {
        boolean meta = before.region() instanceof Region.PacketMeta;
        if (moved.isConstant() || !(meta || before.region() instanceof Region.Packet)) {
            return;
        }
        long proven = state.packet().bound(meta, before.form().key());
        if (proven != Long.MIN_VALUE) {
            state.learnPacket(meta, moved, proven - before.form().constant() + Math.min(least, 1 << 16));
        }
    }

    /** Only the program's own side of a cast is a pointer: what users of the arena see is a number to programs. */
    private Value cast(State state, Insn.CastSpace cast) {
        return cast.spaces() == 1 && program.arena().isPresent()
                ? pointer(new Region.Arena(program.arena().getAsInt()), 0)
                : state.fresh(Num.top());
    }

    private Value wide(State state, int slot, Insn.Wide wide) {
        return switch (wide.kind()) {
            case CONSTANT -> Value.constant(wide.value());
            case MAP_INDEX -> pointer(new Region.MapReference(wide.low()), 0);
            case MAP_INDEX_VALUE -> {
                MapDefinition map = program.maps().get(wide.low());
                if (map.kind() == MapKind.ARENA) {
                    yield state.fresh(Num.top());
                }
                yield pointer(
                        switch (map.content()) {
                            case MapDefinition.Content.Targets _ ->
                                new Region.InsnTable(wide.low(), map.name(), 8 * map.maxEntries());
                            case MapDefinition.Content.Functions _ ->
                                new Region.FunctionTables(List.of(
                                        new Region.FunctionTable(wide.low(), map.name(), 8 * map.maxEntries())));
                            case MapDefinition.Content.Empty _, MapDefinition.Content.Data _ ->
                                value(program, wide.low());
                        },
                        Integer.toUnsignedLong(wide.high()));
            }
            case FUNCTION -> new Value.FunctionAddress(List.of(slot + 1 + wide.low()), 0);
            case BTF_ID -> kernelAddress(state, wide.low());
            case MAP_FD, MAP_VALUE ->
                throw new IllegalStateException(
                        "a wide load of kind " + wide.kind() + " has passed the structural rules");
        };
    }

    /** An address, 0 if the kernel lacks the name and the program can do without; a function is not read through it. */
    private Value kernelAddress(State state, int index) {
        KernelSymbol symbol = program.surroundings().symbols().get(index);
        if (symbol.kind() != KernelSymbol.Kind.FUNCTION
                || program.surroundings().kernel().size() == 0) {
            return state.fresh(Num.top());
        }
        return types.hasFunction(symbol.name())
                ? pointer(new Region.HelperMemory("a function of the kernel", 0, false), 0)
                : Value.constant(0);
    }

    /** A value of the map. */
    static Region value(BpfProgram program, int map) {
        MapDefinition definition = program.map(map);
        boolean only = definition.kind() == MapKind.ARRAY && definition.maxEntries() == 1;
        return new Region.MapValue(map, definition.name(), definition.valueSize(), only);
    }

    static Value.Pointer pointer(Region region, long offset) {
        return new Value.Pointer(region, Num.constant(offset), Form.constant(offset), 0);
    }

    // Memory

    /** What the kernel's types say; unreadable stands for a number of which nothing is known, and for what is refused. */
    private static Value loaded(State state, Loaded loaded) {
        return switch (loaded) {
            case Loaded.Pointer(Region to, boolean nullable) ->
                new Value.Pointer(
                        to,
                        Num.constant(0),
                        Form.ZERO,
                        nullable ? state.source().fresh() | 1 : 0);
            case Loaded.Number _, Loaded.Refused _ -> Value.Unreadable.VALUE;
        };
    }

    /** A load of any kind; unknown where nothing is known, also where the access is not allowed. */
    private Value load(State state, Reg base, int displacement, Size size, boolean signed) {
        Value unknown = Value.Unreadable.VALUE;
        if (state.reg(base) instanceof Value.Pointer pointer) {
            Num at = ON.add(Width.W64, state.offset(pointer), Num.constant(displacement));
            unknown = switch (pointer.region()) {
                case Region.Stack of -> stack.load(state, of.depth(), at, size.bytes());
                case Region.Context _
                when typed.isPresent() ->
                    at.isConstant() ? typedContext(state, typed.get(), at.constant(), size) : Value.Unreadable.VALUE;
                case Region.Context _ -> ContextLoads.load(state, program.type(), at);
                case Region.MapReference map ->
                    at.isConstant()
                            ? loaded(state, types.load(program.map(map.map()).kind(), at.constant(), size.bytes()))
                            : Value.Unreadable.VALUE;
                case Region.KernelObject object ->
                    at.isConstant()
                            ? loaded(state, types.load(object, at.constant(), size.bytes(), sections.around(state)))
                            : Value.Unreadable.VALUE;
                case Region.MapValue value ->
                    KeptPointers.load(state, program.map(value.map()), at, types, objects, sections.around(state))
                            .orElseGet(() -> loadConstant(value.map(), at, size));
                case Region.OneOfMapValues _ -> Value.Unreadable.VALUE;
                case Region.InsnTable table -> loadTarget(table, at);
                case Region.FunctionTables tables -> loadFunction(state, tables, at, size);
                case Region.Packet _, Region.PacketMeta _, Region.PacketEnd _ -> Value.Unreadable.VALUE;
                case Region.Memory _ -> Value.Unreadable.VALUE;
                case Region.Socket _, Region.HelperMemory _, Region.Buffer _ -> Value.Unreadable.VALUE;
                case Region.FlowKeys _, Region.DynptrReference _, Region.Arena _ -> Value.Unreadable.VALUE;
                case Region.Allocated _ -> Value.Unreadable.VALUE;
            };
        }
        if (unknown instanceof Value.Scalar scalar) {
            Num num = state.num(scalar);
            Num extended = signed ? ON.signExtend(Width.W64, num, size.bits()) : ON.zeroExtend(num, size.bits());
            return named(state, extended, extended.equals(num) ? scalar.form() : null);
        }
        if (unknown instanceof Value.Unreadable) {
            Num any = Num.ofBits(size.bits());
            return state.fresh(signed ? ON.signExtend(Width.W64, any, size.bits()) : any);
        }
        return unknown;
    }

    /** What a hook has come to so far is one of its results. */
    private static Value typedContext(State state, TypedContext context, long at, Size size) {
        Optional<ResultRange> range = context.resultAt(at);
        return range.isPresent() && size == Size.DW
                ? state.fresh(Num.signed(range.get().min(), range.get().max()))
                : loaded(state, context.load(at, size.bytes()));
    }

    /** Bytes that no program can change are known. */
    private Value loadConstant(int map, Num at, Size size) {
        MapDefinition definition = program.map(map);
        if (!definition.frozen()
                || !at.isConstant()
                || !(definition.content() instanceof MapDefinition.Content.Data data)) {
            return Value.Unreadable.VALUE;
        }
        long first = at.constant();
        ByteString bytes = data.bytes();
        if (first < 0 || first + size.bytes() > bytes.size()) {
            return Value.Unreadable.VALUE;
        }
        long value = 0;
        for (int i = 0; i < size.bytes(); i++) {
            value |= (bytes.at((int) first + i) & 0xffL) << (8 * i);
        }
        return Value.constant(value);
    }

    private Value loadTarget(Region.InsnTable table, Num at) {
        if (!(program.maps().get(table.map()).content() instanceof MapDefinition.Content.Targets targets)
                || at.sMin() < 0
                || at.sMax() > table.bytes() - 8) {
            return Value.Unreadable.VALUE;
        }
        TreeSet<Integer> reached = new TreeSet<>();
        for (long i = at.sMin() / 8; i <= at.sMax() / 8; i++) {
            if (at.contains(i * 8)) {
                reached.add(targets.targets().get((int) i));
            }
        }
        return new Value.CodeAddress(table.map(), List.copyOf(reached));
    }

    /** A row of a function table: of a mutable one, whatever it may ever hold. */
    private Value loadFunction(State state, Region.FunctionTables tables, Num at, Size size) {
        boolean inside = at.sMin() >= 0 && at.sMax() <= tables.bytes() - 8;
        if (size != Size.DW || (!inside && !optimistic)) {
            return Value.Unreadable.VALUE;
        }
        TreeSet<Integer> starts = new TreeSet<>();
        for (Region.FunctionTable table : tables.each()) {
            if (program.maps().get(table.map()).content() instanceof MapDefinition.Content.Functions functions) {
                starts.addAll(rows(functions, inside ? at : Num.top()));
            }
        }
        boolean nullable = starts.remove(MapDefinition.Content.Functions.MISSING);
        if (starts.isEmpty()) {
            return nullable ? Value.constant(0) : Value.Unreadable.VALUE;
        }
        return new Value.FunctionAddress(
                List.copyOf(starts), nullable ? state.source().fresh() | 1 : 0);
    }

    /** What the rows at these offsets may hold. */
    private static Set<Integer> rows(MapDefinition.Content.Functions table, Num at) {
        Set<Integer> starts = new TreeSet<>();
        if (table.mutable()) {
            starts.addAll(table.candidates());
            if (table.nullable()) {
                starts.add(MapDefinition.Content.Functions.MISSING);
            }
            return starts;
        }
        for (int i = 0; i < table.rows().size(); i++) {
            if (at.contains(8L * i)) {
                starts.add(table.rows().get(i));
            }
        }
        return starts;
    }

    private void store(State state, Insn.Store store) {
        store(state, store.base(), store.offset(), store.size(), operand(state, store.value()));
    }

    private void store(State state, Reg base, int displacement, Size size, Value value) {
        if (!(state.reg(base) instanceof Value.Pointer pointer && pointer.region() instanceof Region.Stack of)) {
            return;
        }
        Value stored = value;
        if (value instanceof Value.Scalar scalar && size != Size.DW) {
            Num num = state.num(scalar);
            Num low = ON.zeroExtend(num, size.bits());
            stored = named(state, low, low.equals(num) || optimistic ? scalar.form() : null);
        }
        Num at = ON.add(Width.W64, state.offset(pointer), Num.constant(displacement));
        stack.store(state, of.depth(), at, size.bytes(), stored, optimistic);
    }

    private void atomic(State state, Insn.Atomic atomic) {
        AtomicOp op = atomic.op();
        Value before = load(state, atomic.base(), atomic.offset(), atomic.size(), false);
        if (op == AtomicOp.STORE_RELEASE) {
            store(state, atomic.base(), atomic.offset(), atomic.size(), state.reg(atomic.value()));
        } else if (op != AtomicOp.LOAD_ACQUIRE) {
            Num any = Num.ofBits(atomic.size().bits());
            store(state, atomic.base(), atomic.offset(), atomic.size(), state.fresh(any));
        }
        if (op == AtomicOp.LOAD_ACQUIRE || op.fetches()) {
            state.put(atomic.value(), before);
        } else if (op == AtomicOp.CMPXCHG) {
            state.put(Reg.R0, before);
        }
    }
}
