package dev.turnout.verifier.fixpoint;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.verifier.domain.Differences;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Frame;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.PacketFacts;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import java.util.BitSet;
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
        this.packet = entry.packet().withoutEnds();
        this.differences = entry.differences();
    }

    /** What enters the loop. */
    State entry() {
        return entry;
    }

    long[] thresholds() {
        return thresholds;
    }

    /** Whether the bound is a guess of how many rounds there are, and not "any number". */
    boolean isGuessed() {
        return guessed;
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
        state.forgetHalves();
        for (int r = 0; r < Reg.R10.number(); r++) {
            if ((written >>> r & 1) == 0) {
                continue;
            }
            Value value = entry.reg(Reg.of(r));
            Form form = Form.symbol(registers[r].probe(entry));
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
            change.settle();
        }
    }

    /** Classifies each place by what the probe's back edge brings. */
    void classify(State back) {
        for (int r = 0; r < Reg.R10.number(); r++) {
            Change change = registers[r];
            if (change.kind() == Change.Kind.ANY) {
                change.classify(this, Form.symbol(change.symbol()), entry.reg(Reg.of(r)), back.reg(Reg.of(r)), back);
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
                    cell(d, frame.offset(i), frame.width(i)).classify(this, form, before, after, back);
                }
            }
        }
    }

    /** Gives up every class: the body may write anything anywhere. For when there is no time left. */
    void forget(int written) {
        bound = ENDLESS;
        for (int r = 0; r < Reg.R10.number(); r++) {
            if ((written >>> r & 1) != 0) {
                registers[r].forget();
            }
        }
        for (Change change : cells.values()) {
            change.forget();
        }
    }

    /** The state that the guess claims for the head. */
    State state() {
        State state = entry.copy();
        state.forgetHalves();
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
            state.put(reg, registers[r].value(this, state, entry.reg(reg), 64));
        }
        for (int k = kept.nextSetBit(0); k >= 0; k = kept.nextSetBit(k + 1)) {
            state.dropKept(k / State.KEPT, k % State.KEPT);
        }
        for (int d = 0; d < frames.length; d++) {
            Frame frame = frames[d];
            for (int i = 0; i < frame.cells(); i++) {
                Value entered = entry.cell(d, frame.offset(i), frame.width(i));
                Change change = cell(d, frame.offset(i), frame.width(i));
                Value now = entered == null || change.kind() == Change.Kind.DROPPED
                        ? Value.Unreadable.VALUE
                        : change.value(this, state, entered, frame.width(i) * 8);
                frame = now instanceof Value.Unreadable ? frame : frame.store(frame.offset(i), frame.width(i), now);
            }
            state.put(d, frame);
        }
        return state;
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
            holds &= registers[r].confirm(this, head.reg(reg), back.reg(reg), head, back, entry.reg(reg));
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
                        || (Change.sameKind(before, after)
                                && Change.form(before).equals(Change.form(after))
                                && Change.number(after, back).leq(Change.number(before, entry)));
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
            holds &= change.confirm(
                    this, of.value(i), after, head, back, entered == null ? Value.Unreadable.VALUE : entered);
        }
        // Cells that did not come back lose their place; what may be read of the rest follows the join of the frames.
        Frame joined = frames[depth].join(back.frame(depth), (width, mine, other) -> mine);
        boolean same = joined.allowsAll(frames[depth]) && joined.cells() == frames[depth].cells();
        frames[depth] = joined;
        return holds && same;
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
            if (change.symbol() == symbol) {
                return true;
            }
        }
        for (Change change : cells.values()) {
            if (change.symbol() == symbol) {
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
        if (Math.abs(most) < Change.MOST_STEP && least >= Math.max(0, -most)) {
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
            boolean number = entry.reg(Reg.of(r)) instanceof Value.Scalar;
            Change change = registers[r];
            String words = number || change.kind() != Change.Kind.ANY ? change.words() : "";
            String how = words.isEmpty() ? "" : "`" + Reg.of(r) + "`" + words;
            text.append(how.isEmpty() || text.isEmpty() ? "" : ", ").append(how);
        }
        return text.isEmpty() ? null : text.toString();
    }
}
