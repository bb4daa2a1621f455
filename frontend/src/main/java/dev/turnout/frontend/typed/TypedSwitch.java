package dev.turnout.frontend.typed;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.ir.model.Terminator.Demand;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A switch in statement or value form.
 *
 * @param operand of integer, {@code beN}, {@code bool}, enum or {@code [N]u8} type ({@code N <= 8}); evaluated once
 * @param arms in source order; at most one is the {@code else}
 * @param exhaustive whether the arms cover every value that the operand can have, so that without an {@code else} control
 *     always finds an arm. A switch that is not exhaustive has an {@code else}
 * @param demand the form that an attribute asks for
 * @param maxEntries the largest table allowed by {@code @jump_table(max = n)}; 0 if not stated
 */
public record TypedSwitch(
        TypedExpr operand, List<Arm> arms, boolean exhaustive, Demand demand, int maxEntries, Span span) {
    public TypedSwitch {
        arms = List.copyOf(arms);
    }

    /** Index of the arm that takes a value (its bits as those of a {@link Range}), or -1 if none does. */
    public int armOf(long bits) {
        int otherwise = -1;
        for (int i = 0; i < arms.size(); i++) {
            if (arms.get(i).takes(bits)) {
                return i;
            }
            otherwise = arms.get(i).isElse() ? i : otherwise;
        }
        return otherwise;
    }

    /**
     * Values {@code low} to {@code high}, both included, as unsigned numbers of the operand's width: a signed range that
     * crosses zero is two of these; a {@code beN} counts as the host does; the bytes of a {@code [N]u8} are the number that
     * a little-endian load of them gives, zero-extended.
     */
    public record Range(long low, long high, Span span) {
        public boolean contains(long bits) {
            return Long.compareUnsigned(low, bits) <= 0 && Long.compareUnsigned(bits, high) <= 0;
        }
    }

    /**
     * One arm.
     *
     * @param ranges what it takes; ranges of one switch do not overlap. May be empty for the {@code else}
     * @param isElse whether it also takes everything else
     * @param body what it runs
     * @param value in value form, what it gives after {@code body}; null if the end of {@code body} cannot be reached, and
     *     in statement form
     * @param fallsThrough whether it goes on in the next arm's body instead of leaving the switch
     */
    public record Arm(
            List<Range> ranges,
            boolean isElse,
            TypedBlock body,
            @Nullable TypedExpr value,
            boolean fallsThrough,
            Span span) {
        public Arm {
            ranges = List.copyOf(ranges);
        }

        /** Whether a range of this arm has the value. */
        public boolean takes(long bits) {
            for (Range range : ranges) {
                if (range.contains(bits)) {
                    return true;
                }
            }
            return false;
        }
    }
}
