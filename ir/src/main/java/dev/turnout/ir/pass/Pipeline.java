package dev.turnout.ir.pass;

import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.text.IrPrinter;
import dev.turnout.ir.verify.IrChecker;
import dev.turnout.ir.verify.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The passes in order. Read {@link #STANDARD} from top to bottom: that is what happens to a module between lowering and the
 * back end.
 */
public final class Pipeline {
    /**
     * What happens before claims ({@code prove}) are judged and taken out: variables become values, and nothing else, so
     * that what can be shown does not depend on how clever later passes are.
     */
    public static final List<Step> BEFORE_CLAIMS =
            List.of(each("construct-ssa", "range analysis sees values, and lowering writes slots", ConstructSsa::run));

    /** What happens to a module, in this order; the first step does nothing to a module that is in SSA form already. */
    public static final List<Step> STANDARD = List.of(
            each("construct-ssa", "everything below sees values, and lowering writes slots", ConstructSsa::run),
            each(
                    "propagate-constants",
                    "what no way changes is constant, and ways not taken are gone",
                    PropagateConstants::run),
            each("fold-constants", "constants of the source meet their operations", FoldConstants::run),
            each("simplify-cfg", "branches that were decided leave blocks to merge", SimplifyCfg::run),
            each("number-values", "loads of one place become one value", NumberValues::run),
            each(
                    "remove-dead-code",
                    "functions are at their smallest when inlining measures them",
                    RemoveDeadCode::run),
            new Step("resolve-calls", "a call whose callee is known can be inlined", ResolveCalls::run),
            new Step("inline", "arguments meet the code that uses them", Inline::run),
            each(
                    "construct-ssa-again",
                    "slots that were handed to a callee are the caller's own now",
                    ConstructSsa::run),
            each(
                    "propagate-constants-again",
                    "constant arguments go through the loops of inlined bodies",
                    PropagateConstants::run),
            each("fold-constants-again", "constant arguments open laws in inlined bodies", FoldConstants::run),
            new Step("resolve-calls-again", "values and tables that were handed to an inlined body", ResolveCalls::run),
            each("simplify-cfg-again", "inlined bodies hang in their callers by jumps", SimplifyCfg::run),
            each("number-values-again", "a body that was inlined twice computes things twice", NumberValues::run),
            each("remove-checks", "equal offsets are one value, and blocks without choice are one", RemoveChecks::run),
            each(
                    "scalar-replacement",
                    "structs that are copied or handed on are whole in one function",
                    ScalarReplacement::run),
            each("forward-memory", "callers' and callees' accesses stand beside each other now", ForwardMemory::run),
            each("share-slots", "keys that are equal are stored from the same values now", ShareSlots::run),
            each("remove-dead-stores", "what was forwarded is often read no more", RemoveDeadStores::run),
            each(
                    "fold-ranges",
                    "ranges decide what constants could not, on a graph that is already small",
                    FoldRanges::run),
            each("thread-jumps", "choices that ranges do not decide may be decided on a way to them", ThreadJumps::run),
            each("rotate-loops", "tests of loops are at their shortest", RotateLoops::run),
            each(
                    "fold-ranges-again",
                    "the test in front of a loop is a place of its own, where less is possible",
                    FoldRanges::run),
            each(
                    "hoist-invariants",
                    "a loop with its test at the bottom does in its first round what it does in all",
                    HoistInvariants::run),
            each("split-addresses", "indices are as simple as they become", SplitAddresses::run),
            each(
                    "scale-counters",
                    "only products are left of a counter whose sums went into accesses",
                    ScaleCounters::run),
            each("fold-constants-last", "guards of counted loops are constant", FoldConstants::run),
            each("unroll-loops", "loops without guards begin with what their counters begin with", UnrollLoops::run),
            each(
                    "number-values-last",
                    "copied tests repeat what is known, and constants go to the top",
                    NumberValues::run),
            each("simplify-cfg-last", "blocks that lost their constants and tests are empty", SimplifyCfg::run),
            each("remove-dead-code-last", "nothing unused reaches the back end", RemoveDeadCode::run));

    /** Which pass must come before which, and why. */
    public static final List<Constraint> CONSTRAINTS = List.of(
            new Constraint("construct-ssa", "fold-constants", "folding does not look through memory"),
            new Constraint("construct-ssa", "propagate-constants", "what is in memory varies"),
            new Constraint("construct-ssa-again", "propagate-constants-again", "what is in memory varies"),
            new Constraint("rotate-loops", "hoist-invariants", "behind its first test a loop is sure to begin"),
            new Constraint("hoist-invariants", "number-values-last", "what left two loops may be one value"),
            new Constraint("split-addresses", "fold-constants-last", "constants of addresses go into accesses"),
            new Constraint("split-addresses", "scale-counters", "a sum with a product hides that it is one"),
            new Constraint("rotate-loops", "scale-counters", "copies of a test begin at one place"),
            new Constraint("fold-constants", "simplify-cfg", "folding decides branches, and tidying acts on it"),
            new Constraint("remove-dead-code", "inline", "what is dead must not count as size"),
            new Constraint("fold-constants", "resolve-calls", "constant indices stand in the loads then"),
            new Constraint("resolve-calls", "inline", "only calls by name are inlined"),
            new Constraint("resolve-calls-again", "fold-constants-last", "a function that is known is not null"),
            new Constraint("inline", "construct-ssa-again", "an address that a call took is taken no more"),
            new Constraint("number-values-again", "remove-checks", "a test is known by the value of its offset"),
            new Constraint("remove-checks", "fold-constants-last", "moved references meet their accesses"),
            new Constraint("simplify-cfg-again", "forward-memory", "ways that are none hide what the others agree in"),
            new Constraint("inline", "scalar-replacement", "a struct that is handed over lies in two functions"),
            new Constraint("scalar-replacement", "forward-memory", "what became values needs no forwarding"),
            new Constraint("forward-memory", "share-slots", "bytes are compared by the values that were stored"),
            new Constraint("share-slots", "remove-dead-stores", "a slot that is handed no more is only written"),
            new Constraint("forward-memory", "remove-dead-stores", "a load that went was the reader of a store"),
            new Constraint("forward-memory", "fold-ranges", "what was stored has a range, what is loaded has none"),
            new Constraint("number-values-again", "fold-ranges", "x - x shows when both have one number"),
            new Constraint("fold-ranges", "thread-jumps", "what is decided on every way needs no copy"),
            new Constraint("thread-jumps", "rotate-loops", "headers are copied by one pass only"),
            new Constraint("thread-jumps", "remove-dead-code-last", "a copy computes what its choice went by"),
            new Constraint("fold-ranges", "rotate-loops", "ranges of counters are sharpest with the test at the top"),
            new Constraint("rotate-loops", "fold-ranges-again", "a counter that begins in range needs no first test"),
            new Constraint("rotate-loops", "fold-constants-last", "the guard in front of a loop is often constant"),
            new Constraint("fold-constants-last", "unroll-loops", "a guard hides where a counter begins"),
            new Constraint("unroll-loops", "number-values-last", "rounds that are written out share addresses"),
            new Constraint("number-values-last", "simplify-cfg-last", "a constant in a block hides that it is empty"),
            new Constraint("simplify-cfg-last", "remove-dead-code-last", "merging leaves values without use"));

    private Pipeline() {}

    /**
     * A pass at its place.
     *
     * @param name unique in the list
     * @param reason why here
     */
    public record Step(String name, String reason, UnaryOperator<Module> run) {}

    /** {@code before} must stand before {@code after}. */
    public record Constraint(String before, String after, String reason) {}

    /** Watches the passes go by: for dumps and timing. */
    @FunctionalInterface
    public interface Observer {
        Observer NONE = (step, before, after, nanos) -> {};

        /** A pass is done, and took so long. */
        void passed(Step step, Module before, Module after, long nanos);
    }

    /**
     * Runs the standard passes.
     *
     * @param checking whether the checker runs before the first pass and after each
     * @throws IllegalStateException if a pass fails or leaves malformed IR: names the pass, shows the IR before and after
     */
    public static Module run(Module module, boolean checking) {
        return run(STANDARD, module, checking, Observer.NONE);
    }

    /** Runs passes and tells {@code observer} of each. */
    public static Module run(List<Step> steps, Module module, boolean checking, Observer observer) {
        if (checking) {
            IrChecker.require(module);
        }
        Module now = module;
        for (Step step : steps) {
            Module before = now;
            long start = System.nanoTime();
            try {
                now = step.run().apply(before);
            } catch (RuntimeException bug) {
                throw new IllegalStateException(
                        "pass " + step.name() + " failed: " + bug + "\n\nbefore:\n" + IrPrinter.print(before), bug);
            }
            observer.passed(step, before, now, System.nanoTime() - start);
            if (checking) {
                check(step, before, now);
            }
        }
        return now;
    }

    private static void check(Step step, Module before, Module after) {
        List<Violation> found = IrChecker.check(after);
        if (!found.isEmpty()) {
            String function = found.getFirst().function();
            throw new IllegalStateException("pass " + step.name() + " left " + IrChecker.render(after, found)
                    + "\nbefore:\n"
                    + before.function(function).map(IrPrinter::print).orElse(""));
        }
    }

    /** A pass that rewrites each function by itself. */
    static Step each(String name, String reason, UnaryOperator<Function> pass) {
        return new Step(name, reason, module -> {
            List<Function> functions = new ArrayList<>(module.functions().size());
            for (Function function : module.functions()) {
                functions.add(pass.apply(function));
            }
            return module.withFunctions(functions);
        });
    }
}
