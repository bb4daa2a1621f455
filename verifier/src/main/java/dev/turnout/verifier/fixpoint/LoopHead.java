package dev.turnout.verifier.fixpoint;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Width;
import dev.turnout.verifier.domain.AbstractAlgebra;
import dev.turnout.verifier.domain.Differences;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Frame;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.PacketFacts;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The guess at a loop's head. Each place has a class: unchanged; stepping by a constant a round, so that its form is that
 * of the entry plus {@code c·κ}; drifting by an amount in a range a round; or anything within a number. From the classes
 * and a bound T on the counter κ follows the head's state; a pass through the body from there either confirms all of it
 * at the back edge, or demotes what it refutes.
 *
 * <p>Sound by induction over rounds: the confirmed head state contains the entry (κ = 0) and every state that comes back
 * (κ + 1). If the pass also confirms κ ≤ T - 1 at the back edge, the loop takes at most T rounds.
 */
final class LoopHead {
    /** Rounds that no run lives to see: stands for "no bound known". */
    static final long ENDLESS = 1L << 62;

    private static final long MOST_STEP = 1L << 40;
    /** In what is remembered of functions: null may be among them. */
    private static final int MAYBE_NULL = 1;
    /** How often a place is widened to the next threshold; what still grows then is of no such range. */
    private static final int PATIENCE = 6;

    private enum Kind {
        SAME,
        STEP,
        DRIFT,
        ANY,
        /** One of some functions, or null. */
        FUNCTION,
        DROPPED
    }

    /** How a place changes. */
    private static final class Change {
        private Kind kind = Kind.SAME;
        private long low;
        private long high;
        private Num any = Num.bottom();
        private Value.@Nullable FunctionAddress functions;
        private int symbol = -1;
        private int widened;
        /** Of a place that steps down: whether it is guessed to stay between zero and where it began. */
        private boolean staysAboveZero;
    }

    private final State entry;
    private final int counter;
    private final long[] thresholds;
    private final Change[] registers = new Change[State.REGISTERS];
    private final TreeMap<Long, Change> cells = new TreeMap<>();
    private Frame[] frames;
    private PacketFacts packet;
    private Differences differences;
    private final TreeMap<Integer, Long> counterAtMost = new TreeMap<>();
    /** Symbols of the entry that the body forgets. */
    private final BitSet loose = new BitSet();
    /** Waiting registers that do not come back. */
    private final BitSet kept = new BitSet();

    private long bound = 1L << 40;
    /** Whether the bound is a guess of how many rounds there are, and no longer that there may be any number. */
    private boolean guessed;

    LoopHead(State entry, long[] thresholds) {
        this.entry = entry;
        this.thresholds = thresholds;
        this.counter = entry.source().freshCounter();
        for (int r = 0; r < registers.length; r++) {
            registers[r] = new Change();
        }
        this.frames = new Frame[entry.depth() + 1];
        for (int d = 0; d < frames.length; d++) {
            frames[d] = entry.frame(d);
        }
        this.packet = entry.packet();
        this.differences = entry.differences();
    }

    int counter() {
        return counter;
    }

    long bound() {
        return bound;
    }

    void bound(long most) {
        bound = most;
        guessed = true;
    }

    private static long key(int depth, int offset, int width) {
        return (long) depth << 20 | (long) (offset + Frame.BYTES) << 4 | width;
    }

    private Change cell(int depth, int offset, int width) {
        return cells.computeIfAbsent(key(depth, offset, width), _ -> new Change());
    }

    // The head's state

    /** The entry with everything that the body writes unknown: what a first look at the body starts from. */
    State probe(int written) {
        State state = entry.copy();
        for (int r = 0; r < Reg.R10.number(); r++) {
            if ((written >>> r & 1) == 0) {
                continue;
            }
            Value value = entry.reg(Reg.of(r));
            Change change = registers[r];
            change.symbol = entry.source().fresh();
            change.kind = Kind.ANY;
            Form form = Form.symbol(change.symbol);
            switch (value) {
                case Value.Scalar _ -> state.put(Reg.of(r), new Value.Scalar(Num.top(), form));
                case Value.Pointer pointer ->
                    state.put(Reg.of(r), pointer.isNullable() ? pointer : pointer.at(Num.top(), form));
                case Value.Unreadable _, Value.CodeAddress _, Value.FunctionAddress _, Value.StackObject _ -> {}
            }
        }
        return state;
    }

    /** Nothing comes back: the body runs once, and every place is as on entry. */
    void settle() {
        for (Change change : registers) {
            change.kind = Kind.SAME;
        }
    }

    /** Classifies each place by what the probe's back edge brings. */
    void classify(State back) {
        for (int r = 0; r < Reg.R10.number(); r++) {
            Change change = registers[r];
            if (change.kind == Kind.ANY) {
                classify(change, Form.symbol(change.symbol), entry.reg(Reg.of(r)), back.reg(Reg.of(r)), back);
            }
        }
        for (int d = 0; d < frames.length; d++) {
            Frame frame = entry.frame(d);
            for (int i = 0; i < frame.cells(); i++) {
                Value before = frame.value(i);
                Value after = back.cell(d, frame.offset(i), frame.width(i));
                Form form = before instanceof Value.Scalar scalar
                        ? scalar.form()
                        : before instanceof Value.Pointer p ? p.form() : null;
                if (after != null && form != null) {
                    classify(cell(d, frame.offset(i), frame.width(i)), form, before, after, back);
                }
            }
        }
    }

    private void classify(Change change, Form head, Value entered, Value after, State back) {
        change.kind = Kind.ANY;
        change.any = number(entered, entry).join(number(after, back));
        Form now;
        if (entered instanceof Value.Scalar && after instanceof Value.Scalar scalar) {
            now = scalar.form();
        } else if (entered instanceof Value.Pointer p
                && after instanceof Value.Pointer q
                && p.region().equals(q.region())
                && p.nullId() == q.nullId()) {
            now = q.form();
            if (p.isNullable()) {
                change.kind = Kind.SAME;
                return;
            }
        } else {
            boolean same = entered.equals(after) || entered instanceof Value.Unreadable;
            change.kind = same ? Kind.SAME : isFunction(change, entered, after) ? Kind.FUNCTION : Kind.DROPPED;
            return;
        }
        Form by = now.minus(head);
        if (by == null) {
            return;
        }
        if (by.isConstant()) {
            change.low = by.constant();
            change.kind = change.low == 0
                    ? Kind.SAME
                    : change.low <= MOST_STEP && change.low >= -MOST_STEP ? Kind.STEP : Kind.ANY;
            change.staysAboveZero = change.low < 0
                    && entered instanceof Value.Scalar scalar
                    && Long.compareUnsigned(entry.num(scalar).uMax(), MOST_STEP) <= 0;
            return;
        }
        Num range = back.evaluate(by);
        if (range.sMin() >= -MOST_STEP && range.sMax() <= MOST_STEP) {
            change.kind = Kind.DRIFT;
            change.low = range.sMin();
            change.high = range.sMax();
        }
    }

    private static Num number(Value value, State state) {
        return switch (value) {
            case Value.Scalar scalar -> state.num(scalar);
            case Value.Pointer pointer -> state.offset(pointer);
            case Value.Unreadable _, Value.CodeAddress _, Value.FunctionAddress _, Value.StackObject _ -> Num.top();
        };
    }

    /** Gives up every class: the body may write anything anywhere. For when there is no time left. */
    void forget(int written) {
        bound = ENDLESS;
        for (int r = 0; r < Reg.R10.number(); r++) {
            if ((written >>> r & 1) != 0) {
                registers[r].kind = Kind.ANY;
                registers[r].any = Num.top();
            }
        }
        for (Change change : cells.values()) {
            change.kind = Kind.ANY;
            change.any = Num.top();
        }
    }

    /** The state that the guess claims for the head. */
    State state() {
        State state = entry.copy();
        for (int s = loose.nextSetBit(0); s >= 0; s = loose.nextSetBit(s + 1)) {
            state.assume(s, Num.top());
        }
        state.assume(counter, Num.unsigned(0, bound));
        state.put(packet);
        Differences all = differences;
        for (var most : counterAtMost.entrySet()) {
            all = all.with(counter, most.getKey(), most.getValue());
        }
        state.put(all);
        for (int r = 0; r < Reg.R10.number(); r++) {
            Reg reg = Reg.of(r);
            state.put(reg, value(state, registers[r], entry.reg(reg), 64));
        }
        for (int k = kept.nextSetBit(0); k >= 0; k = kept.nextSetBit(k + 1)) {
            state.dropKept(k / State.KEPT, k % State.KEPT);
        }
        for (int d = 0; d < frames.length; d++) {
            Frame frame = frames[d];
            for (int i = 0; i < frame.cells(); i++) {
                Value entered = entry.cell(d, frame.offset(i), frame.width(i));
                Change change = cell(d, frame.offset(i), frame.width(i));
                Value now = entered == null || change.kind == Kind.DROPPED
                        ? Value.Unreadable.VALUE
                        : value(state, change, entered, frame.width(i) * 8);
                frame = now instanceof Value.Unreadable ? frame : frame.store(frame.offset(i), frame.width(i), now);
            }
            state.put(d, frame);
        }
        return state;
    }

    private Value value(State state, Change change, Value entered, int bits) {
        return switch (change.kind) {
            case SAME -> entered;
            case FUNCTION -> function(state, change);
            case DROPPED -> Value.Unreadable.VALUE;
            case STEP -> {
                Form step = Form.symbol(counter).times(change.low);
                Value now = step == null ? any(state, change, entered, bits) : stepped(state, entered, step, bits);
                // Another test may bound the rounds by more than the count has: its own range is not lost for that.
                // Only once
                // the rounds are guessed: they must follow from tests, and not from this guess.
                yield guessed && change.staysAboveZero && now instanceof Value.Scalar scalar
                        ? new Value.Scalar(scalar.num().meet(range(entered)), scalar.form())
                        : now;
            }
            case DRIFT -> {
                Num drift = drift(change);
                Num from = number(entered, entry);
                Num sum = AbstractAlgebra.INSTANCE.add(Width.W64, from, drift);
                boolean wraps = !drift.isBottom() && (sum.sMin() == Long.MIN_VALUE || sum.sMax() == Long.MAX_VALUE);
                change.any = wraps ? Num.top() : sum;
                yield any(state, change, entered, bits);
            }
            case ANY -> any(state, change, entered, bits);
        };
    }

    /** From zero to where a count began. */
    private Num range(Value entered) {
        return Num.unsigned(0, number(entered, entry).uMax());
    }

    private Num drift(Change change) {
        if (bound >= 1L << 22) {
            return Num.top();
        }
        return Num.signed(Math.min(0, change.low * bound), Math.max(0, change.high * bound));
    }

    private static Value stepped(State state, Value entered, Form step, int bits) {
        return switch (entered) {
            case Value.Scalar scalar -> {
                Form form = scalar.form().plus(step);
                yield form == null
                        ? state.fresh(Num.ofBits(bits))
                        : new Value.Scalar(
                                bits == 64
                                        ? state.evaluate(form)
                                        : state.evaluate(form).meet(Num.ofBits(bits)),
                                form);
            }
            case Value.Pointer pointer -> {
                Form form = pointer.form().plus(step);
                yield form == null ? Value.Unreadable.VALUE : pointer.at(state.evaluate(form), form);
            }
            case Value.Unreadable nothing -> nothing;
            case Value.StackObject object -> object;
            case Value.CodeAddress code -> code;
            case Value.FunctionAddress function -> function;
        };
    }

    private static Value any(State state, Change change, Value entered, int bits) {
        Num num = bits == 64 ? change.any : change.any.meet(Num.ofBits(bits));
        change.symbol = state.source().fresh();
        state.assume(change.symbol, num);
        Form form = num.isConstant() ? Form.constant(num.constant()) : Form.symbol(change.symbol);
        return switch (entered) {
            case Value.Scalar _ -> new Value.Scalar(num, form);
            case Value.Pointer pointer -> pointer.at(num, form);
            case Value.Unreadable nothing -> nothing;
            case Value.StackObject object -> object;
            case Value.CodeAddress code -> code;
            case Value.FunctionAddress function -> function;
        };
    }

    // The check at the back edge

    /**
     * Compares what came back with the guess, and demotes what it refutes.
     *
     * @param head the state that the pass began with
     * @return whether all of the guess but the counter's bound is confirmed
     */
    boolean confirm(State head, State back) {
        boolean holds = true;
        for (int r = 0; r < Reg.R10.number(); r++) {
            Reg reg = Reg.of(r);
            holds &= confirm(registers[r], head.reg(reg), back.reg(reg), head, back, entry.reg(reg));
        }
        for (int d = 0; d < frames.length; d++) {
            holds &= confirmFrame(d, head, back);
        }
        // Each demotes what it refutes: all are to be asked.
        holds &= confirmKept(back);
        holds &= confirmSymbols(head, back);
        holds &= confirmPacket(back);
        holds &= confirmDifferences(back);
        return holds;
    }

    /** Registers that wait for callees are not written, but a pointer among them can become invalid. */
    private boolean confirmKept(State back) {
        boolean holds = true;
        for (int d = 0; d < entry.depth(); d++) {
            for (int r = 0; r < State.KEPT; r++) {
                Value before = kept.get(d * State.KEPT + r) ? Value.Unreadable.VALUE : entry.kept(d, r);
                Value after = back.kept(d, r);
                boolean same = before instanceof Value.Unreadable
                        || (sameKind(before, after)
                                && form(before).equals(form(after))
                                && number(after, back).leq(number(before, entry)));
                if (!same) {
                    kept.set(d * State.KEPT + r);
                    holds = false;
                }
            }
        }
        return holds;
    }

    private boolean confirmFrame(int depth, State head, State back) {
        boolean holds = true;
        Frame of = head.frame(depth);
        for (int i = 0; i < of.cells(); i++) {
            Change change = cell(depth, of.offset(i), of.width(i));
            Value after = back.cell(depth, of.offset(i), of.width(i));
            Value entered = entry.cell(depth, of.offset(i), of.width(i));
            if (after == null) {
                Long constant = back.frame(depth).constant(of.offset(i), of.width(i));
                after = constant == null ? Value.Unreadable.VALUE : Value.constant(constant);
            }
            holds &=
                    confirm(change, of.value(i), after, head, back, entered == null ? Value.Unreadable.VALUE : entered);
        }
        // Cells that did not come back lose their place; what may be read of the rest follows the join of the frames.
        Frame joined = frames[depth].join(back.frame(depth), (width, mine, other) -> mine);
        boolean same = joined.allowsAll(frames[depth]) && joined.cells() == frames[depth].cells();
        frames[depth] = joined;
        return holds && same;
    }

    private boolean confirm(Change change, Value head, Value after, State headState, State back, Value entered) {
        if (head instanceof Value.Unreadable) {
            return true;
        }
        if (change.kind == Kind.FUNCTION && isWithin(after, change.functions)) {
            return true;
        }
        if (!sameKind(head, after)) {
            change.kind = change.kind != Kind.DROPPED && isFunction(change, head, after) ? Kind.FUNCTION : Kind.DROPPED;
            return false;
        }
        Form now = form(after);
        Form was = form(head);
        Num num = number(after, back);
        switch (change.kind) {
            case SAME -> {
                if (differsBy(now, was, 0, back) && num.leq(number(head, headState))) {
                    return true;
                }
            }
            case STEP -> {
                if (differsBy(now, was, change.low, back)) {
                    boolean within = !guessed || !change.staysAboveZero || num.leq(range(entered));
                    change.staysAboveZero &= within;
                    return within;
                }
                change.staysAboveZero = false;
            }
            case DRIFT -> {
                Form by = now.minus(Form.symbol(change.symbol));
                Num range = by == null ? Num.top() : back.evaluate(by);
                if (bound < 1L << 22 && range.sMin() >= change.low && range.sMax() <= change.high) {
                    return true;
                }
            }
            case ANY -> {
                if (num.leq(change.any)) {
                    return true;
                }
                change.any = change.any.widen(num, change.widened++ < PATIENCE ? thresholds : Thresholds.COARSE);
                return false;
            }
            case FUNCTION, DROPPED -> {
                return false;
            }
        }
        change.kind = Kind.ANY;
        change.any = number(entered, entry).join(num);
        return false;
    }

    /** Whether {@code now - was} is this constant, by their forms and what is known of the symbols. */
    private static boolean differsBy(Form now, Form was, long by, State state) {
        Form difference = now.minus(was);
        return difference != null
                && (difference.isConstant()
                        ? difference.constant() == by
                        : state.evaluate(difference).equals(Num.constant(by)));
    }

    /**
     * Whether a place holds a function or null each time, which the change then remembers: the functions of a program are few, so
     * their union is reached soon.
     */
    private static boolean isFunction(Change change, Value before, Value after) {
        Value.FunctionAddress all = change.functions;
        for (Value value : new Value[] {before, after}) {
            Value.FunctionAddress one = value instanceof Value.FunctionAddress function
                    ? function
                    : value.equals(Value.constant(0)) ? new Value.FunctionAddress(List.of(), MAYBE_NULL) : null;
            if (one == null) {
                return false;
            }
            int nullId = one.isNullable() || (all != null && all.isNullable()) ? MAYBE_NULL : 0;
            all = new Value.FunctionAddress(all == null ? one.starts() : all.startsWith(one), nullId);
        }
        change.functions = all;
        return true;
    }

    private static boolean isWithin(Value after, Value.@Nullable FunctionAddress functions) {
        return functions != null
                && (after instanceof Value.FunctionAddress function
                        ? function.within(functions)
                        : functions.isNullable() && after.equals(Value.constant(0)));
    }

    /** Which of the functions it is, or whether null, is unknown anew in each round. */
    private static Value function(State state, Change change) {
        Value.FunctionAddress functions = change.functions;
        if (functions == null) {
            return Value.Unreadable.VALUE;
        }
        int nullId = functions.isNullable() ? state.source().fresh() | 1 : 0;
        return new Value.FunctionAddress(functions.starts(), nullId);
    }

    private static boolean sameKind(Value head, Value after) {
        return switch (head) {
            case Value.Unreadable _ -> true;
            case Value.Scalar _ -> after instanceof Value.Scalar;
            case Value.Pointer p ->
                after instanceof Value.Pointer q
                        && p.region().equals(q.region())
                        && (!q.isNullable() || p.nullId() == q.nullId());
            case Value.CodeAddress _, Value.FunctionAddress _, Value.StackObject _ -> head.equals(after);
        };
    }

    private static Form form(Value value) {
        return switch (value) {
            case Value.Scalar scalar -> scalar.form();
            case Value.Pointer pointer -> pointer.form();
            case Value.Unreadable _, Value.CodeAddress _, Value.FunctionAddress _, Value.StackObject _ -> Form.ZERO;
        };
    }

    /** What the entry knew of its symbols must still be known; counters of outer loops are never renamed. */
    private boolean confirmSymbols(State head, State back) {
        boolean holds = true;
        for (int symbol : head.mentioned()) {
            boolean own = symbol == counter || isOwn(symbol);
            if (!own && !back.symbol(symbol).leq(head.symbol(symbol))) {
                loose.set(symbol);
                holds = false;
            }
        }
        return holds;
    }

    /** Whether the symbol is made anew in every pass: the places that carry it are compared themselves. */
    private boolean isOwn(int symbol) {
        for (Change change : registers) {
            if (change.symbol == symbol) {
                return true;
            }
        }
        for (Change change : cells.values()) {
            if (change.symbol == symbol) {
                return true;
            }
        }
        return false;
    }

    private boolean confirmPacket(State back) {
        PacketFacts kept = PacketFacts.NONE;
        boolean holds = true;
        for (PacketFacts.Fact fact : packet.facts()) {
            if (back.packet().bound(fact.meta(), fact.key()) >= fact.bound()) {
                kept = kept.with(fact.meta(), fact.key(), fact.bound());
            } else {
                holds = false;
            }
        }
        packet = kept;
        return holds;
    }

    private boolean confirmDifferences(State back) {
        boolean holds = back.differences().leq(differences);
        if (!holds) {
            differences = differences.join(back.differences());
        }
        for (var most : new TreeMap<>(counterAtMost).entrySet()) {
            long after = back.differences().most(counter, most.getKey());
            if (after == Long.MAX_VALUE || after + 1 > most.getValue()) {
                counterAtMost.remove(most.getKey());
                holds = false;
            }
        }
        return holds;
    }

    /** Guesses bounds of this counter by outer symbols from what a pass knew at the back edge. */
    void guessDifferences(State back) {
        for (Differences.Bound b : back.differences().bounds()) {
            if (b.left() == counter && b.right() != counter) {
                guessAtMost(b.right(), b.most() + 1);
            }
        }
    }

    /** Guesses that this counter is at most an outer symbol plus {@code most}, if that holds on entry, where this one is zero. */
    void guessAtMost(int outer, long most) {
        long least = entry.symbol(outer).sMin();
        if (Math.abs(most) < MOST_STEP && least >= Math.max(0, -most)) {
            counterAtMost.putIfAbsent(outer, most);
        }
    }

    /** Whether what came back proves that the counter stays within its bound. */
    boolean confirmsBound(State back) {
        return bound >= ENDLESS || most(back) <= bound - 1;
    }

    /** The greatest value of the counter in a state, by its own range and by those of outer counters. */
    long most(State back) {
        long most = back.symbol(counter).sMax();
        for (Differences.Bound b : back.differences().bounds()) {
            long other = back.symbol(b.right()).sMax();
            if (b.left() == counter && other < ENDLESS && Math.abs(b.most()) < ENDLESS) {
                most = Math.min(most, other + b.most());
            }
        }
        return most;
    }

    /** For messages: places that change in a way that no exit test bounds. */
    @Nullable
    String changing() {
        StringBuilder text = new StringBuilder();
        for (int r = 0; r < Reg.R10.number(); r++) {
            Change change = registers[r];
            String how = switch (change.kind) {
                case STEP -> "`" + Reg.of(r) + "` by " + change.low;
                case DRIFT -> "`" + Reg.of(r) + "` by " + change.low + " to " + change.high;
                case ANY -> entry.reg(Reg.of(r)) instanceof Value.Scalar ? "`" + Reg.of(r) + "` in no regular way" : "";
                case SAME, FUNCTION, DROPPED -> "";
            };
            text.append(how.isEmpty() || text.isEmpty() ? "" : ", ").append(how);
        }
        return text.isEmpty() ? null : text.toString();
    }
}
