package dev.turnout.ir.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.analysis.Interval;
import dev.turnout.ir.analysis.IntervalAnalysis;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.text.IrParser;
import dev.turnout.ir.text.IrPrinter;
import dev.turnout.ir.verify.IrChecker;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Random functions mean the same after every pass. The seed of a failure is in its message; fixed seeds, so it comes again. */
class RandomFunctionsTest {
    private static final int FUNCTIONS = Integer.getInteger("random.functions", 150);

    @Test
    void theTextOfRandomModulesIsReadBackAsTheSame() {
        for (int seed = 0; seed < 100; seed++) {
            Module module = IrParser.read(RandomFunctions.module(seed));
            assertThat(IrParser.read(IrPrinter.print(module, true))).isEqualTo(module);
            assertThat(IrChecker.check(module)).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void everyPassKeepsTheMeaning() {
        int ended = 0;
        for (int seed = 0; seed < FUNCTIONS; seed++) {
            Module module = IrParser.read(RandomFunctions.module(seed));
            int number = seed;
            try {
                Pipeline.run(
                        Pipeline.STANDARD,
                        module,
                        true,
                        (step, before, after, nanos) -> assertThat(Agreement.check(before, after, 6, number))
                                .as(step.name())
                                .isNotNegative());
            } catch (AssertionError | IllegalStateException failure) {
                throw new AssertionError("seed " + seed, failure);
            }
            ended += Agreement.check(module, Pipeline.run(module, false), 10, seed);
        }
        assertThat(ended).as("runs that came to an end").isGreaterThan(FUNCTIONS * 5);
    }

    @Test
    void everyValueLiesInItsInterval() {
        int[] seen = new int[1];
        for (int seed = 0; seed < FUNCTIONS; seed++) {
            Module module = Pipeline.run(
                    Pipeline.BEFORE_CLAIMS, IrParser.read(RandomFunctions.module(seed)), false, Pipeline.Observer.NONE);
            Map<String, IntervalAnalysis> analyses = new HashMap<>();
            module.functions().forEach(one -> analyses.put(one.name(), IntervalAnalysis.of(one)));
            int number = seed;
            Agreement.watch(module, 20, seed, (function, block, value, found) -> {
                IntervalAnalysis intervals = Objects.requireNonNull(analyses.get(function.name()));
                assertThat(intervals.reaches(block))
                        .as("seed %d, @%s %s", number, function.name(), block)
                        .isTrue();
                if (value.type() instanceof Type.Int) {
                    Interval interval = intervals.at(value, block);
                    seen[0] += interval.isTop() ? 0 : 1;
                    assertThat(interval.contains(found))
                            .as(
                                    "seed %d, @%s %s: %s is %d, not %s",
                                    number, function.name(), block, value, found, interval)
                            .isTrue();
                }
            });
        }
        assertThat(seen[0]).as("values of which something was known").isGreaterThan(FUNCTIONS * 100);
    }

    @Test
    void runningThePipelineAgainChangesLittle() {
        for (int seed = 0; seed < 50; seed++) {
            Module once = Pipeline.run(IrParser.read(RandomFunctions.module(seed)), false);
            Module twice = Pipeline.run(once, false);
            assertThat(size(twice)).as("seed %d", seed).isLessThanOrEqualTo(size(once));
        }
    }

    private static int size(Module module) {
        return module.functions().stream()
                .flatMap(one -> one.blocks().stream())
                .mapToInt(block -> block.insts().size() + 1)
                .sum();
    }
}
