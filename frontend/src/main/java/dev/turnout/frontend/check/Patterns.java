package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Cases;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.ast.Pattern;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedSwitch.Range;
import dev.turnout.ir.model.ByteString;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The patterns of one switch: folded to ranges, without overlaps, and together covering the type or not. */
final class Patterns {
    /** Values from the key of the map entry to {@code last}. */
    private record Taken(BigInteger last, Span span) {}

    private final Body body;
    private final Type type;
    private final TreeMap<BigInteger, Taken> taken = new TreeMap<>();
    private @Nullable Span otherwise;
    private boolean broken;

    Patterns(Body body, Type type) {
        this.body = body;
        this.type = type;
    }

    /** The ranges of one arm. */
    List<Range> add(Cases cases) {
        List<Range> ranges = new ArrayList<>();
        switch (cases) {
            case Cases.Else one -> {
                Span first = otherwise;
                if (first != null) {
                    body.report(at(one.span(), DiagnosticCode.E0318, "a `switch` has one `else`")
                            .withLabel(first, "the first one"));
                }
                otherwise = one.span();
            }
            case Cases.Of list -> {
                for (Pattern pattern : list.patterns()) {
                    add(pattern, ranges);
                }
            }
        }
        return ranges;
    }

    private void add(Pattern pattern, List<Range> ranges) {
        BigInteger low;
        BigInteger high;
        switch (pattern) {
            case Pattern.One one -> {
                low = constant(one.value());
                high = low;
            }
            case Pattern.Range range -> {
                low = constant(range.first());
                high = constant(range.last());
                if (low != null && high != null && !isOrdered(range, low, high)) {
                    low = null;
                }
            }
        }
        if (low == null || high == null) {
            broken = true;
            return;
        }
        if (!overlaps(low, high, pattern.span())) {
            taken.put(low, new Taken(high, pattern.span()));
            split(low, high, pattern.span(), ranges);
        }
    }

    private boolean isOrdered(Pattern.Range range, BigInteger low, BigInteger high) {
        if (!(type instanceof Type.Int) && !(type instanceof Type.BigEndian)) {
            body.report(range.span(), DiagnosticCode.E0320, Words.a(type) + " has no ranges; name each value");
            return false;
        }
        if (low.compareTo(high) > 0) {
            body.report(at(range.span(), DiagnosticCode.E0320, "this range is empty: " + low + " is above " + high)
                    .withHelp("write the smaller number first"));
            return false;
        }
        return true;
    }

    private @Nullable BigInteger constant(Expr written) {
        if (type.poisoned()) {
            if (!(written instanceof Expr.Member)) {
                body.expressions().check(written, null);
            }
            return null;
        }
        if (type instanceof Type.Array array) {
            return bytes(written, array);
        }
        TypedExpr value = body.value(written, type, "a pattern of this `switch`");
        Constant constant = body.constants().of(value);
        return constant instanceof Constant.Number number ? Numbers.meaning(type, number.bits()) : null;
    }

    /** A string as the number that a little-endian load of its bytes gives. */
    private @Nullable BigInteger bytes(Expr written, Type.Array array) {
        Operand operand = body.expressions().check(written, array);
        if (operand instanceof Operand.Text text) {
            if (text.bytes().size() == array.count()) {
                return number(text.bytes());
            }
            body.report(
                    written.span(),
                    DiagnosticCode.E0320,
                    "this string has " + text.bytes().size() + " bytes, and `" + array + "` has " + array.count());
            return null;
        }
        TypedExpr value = body.coercions().natural(operand);
        if (!value.type().poisoned()) {
            body.report(written.span(), DiagnosticCode.E0320, "a pattern for `" + array + "` is a string literal");
        }
        return null;
    }

    private static BigInteger number(ByteString bytes) {
        BigInteger value = BigInteger.ZERO;
        for (int i = bytes.size() - 1; i >= 0; i--) {
            value = value.shiftLeft(8).or(BigInteger.valueOf(bytes.at(i) & 0xff));
        }
        return value;
    }

    private boolean overlaps(BigInteger low, BigInteger high, Span span) {
        Map.Entry<BigInteger, Taken> other = taken.floorEntry(high);
        if (other == null || other.getValue().last.compareTo(low) < 0) {
            return false;
        }
        BigInteger both = other.getKey().max(low);
        String which = type instanceof EnumType enumeration
                ? enumeration
                        .member(both)
                        .map(member -> "`." + member.name() + "`")
                        .orElse(both.toString())
                : type instanceof Type.Bool ? (both.signum() == 0 ? "`false`" : "`true`") : both.toString();
        body.report(at(
                        span,
                        DiagnosticCode.E0318,
                        type instanceof Type.Array ? "this string is taken already" : which + " is taken already")
                .withLabel(other.getValue().span, "taken here")
                .withNote("the patterns of a `switch` do not overlap: at most one arm fits a value"));
        broken = true;
        return true;
    }

    /** Adds the values as unsigned numbers of the width: a range of signed numbers that crosses zero is two of them. */
    private void split(BigInteger low, BigInteger high, Span span, List<Range> ranges) {
        long mask = mask();
        if (low.signum() < 0 && high.signum() >= 0) {
            ranges.add(new Range(low.longValue() & mask, mask, span));
            ranges.add(new Range(0, high.longValue() & mask, span));
        } else {
            ranges.add(new Range(low.longValue() & mask, high.longValue() & mask, span));
        }
    }

    private long mask() {
        int bits = type instanceof Type.Array array
                ? (int) array.count() * 8
                : Numbers.carrier(type).bits();
        return bits == 64 ? -1L : (1L << bits) - 1;
    }

    /**
     * Whether the patterns cover the type without an {@code else}. Reports missing cases, and an {@code else} that never
     * runs.
     */
    boolean finish(Span operand) {
        if (broken || type.poisoned()) {
            return true;
        }
        boolean covered = covered();
        Span rest = otherwise;
        if (covered && rest != null) {
            body.report(at(rest, DiagnosticCode.W0502, "this `else` never runs")
                    .withNote("the other arms cover every value of `" + type + "`")
                    .withHelp("leave it out, so that a new value becomes an error here"));
        }
        if (!covered && rest == null) {
            reportMissing(operand);
        }
        return covered;
    }

    private boolean covered() {
        if (type instanceof EnumType enumeration && !enumeration.open()) {
            return missing(enumeration).isEmpty();
        }
        BigInteger next = type instanceof Type.Array ? BigInteger.ZERO : Numbers.min(type);
        BigInteger last = type instanceof Type.Array array
                ? BigInteger.ONE.shiftLeft((int) array.count() * 8).subtract(BigInteger.ONE)
                : Numbers.max(type);
        for (Map.Entry<BigInteger, Taken> one : taken.entrySet()) {
            if (!one.getKey().equals(next)) {
                return false;
            }
            next = one.getValue().last.add(BigInteger.ONE);
        }
        return next.compareTo(last) > 0;
    }

    private List<String> missing(EnumType enumeration) {
        List<String> missing = new ArrayList<>();
        for (EnumType.Member member : enumeration.members()) {
            if (!taken.containsKey(member.value())) {
                missing.add("." + member.name());
            }
        }
        return missing;
    }

    private void reportMissing(Span operand) {
        if (type instanceof EnumType enumeration && !enumeration.open()) {
            List<String> missing = missing(enumeration);
            body.report(at(operand, DiagnosticCode.E0319, "this `switch` has no arm for " + Compilation.quoted(missing))
                    .labelled("this is " + Words.a(type))
                    .withHelp("add an arm for each, or `else => …`"));
            return;
        }
        if (type instanceof Type.Bool) {
            String missing = taken.containsKey(BigInteger.ZERO) ? "`true`" : "`false`";
            body.report(at(
                            operand,
                            DiagnosticCode.E0319,
                            "this `switch` has no arm for " + (taken.isEmpty() ? "`false` and `true`" : missing))
                    .withHelp("add one, or `else => …`"));
            return;
        }
        var diagnostic = at(operand, DiagnosticCode.E0319, "this `switch` needs an `else`")
                .labelled("this is " + Words.a(type));
        body.report((type instanceof EnumType
                        ? diagnostic.withNote("the enum is open: it may hold values that have no name")
                        : diagnostic.withNote("the arms do not cover every `" + type + "`"))
                .withHelp("add `else => …`"));
    }
}
