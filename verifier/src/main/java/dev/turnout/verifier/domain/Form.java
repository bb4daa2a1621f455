package dev.turnout.verifier.domain;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An exact value: {@code k + Σ aᵢ·symbolᵢ} modulo 2⁶⁴, of at most three terms. Immutable. Operations that would leave the
 * bounds of the representation give null: the caller then names the value by a symbol of its own.
 */
public final class Form {
    private static final int TERMS = 3;
    private static final long MOST = 1L << 40;
    private static final int[] NO_SYMBOLS = {};
    private static final long[] NO_FACTORS = {};
    /** The form 0; also the key of all constant forms. */
    public static final Form ZERO = new Form(0, NO_SYMBOLS, NO_FACTORS);

    private final long constant;
    /** Ascending. */
    private final int[] symbols;
    /** Not zero. */
    private final long[] factors;

    private Form(long constant, int[] symbols, long[] factors) {
        this.constant = constant;
        this.symbols = symbols;
        this.factors = factors;
    }

    public static Form constant(long value) {
        return value == 0 ? ZERO : new Form(value, NO_SYMBOLS, NO_FACTORS);
    }

    public static Form symbol(int symbol) {
        return new Form(0, new int[] {symbol}, new long[] {1});
    }

    public long constant() {
        return constant;
    }

    public int terms() {
        return symbols.length;
    }

    public int symbolAt(int term) {
        return symbols[term];
    }

    public long factorAt(int term) {
        return factors[term];
    }

    public boolean isConstant() {
        return symbols.length == 0;
    }

    /** Whether it is one symbol and nothing else. */
    public boolean isSymbol() {
        return symbols.length == 1 && factors[0] == 1 && constant == 0;
    }

    /** Whether a walk over single paths would see a constant here. */
    public boolean isPathConstant() {
        for (int symbol : symbols) {
            if (!Symbols.isPathConstant(symbol)) {
                return false;
            }
        }
        return true;
    }

    public boolean mentions(int symbol) {
        return factorOf(symbol) != 0;
    }

    /** The factor of {@code symbol}; 0 if it does not occur. */
    public long factorOf(int symbol) {
        for (int i = 0; i < symbols.length; i++) {
            if (symbols[i] == symbol) {
                return factors[i];
            }
        }
        return 0;
    }

    /** The form without its constant. */
    public Form key() {
        return constant == 0 ? this : symbols.length == 0 ? ZERO : new Form(0, symbols, factors);
    }

    public Form plus(long k) {
        return k == 0 ? this : new Form(constant + k, symbols, factors);
    }

    public @Nullable Form plus(Form other) {
        if (other.symbols.length == 0) {
            return plus(other.constant);
        }
        int[] s = new int[symbols.length + other.symbols.length];
        long[] f = new long[s.length];
        int count = 0;
        int i = 0;
        int j = 0;
        while (i < symbols.length || j < other.symbols.length) {
            int symbol;
            long factor = 0;
            if (j == other.symbols.length || (i < symbols.length && symbols[i] < other.symbols[j])) {
                symbol = symbols[i];
                factor = factors[i++];
            } else if (i == symbols.length || other.symbols[j] < symbols[i]) {
                symbol = other.symbols[j];
                factor = other.factors[j++];
            } else {
                symbol = symbols[i];
                factor = factors[i++] + other.factors[j++];
            }
            if (factor != 0) {
                if (factor > MOST || factor < -MOST) {
                    return null;
                }
                s[count] = symbol;
                f[count++] = factor;
            }
        }
        if (count > TERMS) {
            return null;
        }
        return new Form(constant + other.constant, Arrays.copyOf(s, count), Arrays.copyOf(f, count));
    }

    public @Nullable Form minus(Form other) {
        Form negated = other.times(-1);
        return negated == null ? null : plus(negated);
    }

    public @Nullable Form times(long factor) {
        if (factor == 0) {
            return ZERO;
        }
        if (factor == 1) {
            return this;
        }
        long[] f = new long[factors.length];
        for (int i = 0; i < f.length; i++) {
            if (Math.multiplyHigh(factors[i], factor) != (factors[i] * factor) >> 63
                    || factors[i] * factor > MOST
                    || factors[i] * factor < -MOST) {
                return null;
            }
            f[i] = factors[i] * factor;
        }
        return new Form(constant * factor, symbols, f);
    }

    /** The form divided by 2ⁿ, if every part of it is a multiple. */
    public @Nullable Form shiftedRight(int n) {
        long low = (1L << n) - 1;
        if ((constant & low) != 0) {
            return null;
        }
        long[] f = new long[factors.length];
        for (int i = 0; i < f.length; i++) {
            if ((factors[i] & low) != 0) {
                return null;
            }
            f[i] = factors[i] >> n;
        }
        return new Form(constant >> n, symbols, f);
    }

    /** The form with {@code symbol} standing for another form. */
    public @Nullable Form substitute(int symbol, Form by) {
        long factor = factorOf(symbol);
        if (factor == 0) {
            return this;
        }
        Form scaled = by.times(factor);
        Form rest = without(symbol);
        return scaled == null ? null : rest.plus(scaled);
    }

    private Form without(int symbol) {
        int[] s = new int[symbols.length - 1];
        long[] f = new long[s.length];
        int count = 0;
        for (int i = 0; i < symbols.length; i++) {
            if (symbols[i] != symbol) {
                s[count] = symbols[i];
                f[count++] = factors[i];
            }
        }
        return new Form(constant, s, f);
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof Form other
                && constant == other.constant
                && Arrays.equals(symbols, other.symbols)
                && Arrays.equals(factors, other.factors);
    }

    @Override
    public int hashCode() {
        return (Long.hashCode(constant) * 31 + Arrays.hashCode(symbols)) * 31 + Arrays.hashCode(factors);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(constant);
        for (int i = 0; i < symbols.length; i++) {
            text.append(" + ").append(factors[i]).append("·s").append(symbols[i]);
        }
        return text.toString();
    }
}
