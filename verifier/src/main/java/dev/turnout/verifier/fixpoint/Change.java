package dev.turnout.verifier.fixpoint;

import dev.turnout.bpf.isa.Width;
import dev.turnout.verifier.domain.AbstractAlgebra;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a place changes from round to round: a guess, and what a pass through the body makes of it. Mutable. */
final class Change {
    /** A step further than this is no step. */
    static final long MOST_STEP = 1L << 40;

    /** In what is remembered of functions: null may be among them. */
    private static final int MAYBE_NULL = 1;
    /** How often a place is widened to the next threshold; what still grows then is of no such range. */
    private static final int PATIENCE = 6;

    enum Kind {
        SAME,
        STEP,
        DRIFT,
        ANY,
        /** One of some functions, or null. */
        FUNCTION,
        DROPPED
    }

    private Kind kind = Kind.SAME;
    private long low;
    private long high;
    private Num any = Num.bottom();
    private Value.@Nullable FunctionAddress functions;
    private int symbol = -1;
    private int widened;
    /** Of a place that steps down: whether it is guessed to stay between zero and where it began. */
    private boolean staysAboveZero;

    Kind kind() {
        return kind;
    }

    /** The symbol that stands for the place in this pass, or -1. */
    int symbol() {
        return symbol;
    }

    /** Nothing is known of how the place changes; the symbol that now stands for it. */
    int probe(State entry) {
        symbol = entry.source().fresh();
        kind = Kind.ANY;
        return symbol;
    }

    /** The place is as on entry. */
    void settle() {
        kind = Kind.SAME;
    }

    /** The place may hold anything of its kind. */
    void forget() {
        kind = Kind.ANY;
        any = Num.top();
    }

    /** In words, after the place's name; empty if there is nothing to say. */
    String words() {
        return switch (kind) {
            case STEP -> " by " + low;
            case DRIFT -> " by " + low + " to " + high;
            case ANY -> " in no regular way";
            case SAME, FUNCTION, DROPPED -> "";
        };
    }

    /**
     * Guesses the kind of change.
     *
     * @param head the place's form where the pass began
     * @param entered what the place held when the loop was entered
     * @param after what it holds at the back edge, in {@code back}
     */
    void classify(LoopHead of, Form head, Value entered, Value after, State back) {
        kind = Kind.ANY;
        any = number(entered, of.entry()).join(number(after, back));
        Form now;
        if (entered instanceof Value.Scalar && after instanceof Value.Scalar scalar) {
            now = scalar.form();
        } else if (entered instanceof Value.Pointer p
                && after instanceof Value.Pointer q
                && p.region().equals(q.region())
                && p.nullId() == q.nullId()) {
            now = q.form();
            if (p.isNullable()) {
                kind = Kind.SAME;
                return;
            }
        } else {
            boolean same = entered.equals(after) || entered instanceof Value.Unreadable;
            kind = same ? Kind.SAME : isFunction(entered, after) ? Kind.FUNCTION : Kind.DROPPED;
            return;
        }
        Form by = now.minus(head);
        if (by == null) {
            return;
        }
        if (by.isConstant()) {
            low = by.constant();
            kind = low == 0 ? Kind.SAME : low <= MOST_STEP && low >= -MOST_STEP ? Kind.STEP : Kind.ANY;
            staysAboveZero = low < 0
                    && entered instanceof Value.Scalar scalar
                    && Long.compareUnsigned(of.entry().num(scalar).uMax(), MOST_STEP) <= 0;
            return;
        }
        Num range = back.evaluate(by);
        if (range.sMin() >= -MOST_STEP && range.sMax() <= MOST_STEP) {
            kind = Kind.DRIFT;
            low = range.sMin();
            high = range.sMax();
        }
    }

    /** What the place holds at the head by the guess, in a state that knows the counter. */
    Value value(LoopHead of, State state, Value entered, int bits) {
        return switch (kind) {
            case SAME -> entered;
            case FUNCTION -> function(state);
            case DROPPED -> Value.Unreadable.VALUE;
            case STEP -> {
                Form step = Form.symbol(of.counter()).times(low);
                Value now = step == null ? any(state, entered, bits) : stepped(state, entered, step, bits);
                // Another test may bound the rounds by more than the count has: its own range is not lost for that.
                // Only once the rounds are guessed: they must follow from tests, and not from this guess.
                yield of.isGuessed() && staysAboveZero && now instanceof Value.Scalar scalar
                        ? new Value.Scalar(scalar.num().meet(range(of.entry(), entered)), scalar.form())
                        : now;
            }
            case DRIFT -> {
                Num drift = drift(of.bound());
                Num from = number(entered, of.entry());
                Num sum = AbstractAlgebra.INSTANCE.add(Width.W64, from, drift);
                boolean wraps = !drift.isBottom() && (sum.sMin() == Long.MIN_VALUE || sum.sMax() == Long.MAX_VALUE);
                any = wraps ? Num.top() : sum;
                yield any(state, entered, bits);
            }
            case ANY -> any(state, entered, bits);
        };
    }

    /** From zero to where a count began. */
    private static Num range(State entry, Value entered) {
        return Num.unsigned(0, number(entered, entry).uMax());
    }

    private Num drift(long bound) {
        if (bound >= 1L << 22) {
            return Num.top();
        }
        return Num.signed(Math.min(0, low * bound), Math.max(0, high * bound));
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

    private Value any(State state, Value entered, int bits) {
        Num num = bits == 64 ? any : any.meet(Num.ofBits(bits));
        symbol = state.source().fresh();
        state.assume(symbol, num);
        Form form = num.isConstant() ? Form.constant(num.constant()) : Form.symbol(symbol);
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

    /** Compares what came back with the guess; whether that holds, else the change is demoted. */
    boolean confirm(LoopHead of, Value head, Value after, State headState, State back, Value entered) {
        if (head instanceof Value.Unreadable) {
            return true;
        }
        if (kind == Kind.FUNCTION && isWithin(after, functions)) {
            return true;
        }
        if (!sameKind(head, after)) {
            kind = kind != Kind.DROPPED && isFunction(head, after) ? Kind.FUNCTION : Kind.DROPPED;
            return false;
        }
        Form now = form(after);
        Form was = form(head);
        Num num = number(after, back);
        switch (kind) {
            case SAME -> {
                if (differsBy(now, was, 0, back) && num.leq(number(head, headState))) {
                    return true;
                }
            }
            case STEP -> {
                if (differsBy(now, was, low, back)) {
                    boolean within = !of.isGuessed() || !staysAboveZero || num.leq(range(of.entry(), entered));
                    staysAboveZero &= within;
                    return within;
                }
                staysAboveZero = false;
            }
            case DRIFT -> {
                Form by = now.minus(Form.symbol(symbol));
                Num range = by == null ? Num.top() : back.evaluate(by);
                if (of.bound() < 1L << 22 && range.sMin() >= low && range.sMax() <= high) {
                    return true;
                }
            }
            case ANY -> {
                if (num.leq(any)) {
                    return true;
                }
                any = any.widen(num, widened++ < PATIENCE ? of.thresholds() : Thresholds.COARSE);
                return false;
            }
            case FUNCTION, DROPPED -> {
                return false;
            }
        }
        kind = Kind.ANY;
        any = number(entered, of.entry()).join(num);
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
    private boolean isFunction(Value before, Value after) {
        Value.FunctionAddress all = functions;
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
        functions = all;
        return true;
    }

    private static boolean isWithin(Value after, Value.@Nullable FunctionAddress functions) {
        return functions != null
                && (after instanceof Value.FunctionAddress function
                        ? function.within(functions)
                        : functions.isNullable() && after.equals(Value.constant(0)));
    }

    /** Which of the functions it is, or whether null, is unknown anew in each round. */
    private Value function(State state) {
        Value.FunctionAddress all = functions;
        if (all == null) {
            return Value.Unreadable.VALUE;
        }
        return new Value.FunctionAddress(
                all.starts(), all.isNullable() ? state.source().fresh() | 1 : 0);
    }

    /** Whether a value is of the kind that the head has, so that only numbers may differ. */
    static boolean sameKind(Value head, Value after) {
        return switch (head) {
            case Value.Unreadable _ -> true;
            case Value.Scalar _ -> after instanceof Value.Scalar;
            case Value.Pointer p ->
                after instanceof Value.Pointer q
                        && p.region().equals(q.region())
                        && p.resource() == q.resource()
                        && (!q.isNullable() || p.nullId() == q.nullId());
            case Value.CodeAddress _, Value.FunctionAddress _, Value.StackObject _ -> head.equals(after);
        };
    }

    /** A number, or a pointer's offset. */
    static Num number(Value value, State state) {
        return switch (value) {
            case Value.Scalar scalar -> state.num(scalar);
            case Value.Pointer pointer -> state.offset(pointer);
            case Value.Unreadable _, Value.CodeAddress _, Value.FunctionAddress _, Value.StackObject _ -> Num.top();
        };
    }

    /** The same as a form. */
    static Form form(Value value) {
        return switch (value) {
            case Value.Scalar scalar -> scalar.form();
            case Value.Pointer pointer -> pointer.form();
            case Value.Unreadable _, Value.CodeAddress _, Value.FunctionAddress _, Value.StackObject _ -> Form.ZERO;
        };
    }
}
