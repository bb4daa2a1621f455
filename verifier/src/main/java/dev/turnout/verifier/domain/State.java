package dev.turnout.verifier.domain;

import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Width;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the machine at one point: the registers, the frames of all active functions with the registers that
 * their callers keep, what is known of symbols, and the proven length of the packet. It stands for all machine states
 * for which <i>some</i> choice of the symbols makes every entry true.
 *
 * <p>Mutable while one block is gone through; whoever hands one on copies it first and never touches it again. Parts
 * are shared between copies because they are immutable themselves.
 */
public final class State {
    public static final int REGISTERS = 11;
    private static final int FIRST_KEPT = 6;
    /** Registers that a function keeps over its calls: r6 to r9. */
    public static final int KEPT = 4;

    private final Symbols source;
    private final Value[] regs;
    private Frame[] frames;
    /** For each frame but the last: r6 to r9 of its function, while it waits for its callee. */
    private Value[][] kept;

    private final SymbolTable symbols;
    private PacketFacts packet;
    private Differences differences;
    private Halves halves = Halves.NONE;
    private Held held = Held.NOTHING;
    private Rest rest = Rest.AS_PROGRAM;
    /** Whether states that must not be joined were: nothing found from here on counts. */
    private boolean torn;

    private State(
            Symbols source,
            Value[] regs,
            Frame[] frames,
            Value[][] kept,
            SymbolTable symbols,
            PacketFacts packet,
            Differences differences) {
        this.source = source;
        this.regs = regs;
        this.frames = frames;
        this.kept = kept;
        this.symbols = symbols;
        this.packet = packet;
        this.differences = differences;
    }

    /** Main's entry: nothing readable but the frame pointer. */
    public static State entry(Symbols source) {
        Value[] regs = new Value[REGISTERS];
        Arrays.fill(regs, Value.Unreadable.VALUE);
        regs[Reg.R10.number()] = framePointer(0);
        return new State(
                source,
                regs,
                new Frame[] {Frame.EMPTY},
                new Value[0][],
                new SymbolTable(),
                PacketFacts.NONE,
                Differences.NONE);
    }

    private static Value framePointer(int depth) {
        return new Value.Pointer(new Region.Stack(depth), Num.constant(0), Form.ZERO, 0);
    }

    public State copy() {
        State copy = new State(source, regs.clone(), frames.clone(), kept.clone(), symbols.copy(), packet, differences);
        copy.halves = halves;
        copy.held = held;
        copy.rest = rest;
        copy.torn = torn;
        return copy;
    }

    // Protocols

    /** Whether runs may sleep: what the kernel calls later differs from the program in that. The same in all states of a root. */
    public enum Rest {
        /** If the program may. */
        AS_PROGRAM,
        ALLOWED,
        FORBIDDEN,
        /** It compares what hangs in a tree, under the tree's lock: nothing may be called at all. */
        COMPARING
    }

    public Rest rest() {
        return rest;
    }

    public void put(Rest now) {
        rest = now;
    }

    /** What must be given back, and the regions that the program is in. */
    public Held held() {
        return held;
    }

    public void put(Held now) {
        held = now;
    }

    /**
     * Takes something that must be given back, and gives it a number. Of what may have been null instead, the number is the pointer's
     * {@link Value.Pointer#nullId} too.
     *
     * @param slot the instruction that takes it
     * @param words what it is, for messages
     */
    public int acquire(int slot, String words) {
        int id = source.fresh() | 1;
        held = held.acquire(new Held.Resource(id, slot, words));
        return id;
    }

    /** A resource is given back: no pointer into it and nothing made of it can be used any more. */
    public void release(int resource) {
        held = held.release(resource);
        end(resource);
    }

    /**
     * What bears this number is no more. Pointers into it become numbers, as in Linux for a loader that may see addresses; dynptrs
     * that refer to it go, and with each its slices.
     */
    public void end(int id) {
        Set<Integer> made = new TreeSet<>();
        mapValues(value -> switch (value) {
            case Value.Pointer pointer when pointer.resource() == id -> fresh(Num.top());
            case Value.StackObject(SlotObject.Dynptr dynptr, int _)
            when dynptr.id() == id || dynptr.resource() == id -> {
                made.add(dynptr.id());
                yield fresh(Num.top());
            }
            case Value.Pointer _, Value.FunctionAddress _, Value.StackObject _ -> value;
            case Value.Scalar _, Value.CodeAddress _, Value.Unreadable _ -> value;
        });
        made.remove(id);
        made.forEach(this::end);
    }

    /**
     * The last RCU read section ends: objects that lived no longer than it may be gone. Pointers to them stay, to be read with care,
     * and are not null to Linux even where they might have been; iterators over them are done for.
     */
    public void leaveReadSection() {
        mapValues(value -> switch (value) {
            case Value.Pointer pointer
            when pointer.region() instanceof Region.KernelObject object && object.trust() == Region.Trust.RCU ->
                new Value.Pointer(
                        new Region.KernelObject(object.name(), object.type(), Region.Trust.UNTRUSTED),
                        pointer.offset(),
                        pointer.form(),
                        0,
                        pointer.resource());
            case Value.Pointer pointer
            when pointer.region() instanceof Region.Allocated object && object.standing() == Region.Standing.KEPT ->
                new Value.Pointer(object.as(Region.Standing.LOST), pointer.offset(), pointer.form(), 0);
            case Value.StackObject(SlotObject.Iterator iterator, int part)
            when iterator.rcu() -> new Value.StackObject(iterator.stale(), part);
            case Value.Pointer _, Value.FunctionAddress _, Value.StackObject _ -> value;
            case Value.Scalar _, Value.CodeAddress _, Value.Unreadable _ -> value;
        });
    }

    /** A lock is given back: what hangs in its lists and trees is no longer seen. */
    public void forgetSeen() {
        mapValues(value -> value instanceof Value.Pointer pointer
                        && pointer.region() instanceof Region.Allocated object
                        && object.standing() == Region.Standing.SEEN
                ? fresh(Num.top())
                : value);
    }

    /** What was the program's own hangs in a list or tree from now on: it is seen, and to be given back no more. */
    public void hang(int resource) {
        held = held.release(resource);
        mapValues(value -> value instanceof Value.Pointer pointer
                        && pointer.resource() == resource
                        && pointer.region() instanceof Region.Allocated object
                ? new Value.Pointer(object.as(Region.Standing.SEEN), pointer.offset(), pointer.form(), pointer.nullId())
                : value);
    }

    /** Whether it was made of states whose protocols differ: nothing that is found of it counts. */
    public boolean isTorn() {
        return torn;
    }

    public void tear() {
        torn = true;
    }

    // Registers and frames

    public Value reg(Reg reg) {
        return regs[reg.number()];
    }

    /** Changes a register. The frame pointer stays as it is: what writes it is refused where a run gets to it. */
    public void put(Reg reg, Value value) {
        if (reg != Reg.R10) {
            regs[reg.number()] = value;
        }
    }

    /** The number of the current function's frame. */
    public int depth() {
        return frames.length - 1;
    }

    public Frame frame(int depth) {
        return frames[depth];
    }

    /** Replaces a frame. Dynptrs of which a part is gone are no more, and neither is what was made of them: half a dynptr is none. */
    public void put(int depth, Frame frame) {
        Map<Integer, Value.StackObject> before = frames[depth].objects();
        frames[depth] = frame;
        if (before.isEmpty()) {
            return;
        }
        Map<Integer, Value.StackObject> now = frame.objects();
        for (Map.Entry<Integer, Value.StackObject> entry : before.entrySet()) {
            boolean gone = !entry.getValue().equals(now.get(entry.getKey()));
            if (gone && entry.getValue().object() instanceof SlotObject.Dynptr dynptr) {
                end(dynptr.id());
            }
        }
    }

    /** Enters a function: r1 to r5 go with it, r6 to r9 wait. */
    public void enter() {
        Value[] waiting = Arrays.copyOfRange(regs, FIRST_KEPT, FIRST_KEPT + KEPT);
        kept = Arrays.copyOf(kept, kept.length + 1);
        kept[kept.length - 1] = waiting;
        frames = Arrays.copyOf(frames, frames.length + 1);
        frames[frames.length - 1] = Frame.EMPTY;
        regs[0] = Value.Unreadable.VALUE;
        Arrays.fill(regs, FIRST_KEPT, FIRST_KEPT + KEPT, Value.Unreadable.VALUE);
        regs[Reg.R10.number()] = framePointer(depth());
    }

    /**
     * Enters a function that a helper calls: r1 to r4, which are the helper's, wait with the others, because it may call again.
     */
    public void enterCallback() {
        Value[] given = Arrays.copyOfRange(regs, 1, 1 + KEPT);
        enter();
        Value[] waiting = Arrays.copyOf(kept[kept.length - 1], 2 * KEPT);
        System.arraycopy(given, 0, waiting, KEPT, KEPT);
        kept[kept.length - 1] = waiting;
    }

    /** Returns to the helper that has called the function: r1 to r4 are its again. */
    public void leaveCallback() {
        Value[] waiting = kept[kept.length - 1];
        leave();
        System.arraycopy(waiting, KEPT, regs, 1, KEPT);
        regs[0] = Value.Unreadable.VALUE;
    }

    /** Returns from a function: its frame is gone, and with it every pointer into it. */
    public void leave() {
        int gone = depth();
        Value[] waiting = kept[kept.length - 1];
        kept = Arrays.copyOf(kept, kept.length - 1);
        frames = Arrays.copyOf(frames, frames.length - 1);
        System.arraycopy(waiting, 0, regs, FIRST_KEPT, KEPT);
        Arrays.fill(regs, 1, FIRST_KEPT, Value.Unreadable.VALUE);
        regs[Reg.R10.number()] = framePointer(depth());
        halves = Halves.NONE;
        mapValues(value -> value instanceof Value.Pointer pointer
                        && pointer.region() instanceof Region.Stack stack
                        && stack.depth() >= gone
                ? Value.Unreadable.VALUE
                : value);
    }

    /** What register r6 + {@code index} of the function of frame {@code depth} holds while it waits. */
    public Value kept(int depth, int index) {
        return kept[depth][index];
    }

    public void dropKept(int depth, int index) {
        keep(depth, index, Value.Unreadable.VALUE);
    }

    /** Replaces what register r6 + {@code index} of the function of frame {@code depth} holds while it waits. */
    public void keep(int depth, int index, Value value) {
        kept[depth] = kept[depth].clone();
        kept[depth][index] = value;
    }

    /** After a call of a helper or a function: r1 to r5 hold nothing. */
    public void clobber() {
        Arrays.fill(regs, 1, FIRST_KEPT, Value.Unreadable.VALUE);
    }

    /** Replaces every value everywhere. */
    public void mapValues(UnaryOperator<Value> by) {
        for (int i = 0; i < regs.length; i++) {
            regs[i] = by.apply(regs[i]);
        }
        for (int i = 0; i < frames.length; i++) {
            frames[i] = frames[i].map(by);
        }
        for (int i = 0; i < kept.length; i++) {
            Value[] row = kept[i].clone();
            for (int r = 0; r < row.length; r++) {
                row[r] = by.apply(row[r]);
            }
            kept[i] = row;
        }
    }

    // Numbers

    public Symbols source() {
        return source;
    }

    /** A number that nothing is known of but {@code num}, under a name of its own. */
    public Value.Scalar fresh(Num num) {
        return fresh(num, false);
    }

    public Value.Scalar fresh(Num num, boolean pathConstant) {
        if (num.isConstant()) {
            return Value.constant(num.constant());
        }
        int symbol = source.fresh(pathConstant);
        symbols.put(symbol, num);
        return new Value.Scalar(num, Form.symbol(symbol));
    }

    public Num symbol(int symbol) {
        return symbols.of(symbol);
    }

    public void assume(int symbol, Num num) {
        symbols.put(symbol, num);
    }

    /** What the symbols of a form say of it. Equality modulo 2⁶⁴ makes this sound whatever wraps. */
    public Num evaluate(Form form) {
        if (form.isConstant()) {
            return Num.constant(form.constant());
        }
        if (form.isSymbol()) {
            return symbols.of(form.symbolAt(0));
        }
        AbstractAlgebra on = AbstractAlgebra.INSTANCE;
        Num sum = Num.constant(form.constant());
        for (int i = 0; i < form.terms(); i++) {
            Num term = symbols.of(form.symbolAt(i));
            long factor = form.factorAt(i);
            Num scaled = factor == 1
                    ? term
                    : factor == -1 ? on.negate(Width.W64, term) : on.multiply(Width.W64, Num.constant(factor), term);
            sum = on.add(Width.W64, sum, scaled);
        }
        return form.terms() == 2 ? differences.tighten(form, sum, this) : sum;
    }

    public Num num(Value.Scalar scalar) {
        return scalar.form().isConstant() ? scalar.num() : scalar.num().meet(evaluate(scalar.form()));
    }

    /** The offset of a pointer. */
    public Num offset(Value.Pointer pointer) {
        return pointer.form().isConstant() ? pointer.offset() : pointer.offset().meet(evaluate(pointer.form()));
    }

    /**
     * Learns that the value of {@code form} is in {@code num}: of its symbol, and so of every related place; of places with
     * the same form directly. False if that cannot be.
     */
    public boolean learn(Form form, Num num) {
        if (num.isBottom()) {
            return false;
        }
        if (form.isConstant()) {
            return num.contains(form.constant());
        }
        for (int i = 0; i < form.terms(); i++) {
            int symbol = form.symbolAt(i);
            Form rest = form.substitute(symbol, Form.ZERO);
            if (rest == null) {
                continue;
            }
            Num scaled = AbstractAlgebra.INSTANCE.subtract(Width.W64, num, evaluate(rest));
            Num learned = symbols.of(symbol).meet(quotient(scaled, form.factorAt(i), symbols.of(symbol)));
            if (learned.isBottom()) {
                return false;
            }
            symbols.put(symbol, learned);
        }
        if (!learnHalves()) {
            return false;
        }
        if (!form.isSymbol()) {
            mapValues(value -> switch (value) {
                case Value.Scalar scalar
                when scalar.form().equals(form) -> new Value.Scalar(scalar.num().meet(num), form);
                case Value.Scalar scalar -> scalar;
                case Value.Pointer pointer -> pointer;
                case Value.CodeAddress code -> code;
                case Value.FunctionAddress function -> function;
                case Value.Unreadable nothing -> nothing;
                case Value.StackObject object -> object;
            });
        }
        return true;
    }

    /** What a half knows its whole knows, and the other way round. */
    private boolean learnHalves() {
        AbstractAlgebra on = AbstractAlgebra.INSTANCE;
        for (Halves.Half link : halves.all()) {
            Num constant = Num.constant(link.constant());
            Num half = symbols.of(link.half()).meet(on.add(Width.W32, symbols.of(link.whole()), constant));
            Num back = on.subtract(Width.W32, half, constant);
            Num whole = Comparison.assume(JumpOp.JEQ, Width.W32, symbols.of(link.whole()), back)
                    .a();
            if (half.isBottom() || whole.isBottom()) {
                return false;
            }
            symbols.put(link.half(), half);
            symbols.put(link.whole(), whole);
        }
        return true;
    }

    /**
     * The number that 32-bit arithmetic leaves of {@code whole}, where it may wrap.
     *
     * @param whole a symbol plus a constant; of other forms no link is kept
     */
    public Value.Scalar lowerHalf(Form whole, Num num) {
        Value.Scalar half = fresh(num);
        if (half.form().isSymbol() && whole.terms() == 1 && whole.factorAt(0) == 1) {
            halves = halves.with(new Halves.Half(half.form().symbolAt(0), whole.symbolAt(0), (int) whole.constant()));
        }
        return half;
    }

    /** Links of lower halves do not go round with a loop. */
    public void forgetHalves() {
        halves = Halves.NONE;
    }

    Halves halves() {
        return halves;
    }

    void put(Halves now) {
        halves = now;
    }

    /** What a symbol can be if {@code a} times it, modulo 2⁶⁴, is in {@code scaled}; divides only where nothing wraps. */
    private static Num quotient(Num scaled, long a, Num symbol) {
        if (a == 1) {
            return scaled;
        }
        if (a == -1) {
            return AbstractAlgebra.INSTANCE.negate(Width.W64, scaled);
        }
        // a·s as an ideal number must be the machine's: then it can be divided.
        long low = symbol.sMin();
        long high = symbol.sMax();
        if (Math.multiplyHigh(a, low) != (a * low) >> 63 || Math.multiplyHigh(a, high) != (a * high) >> 63) {
            return Num.top();
        }
        long from = a > 0 ? scaled.sMin() : scaled.sMax();
        long to = a > 0 ? scaled.sMax() : scaled.sMin();
        if (from == Long.MIN_VALUE || to == Long.MIN_VALUE) {
            return Num.top();
        }
        long least = Math.ceilDiv(from, a);
        long most = Math.floorDiv(to, a);
        return least > most ? Num.bottom() : Num.signed(least, most);
    }

    /** The pointers and addresses of functions with this id are not null. */
    public void learnPresent(int nullId) {
        mapValues(value -> switch (value) {
            case Value.Pointer pointer when pointer.nullId() == nullId -> pointer.orNull(0);
            case Value.FunctionAddress function
            when function.nullId() == nullId -> new Value.FunctionAddress(function.starts(), 0);
            case Value.Pointer _, Value.FunctionAddress _, Value.StackObject _ -> value;
            case Value.Scalar _, Value.CodeAddress _, Value.Unreadable _ -> value;
        });
    }

    /**
     * The pointers and addresses of functions with this id are null: they are the number zero, and what was to be acquired by them was
     * not. (A pointer that was made of a held one by a cast has a name of its own for being null: then the held one stays held.)
     */
    public void learnNull(int nullId) {
        held = held.release(nullId);
        mapValues(value -> switch (value) {
            case Value.Pointer pointer when pointer.nullId() == nullId -> Value.constant(0);
            case Value.FunctionAddress function when function.nullId() == nullId -> Value.constant(0);
            case Value.Pointer _, Value.FunctionAddress _, Value.StackObject _ -> value;
            case Value.Scalar _, Value.CodeAddress _, Value.Unreadable _ -> value;
        });
    }

    // The packet

    public PacketFacts packet() {
        return packet;
    }

    public void learnPacket(boolean meta, Form key, long bound) {
        packet = packet.with(meta, key, bound);
    }

    public void put(PacketFacts facts) {
        packet = facts;
    }

    /** The packet has moved: no pointer into it is good any more, and no length is known. */
    public void forgetPacket() {
        packet = PacketFacts.NONE;
        mapValues(value -> value instanceof Value.Pointer pointer
                        && (isPacket(pointer.region())
                                || (pointer.region() instanceof Region.HelperMemory memory && memory.packet()))
                ? fresh(Num.top())
                : value);
    }

    public static boolean isPacket(Region region) {
        return switch (region) {
            case Region.Packet _, Region.PacketMeta _, Region.PacketEnd _ -> true;
            case Region.Context _, Region.Stack _, Region.MapReference _, Region.MapValue _ -> false;
            case Region.OneOfMapValues _, Region.InsnTable _, Region.FunctionTables _ -> false;
            case Region.Memory _, Region.KernelObject _, Region.Socket _, Region.HelperMemory _ -> false;
            case Region.Allocated _ -> false;
            case Region.Buffer _, Region.FlowKeys _, Region.DynptrReference _, Region.Arena _ -> false;
        };
    }

    // Differences of counters

    public Differences differences() {
        return differences;
    }

    public void put(Differences of) {
        differences = of;
    }

    // Order and join live in Lattice; these are its doors.

    Value[] regs() {
        return regs;
    }

    Frame[] frames() {
        return frames;
    }

    Value[][] kept() {
        return kept;
    }

    SymbolTable symbols() {
        return symbols;
    }

    /** A state of the same shape with nothing in it. */
    State blank() {
        Value[] none = new Value[REGISTERS];
        Arrays.fill(none, Value.Unreadable.VALUE);
        State blank = new State(
                source, none, frames.clone(), kept.clone(), new SymbolTable(), PacketFacts.NONE, Differences.NONE);
        blank.held = held;
        blank.rest = rest;
        blank.torn = torn;
        return blank;
    }

    /** A value of the frame pointer's kind at a place, for tests and messages. */
    public @Nullable Value cell(int depth, int offset, int width) {
        int at = frames[depth].find(offset, width);
        return at < 0 ? null : frames[depth].value(at);
    }

    /** The symbols of all places and packet facts, and all counters, ascending. */
    public int[] mentioned() {
        Mentions mentions = new Mentions();
        mapValues(value -> {
            switch (value) {
                case Value.Scalar scalar -> mentions.add(scalar.form());
                case Value.Pointer pointer -> mentions.add(pointer.form());
                case Value.Unreadable _, Value.CodeAddress _, Value.FunctionAddress _, Value.StackObject _ -> {}
            }
            return value;
        });
        for (PacketFacts.Fact fact : packet.facts()) {
            mentions.add(fact.key());
        }
        for (int i = 0; i < symbols.size(); i++) {
            if (Symbols.isCounter(symbols.symbol(i))) {
                mentions.add(Form.symbol(symbols.symbol(i)));
            }
        }
        return mentions.sorted();
    }

    private static final class Mentions {
        private int[] symbols = new int[32];
        private int count;

        void add(Form form) {
            for (int i = 0; i < form.terms(); i++) {
                if (count == symbols.length) {
                    symbols = Arrays.copyOf(symbols, count * 2);
                }
                symbols[count++] = form.symbolAt(i);
            }
        }

        int[] sorted() {
            Arrays.sort(symbols, 0, count);
            int distinct = 0;
            for (int i = 0; i < count; i++) {
                if (i == 0 || symbols[i] != symbols[i - 1]) {
                    symbols[distinct++] = symbols[i];
                }
            }
            return Arrays.copyOf(symbols, distinct);
        }
    }

    /** Drops the symbols that nothing mentions; counters stay. */
    public void sweep() {
        if (symbols.size() >= 16) {
            int[] live = mentioned();
            symbols.retain(live, live.length);
            halves = halves.retain(live);
        }
    }

    /** A loop is over: its counter becomes a number like any other, which a later loop's order need not keep apart. */
    public void retire(int counter) {
        Num last = symbols.of(counter);
        Form by = last.isConstant() ? Form.constant(last.constant()) : Form.symbol(source.fresh(true));
        if (!by.isConstant()) {
            symbols.put(by.symbolAt(0), last);
        }
        mapValues(value -> switch (value) {
            case Value.Scalar scalar
            when scalar.form().mentions(counter) -> {
                Form form = scalar.form().substitute(counter, by);
                yield form == null ? fresh(num(scalar)) : new Value.Scalar(scalar.num(), form);
            }
            case Value.Pointer pointer
            when pointer.form().mentions(counter) -> {
                Form form = pointer.form().substitute(counter, by);
                Num offset = offset(pointer);
                yield pointer.at(offset, form == null ? fresh(offset).form() : form);
            }
            case Value.Scalar scalar -> scalar;
            case Value.Pointer pointer -> pointer;
            case Value.Unreadable nothing -> nothing;
            case Value.CodeAddress code -> code;
            case Value.FunctionAddress function -> function;
            case Value.StackObject object -> object;
        });
        PacketFacts facts = PacketFacts.NONE;
        for (PacketFacts.Fact fact : packet.facts()) {
            Form key = fact.key().substitute(counter, by);
            if (key != null) {
                facts = facts.with(fact.meta(), key.key(), fact.bound() - key.constant());
            }
        }
        packet = facts;
        differences = differences.without(counter);
        halves = Halves.NONE;
        symbols.remove(counter);
    }
}
