package dev.turnout.verifier.domain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Join of {@link State}s of one shape (the same functions active); their order is {@link Inclusion}'s.
 *
 * <p><b>Join.</b> A place with the same form on both sides keeps it, over the hull of what is known of its symbols. Where
 * the forms differ, a fresh symbol names the joined value; a memo gives places that differ by the same constant on both
 * sides forms over the same symbol, so that links between copies outlive the join. The packet facts of both forms become
 * one of the symbol.
 */
public final class Lattice {
    private final State a;
    private final State b;
    private final State out;
    private final Map<JoinKey, Integer> memo = new HashMap<>();
    private final Map<Long, Integer> nullMemo = new HashMap<>();
    private final List<Joined> joined = new ArrayList<>();

    private record JoinKey(Form left, Form right, long apart) {}

    /** A symbol made by the join, and what it stands for on either side. */
    private record Joined(int symbol, Form left, Form right) {}

    private Lattice(State a, State b) {
        this.a = a;
        this.b = b;
        this.out = a.blank();
    }

    /** The least state above both that this domain finds. */
    public static State join(State a, State b) {
        return new Lattice(a, b).join();
    }

    private State join() {
        if (!sameProtocol(a, b)) {
            out.tear();
        }
        Value[] regs = out.regs();
        for (int i = 0; i < regs.length; i++) {
            regs[i] = join(a.regs()[i], b.regs()[i]);
        }
        Value[][] kept = out.kept();
        for (int d = 0; d < kept.length; d++) {
            Value[] row = new Value[a.kept()[d].length];
            for (int r = 0; r < row.length; r++) {
                row[r] = join(a.kept()[d][r], b.kept()[d][r]);
            }
            kept[d] = row;
        }
        for (int d = 0; d < out.frames().length; d++) {
            out.frames()[d] = a.frames()[d].join(b.frames()[d], (width, mine, other) -> {
                Value both = join(mine, other);
                return both instanceof Value.Unreadable ? null : both;
            });
        }
        joinSymbols();
        joinPacket();
        out.put(a.differences().join(b.differences()));
        out.put(a.halves().join(b.halves()));
        return out;
    }

    /**
     * Whether both sides hold the same resources, under the same numbers, and keep the same objects in the same slots. Others are told
     * apart by a walk over paths, never joined.
     */
    public static boolean sameProtocol(State a, State b) {
        if (a.isTorn() || b.isTorn() || !a.held().equals(b.held())) {
            return false;
        }
        for (int d = 0; d < a.frames().length; d++) {
            if (!a.frames()[d].objects().equals(b.frames()[d].objects())) {
                return false;
            }
        }
        return true;
    }

    /** Every symbol of both sides gets the hull; those that nothing mentions are swept later. */
    private void joinSymbols() {
        SymbolTable left = a.symbols();
        for (int i = 0; i < left.size(); i++) {
            int symbol = left.symbol(i);
            Num hull = left.of(symbol).join(b.symbols().of(symbol));
            if (!hull.isTop()) {
                out.symbols().put(symbol, hull);
            }
        }
    }

    private void joinPacket() {
        PacketFacts facts = PacketFacts.NONE;
        for (PacketFacts.Fact fact : a.packet().facts()) {
            long theirs = b.packet().bound(fact.meta(), fact.key());
            if (theirs != Long.MIN_VALUE) {
                facts = facts.with(fact.meta(), fact.key(), Math.min(fact.bound(), theirs));
            }
        }
        for (Joined j : joined) {
            for (boolean meta : new boolean[] {false, true}) {
                long left = a.packet().bound(meta, j.left.key());
                long right = b.packet().bound(meta, j.right.key());
                if (left != Long.MIN_VALUE && right != Long.MIN_VALUE) {
                    long bound = Math.min(left - j.left.constant(), right - j.right.constant());
                    facts = facts.with(meta, Form.symbol(j.symbol), bound);
                }
            }
        }
        out.put(facts.withEndsOf(a.packet(), b.packet()));
    }

    private Value join(Value x, Value y) {
        return switch (x) {
            case Value.Unreadable _ -> Value.Unreadable.VALUE;
            case Value.Scalar left ->
                switch (y) {
                    case Value.Scalar right -> scalar(left, right);
                    case Value.Pointer right -> orNull(right, left, b, a);
                    case Value.FunctionAddress right -> orNull(right, left, b, a);
                    case Value.Unreadable _, Value.CodeAddress _, Value.StackObject _ -> Value.Unreadable.VALUE;
                };
            case Value.Pointer left ->
                switch (y) {
                    case Value.Pointer right -> pointer(left, right);
                    case Value.Scalar right -> orNull(left, right, a, b);
                    case Value.Unreadable _, Value.CodeAddress _, Value.FunctionAddress _, Value.StackObject _ ->
                        Value.Unreadable.VALUE;
                };
            case Value.CodeAddress left ->
                y instanceof Value.CodeAddress right
                        ? new Value.CodeAddress(
                                left.map() == right.map() ? left.map() : Value.CodeAddress.SEVERAL,
                                union(left.targets(), right.targets()))
                        : Value.Unreadable.VALUE;
            case Value.FunctionAddress left ->
                switch (y) {
                    case Value.FunctionAddress right ->
                        new Value.FunctionAddress(left.startsWith(right), joinNull(left.nullId(), right.nullId()));
                    case Value.Scalar right -> orNull(left, right, a, b);
                    case Value.Unreadable _, Value.Pointer _, Value.CodeAddress _, Value.StackObject _ ->
                        Value.Unreadable.VALUE;
                };
            case Value.StackObject left -> left.equals(y) ? left : Value.Unreadable.VALUE;
        };
    }

    private static List<Integer> union(List<Integer> x, List<Integer> y) {
        if (x.equals(y)) {
            return x;
        }
        TreeSet<Integer> all = new TreeSet<>(x);
        all.addAll(y);
        return List.copyOf(all);
    }

    private Value.Scalar scalar(Value.Scalar x, Value.Scalar y) {
        if (x.form().equals(y.form())) {
            return new Value.Scalar(x.num().join(y.num()), x.form());
        }
        Num hull = a.num(x).join(b.num(y));
        return new Value.Scalar(hull, form(x.form(), y.form(), hull));
    }

    /** A form that stands for {@code x} on the left and {@code y} on the right. */
    private Form form(Form x, Form y, Num hull) {
        if (hull.isConstant()) {
            return Form.constant(hull.constant());
        }
        long apart = x.constant() - y.constant();
        JoinKey key = new JoinKey(x.key(), y.key(), apart);
        Integer known = memo.get(key);
        if (known != null) {
            // The symbol stands for the first such place; this one is a constant away on both sides.
            for (Joined j : joined) {
                if (j.symbol == known) {
                    return Form.symbol(known).plus(x.constant() - j.left.constant());
                }
            }
        }
        int symbol = a.source().fresh(x.isPathConstant() && y.isPathConstant());
        memo.put(key, symbol);
        joined.add(new Joined(symbol, x, y));
        out.symbols().put(symbol, hull);
        return Form.symbol(symbol);
    }

    private Value pointer(Value.Pointer x, Value.Pointer y) {
        Region region = x.region().join(y.region()).orElse(null);
        if (region == null || x.resource() != y.resource()) {
            return Value.Unreadable.VALUE;
        }
        int nullId = joinNull(x.nullId(), y.nullId());
        if (x.form().equals(y.form())) {
            return new Value.Pointer(region, x.offset().join(y.offset()), x.form(), nullId, x.resource());
        }
        if (nullId != 0) {
            return Value.Unreadable.VALUE;
        }
        Num hull = a.offset(x).join(b.offset(y));
        return new Value.Pointer(region, hull, form(x.form(), y.form(), hull), nullId, x.resource());
    }

    private int joinNull(int left, int right) {
        return left == right ? left : nullId(left, right);
    }

    private int nullId(int left, int right) {
        return nullMemo.computeIfAbsent(
                (long) left << 32 | right, _ -> a.source().fresh() | 1);
    }

    /** A pointer on one side and the number zero on the other: it may be null. */
    private Value orNull(Value.Pointer pointer, Value.Scalar scalar, State ofPointer, State ofScalar) {
        Num num = ofScalar.num(scalar);
        boolean mayBeNull =
                !pointer.region().mapValues().isEmpty() && pointer.form().equals(Form.ZERO) && pointer.resource() == 0;
        if (!num.isConstant() || num.constant() != 0 || !mayBeNull) {
            return Value.Unreadable.VALUE;
        }
        int id = ofPointer == a ? nullId(pointer.nullId(), -1) : nullId(-1, pointer.nullId());
        return pointer.orNull(id);
    }

    private Value orNull(Value.FunctionAddress function, Value.Scalar scalar, State ofFunction, State ofScalar) {
        if (!ofScalar.num(scalar).equals(Num.constant(0))) {
            return Value.Unreadable.VALUE;
        }
        int id = ofFunction == a ? nullId(function.nullId(), -1) : nullId(-1, function.nullId());
        return new Value.FunctionAddress(function.starts(), id);
    }

    // Order

    /** Whether every machine state of {@code small} is one of {@code big}. May say no when it cannot find out. */
    public static boolean leq(State small, State big) {
        return new Inclusion(small, big).holds();
    }

    @Override
    public String toString() {
        return "join of " + Arrays.toString(a.regs()) + " and " + Arrays.toString(b.regs());
    }
}
