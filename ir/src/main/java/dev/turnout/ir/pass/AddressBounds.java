package dev.turnout.ir.pass;

import dev.turnout.ir.analysis.AddressInputs;
import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.analysis.IntervalAnalysis;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Masks and tests that bound an address, and the ranges by which they may be taken out. A verifier has to find the bound of an
 * address in the code that is left, and where it gives up a loop's rounds it forgets what it knew of the loop's numbers:
 *
 * <pre>
 * b1(v1: i64, v2: i64):       v2 begins at 0, and each round leaves it or sets it to the counter v1, so it is at most 255:
 *     v3 = and i64 v2, 255    by induction. The mask does nothing, yet without it nothing in the loop says that v3 is in range.
 *     v4 = offset v0, v3
 * </pre>
 *
 * <p>So they stay if their operands' ranges need induction. Both analyses run when they are first asked, which is seldom: once
 * something is found that could go.
 */
final class AddressBounds {
    /** How many conditions deep a test is looked for. */
    private static final int DEEPEST = 4;

    private final Function function;
    private final Definitions definitions;
    private @Nullable IntervalAnalysis ranges;
    private @Nullable Set<Value> inputs;

    AddressBounds(Function function) {
        this.function = function;
        definitions = Definitions.of(function);
    }

    /** What is known without induction. */
    IntervalAnalysis ranges() {
        IntervalAnalysis known = ranges;
        if (known == null) {
            known = IntervalAnalysis.withoutInduction(function);
            ranges = known;
        }
        return known;
    }

    /** Whether an address is computed from the number, or the condition tests one that an address is computed from. */
    boolean concerns(Value value) {
        return inputs().contains(value) || isTest(value, DEEPEST);
    }

    private boolean isTest(Value value, int depth) {
        Operation op = definitions.op(value);
        if (op == null || depth == 0 || !value.type().equals(Type.Int.I1)) {
            return false;
        }
        for (Value operand : op.operands()) {
            if ((op instanceof Operation.Compare && inputs().contains(operand)) || isTest(operand, depth - 1)) {
                return true;
            }
        }
        return false;
    }

    private Set<Value> inputs() {
        Set<Value> known = inputs;
        if (known == null) {
            known = AddressInputs.of(function);
            inputs = known;
        }
        return known;
    }
}
