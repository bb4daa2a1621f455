package dev.turnout.ir.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.model.Module;
import dev.turnout.ir.text.IrParser;
import dev.turnout.ir.text.IrPrinter;
import dev.turnout.ir.verify.IrChecker;
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
