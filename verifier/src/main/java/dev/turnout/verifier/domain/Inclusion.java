package dev.turnout.verifier.domain;

import dev.turnout.bpf.isa.Width;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether one {@link State} says no more than another of the same shape.
 *
 * <p>A state's symbols are bound inside it, so {@code new ⊑ old} asks for a substitution of the old symbols
 * by forms over the new ones under which every entry of the old state follows from the new one. It is found greedily, one
 * place after the other. Counters must be substituted by themselves: the proof that a loop ends counts on their identity.
 */
final class Inclusion {
    private final State small;
    private final State big;
    private final Map<Integer, Form> bound = new HashMap<>();
    private final Map<Integer, Integer> nulls = new HashMap<>();
    /** Numbers of what is held or told apart: of the big state by those of the small one, and back. */
    private final Map<Integer, Integer> resources = new HashMap<>();

    private final Map<Integer, Integer> resourcesBack = new HashMap<>();

    Inclusion(State small, State big) {
        this.small = small;
        this.big = big;
    }

    boolean holds() {
        if (small.frames().length != big.frames().length || !sameProtocol()) {
            return false;
        }
        for (int i = 0; i < State.REGISTERS; i++) {
            if (!leq(small.regs()[i], big.regs()[i])) {
                return false;
            }
        }
        for (int d = 0; d < big.kept().length; d++) {
            for (int r = 0; r < big.kept()[d].length; r++) {
                if (!leq(small.kept()[d][r], big.kept()[d][r])) {
                    return false;
                }
            }
        }
        for (int d = 0; d < big.frames().length; d++) {
            if (!leq(small.frames()[d], big.frames()[d])) {
                return false;
            }
        }
        return packetHolds() && differencesHold() && halvesHold() && symbolsHold();
    }

    /** Whether what is held corresponds one to one, in the order in which it was taken. */
    private boolean sameProtocol() {
        Held mine = small.held();
        Held theirs = big.held();
        if (small.isTorn() || big.isTorn() || !mine.isLike(theirs)) {
            return false;
        }
        for (int i = 0; i < mine.resources().size(); i++) {
            if (!sameResource(
                    mine.resources().get(i).id(), theirs.resources().get(i).id())) {
                return false;
            }
        }
        for (int i = 0; i < mine.locks().size(); i++) {
            Held.Lock x = mine.locks().get(i);
            Held.Lock y = theirs.locks().get(i);
            if (x.kind() != y.kind() || !x.region().equals(y.region()) || !sameResource(x.owner(), y.owner())) {
                return false;
            }
        }
        for (int i = 0; i < mine.interrupts().size(); i++) {
            if (!sameResource(mine.interrupts().get(i), theirs.interrupts().get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean sameResource(int mine, int theirs) {
        if (mine == 0 || theirs == 0) {
            return mine == theirs;
        }
        Integer to = resources.putIfAbsent(mine, theirs);
        Integer from = resourcesBack.putIfAbsent(theirs, mine);
        return (to == null || to == theirs) && (from == null || from == mine);
    }

    /** Whether it is null only if nothing was acquired. */
    private static boolean givesUp(Value.Pointer pointer) {
        return pointer.nullId() == pointer.resource();
    }

    private boolean sameObject(Value.StackObject mine, Value.StackObject theirs) {
        return mine.part() == theirs.part()
                && switch (mine.object()) {
                    case SlotObject.Dynptr x ->
                        theirs.object() instanceof SlotObject.Dynptr y
                                && x.kind() == y.kind()
                                && x.readOnly() == y.readOnly()
                                && sameResource(x.id(), y.id())
                                && sameResource(x.resource(), y.resource());
                    case SlotObject.Iterator x ->
                        theirs.object() instanceof SlotObject.Iterator y
                                && x.type().equals(y.type())
                                && x.drained() == y.drained()
                                && sameResource(x.resource(), y.resource());
                    case SlotObject.InterruptFlags x ->
                        theirs.object() instanceof SlotObject.InterruptFlags y
                                && x.byLock() == y.byLock()
                                && sameResource(x.resource(), y.resource());
                };
    }

    private boolean leq(Frame s, Frame g) {
        if (s.objects().size() != g.objects().size()) {
            return false;
        }
        if (!s.bytesLeq(g)) {
            return false;
        }
        for (int i = 0; i < g.cells(); i++) {
            int at = s.find(g.offset(i), g.width(i));
            if (at >= 0) {
                if (!leq(s.value(at), g.value(i))) {
                    return false;
                }
            } else {
                Long constant = s.constant(g.offset(i), g.width(i));
                Value value = constant != null
                        ? Value.constant(constant)
                        : s.holdsPointer(g.offset(i), g.width(i)) || !s.isWritten(g.offset(i), g.width(i))
                                ? Value.Unreadable.VALUE
                                : new Value.Scalar(
                                        Num.ofBits(g.width(i) * 8),
                                        Form.symbol(small.source().fresh()));
                if (!leq(value, g.value(i))) {
                    return false;
                }
            }
        }
        for (int i = 0; i < s.cells(); i++) {
            boolean pointer = !(s.value(i) instanceof Value.Scalar);
            if (pointer && g.find(s.offset(i), s.width(i)) < 0 && g.isReadableBeside(s.offset(i), s.width(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean leq(Value s, Value g) {
        return switch (g) {
            case Value.Unreadable _ -> true;
            case Value.Scalar to ->
                s instanceof Value.Scalar from && small.num(from).leq(to.num()) && bind(to.form(), from.form());
            case Value.Pointer to -> leqPointer(s, to);
            case Value.CodeAddress to ->
                s instanceof Value.CodeAddress from
                        && (from.map() == to.map() || to.map() == Value.CodeAddress.SEVERAL)
                        && to.targets().containsAll(from.targets());
            case Value.FunctionAddress to -> leqFunction(s, to);
            case Value.StackObject to -> s instanceof Value.StackObject from && sameObject(from, to);
        };
    }

    private boolean leqFunction(Value s, Value.FunctionAddress to) {
        if (s instanceof Value.Scalar scalar) {
            return to.isNullable() && small.num(scalar).equals(Num.constant(0)) && sameNull(to.nullId(), -1);
        }
        return s instanceof Value.FunctionAddress from
                && from.within(to)
                && (!to.isNullable() || sameNull(to.nullId(), from.nullId()));
    }

    private boolean leqPointer(Value s, Value.Pointer to) {
        if (s instanceof Value.Scalar scalar) {
            Num num = small.num(scalar);
            // Null would mean that nothing was acquired, while the small state may hold as much as the big one.
            return to.isNullable()
                    && !big.held().holds(to.resource())
                    && num.isConstant()
                    && num.constant() == 0
                    && sameNull(to.nullId(), -1);
        }
        return s instanceof Value.Pointer from
                && from.region().leq(to.region())
                && sameResource(from.resource(), to.resource())
                && (!from.isNullable() || givesUp(from) == givesUp(to))
                && (!from.isNullable() || to.isNullable())
                && (!to.isNullable() || sameNull(to.nullId(), from.nullId()))
                && small.offset(from).leq(to.offset())
                && bind(to.form(), from.form());
    }

    private boolean sameNull(int big, int small) {
        Integer before = nulls.putIfAbsent(big, small);
        return before == null || before == small;
    }

    /** Makes the old form mean the new one, if it can. */
    private boolean bind(Form old, Form now) {
        Form rest = now;
        int open = -1;
        long openFactor = 0;
        for (int i = 0; i < old.terms(); i++) {
            int symbol = old.symbolAt(i);
            Form to = Symbols.isCounter(symbol) ? Form.symbol(symbol) : bound.get(symbol);
            if (to == null) {
                if (open >= 0) {
                    // Two unknowns in one equation: let the first keep its name.
                    to = Form.symbol(open);
                    bound.put(open, to);
                    Form less = minus(rest, to, openFactor);
                    if (less == null) {
                        return false;
                    }
                    rest = less;
                }
                open = symbol;
                openFactor = old.factorAt(i);
            } else {
                Form less = minus(rest, to, old.factorAt(i));
                if (less == null) {
                    return false;
                }
                rest = less;
            }
        }
        rest = rest.plus(-old.constant());
        if (open < 0) {
            return rest.equals(Form.ZERO);
        }
        if (openFactor == 1) {
            bound.put(open, rest);
            return true;
        }
        // A factor: the new form must be a multiple, which is seen most simply when it is over the same symbol.
        Form same = Form.symbol(open).times(openFactor);
        if (same != null && same.equals(rest)) {
            bound.put(open, Form.symbol(open));
            return true;
        }
        if (rest.isConstant() && rest.constant() % openFactor == 0) {
            bound.put(open, Form.constant(rest.constant() / openFactor));
            return true;
        }
        return false;
    }

    private static @Nullable Form minus(Form from, Form what, long factor) {
        Form scaled = what.times(-factor);
        return scaled == null ? null : from.plus(scaled);
    }

    private boolean symbolsHold() {
        for (Map.Entry<Integer, Form> entry : bound.entrySet()) {
            if (!small.evaluate(entry.getValue()).leq(big.symbol(entry.getKey()))) {
                return false;
            }
        }
        SymbolTable table = big.symbols();
        for (int i = 0; i < table.size(); i++) {
            int symbol = table.symbol(i);
            if (Symbols.isCounter(symbol) && !small.symbol(symbol).leq(table.of(symbol))) {
                return false;
            }
        }
        return true;
    }

    private boolean packetHolds() {
        for (PacketFacts.Fact fact : big.packet().facts()) {
            Form key = fact.key();
            for (int i = 0; i < fact.key().terms() && key != null; i++) {
                int symbol = fact.key().symbolAt(i);
                if (!Symbols.isCounter(symbol)) {
                    key = key.substitute(symbol, bound.computeIfAbsent(symbol, Form::symbol));
                }
            }
            if (key == null || small.packet().bound(fact.meta(), key.key()) < fact.bound() + key.constant()) {
                return false;
            }
        }
        return endsHold();
    }

    /** An end that no place can speak of any more is nobody's concern. */
    private boolean endsHold() {
        for (PacketFacts.End end : big.packet().ends()) {
            Form at = end.at();
            boolean spoken = at.isConstant();
            for (int i = 0; i < end.at().terms() && at != null; i++) {
                int symbol = end.at().symbolAt(i);
                spoken |= Symbols.isCounter(symbol) || bound.containsKey(symbol);
                at = at.substitute(symbol, bound.getOrDefault(symbol, Form.symbol(symbol)));
            }
            if (spoken && (at == null || !small.packet().endsAt(end.meta(), end.reg(), at, end.behind()))) {
                return false;
            }
        }
        return true;
    }

    /** A symbol that is no counter must mean itself: that is all that is asked for here. */
    private boolean differencesHold() {
        for (Differences.Bound b : big.differences().bounds()) {
            if (!meansItself(b.left()) || !meansItself(b.right())) {
                return false;
            }
        }
        return small.differences().leq(big.differences());
    }

    /** Each is a half of the new state, too: of what its symbols have become there. */
    private boolean halvesHold() {
        for (Halves.Half half : big.halves().all()) {
            if (isIdle(half)) {
                continue;
            }
            Form part = bound.computeIfAbsent(half.half(), Form::symbol);
            Form whole = bound.computeIfAbsent(half.whole(), Form::symbol);
            boolean there = part.isSymbol()
                    && whole.isSymbol()
                    && small.halves()
                            .all()
                            .contains(new Halves.Half(part.symbolAt(0), whole.symbolAt(0), half.constant()));
            if (!there) {
                return false;
            }
        }
        return true;
    }

    /** Whether no place is about one of the two, and there is such a number for whatever the other is. */
    private boolean isIdle(Halves.Half half) {
        AbstractAlgebra on = AbstractAlgebra.INSTANCE;
        Num constant = Num.constant(half.constant());
        Num part = big.symbol(half.half());
        Num whole = big.symbol(half.whole());
        return (!bound.containsKey(half.half())
                        && on.add(Width.W32, whole, constant).leq(part))
                || (!bound.containsKey(half.whole())
                        && isLinkedOnce(half.whole())
                        && on.subtract(Width.W32, part, constant).leq(whole));
    }

    private boolean isLinkedOnce(int symbol) {
        return big.halves().all().stream()
                        .filter(half -> half.half() == symbol || half.whole() == symbol)
                        .count()
                == 1;
    }

    private boolean meansItself(int symbol) {
        Form self = Form.symbol(symbol);
        return Symbols.isCounter(symbol) || self.equals(bound.computeIfAbsent(symbol, Form::symbol));
    }
}
