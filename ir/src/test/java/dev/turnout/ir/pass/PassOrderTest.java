package dev.turnout.ir.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.model.Module;
import dev.turnout.ir.text.IrParser;
import dev.turnout.ir.text.IrPrinter;
import dev.turnout.ir.verify.IrChecker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Passes are right by themselves, whatever ran before: the order of the pipeline is for the result's sake. Each pass runs on
 * the input of every golden file, and all passes run in drawn orders on drawn programs; after each, the checker finds
 * nothing and the evaluator sees what it saw before. {@code -Drandom.functions} draws more; the seed of a failure is in its
 * message.
 */
class PassOrderTest {
    private static final int PROGRAMS = Integer.getInteger("random.functions", 80);

    @Test
    void everyPassKeepsTheMeaningOfEveryGoldenFile() throws IOException {
        int ended = 0;
        for (Path file : PassGoldenTest.files()) {
            Module module = PassGoldenTest.input(file);
            for (String pass : passes()) {
                ended += step(pass, module, file + " of ", 3, file.hashCode()).ended;
            }
        }
        assertThat(ended).as("runs that came to an end").isGreaterThan(500);
    }

    @Test
    void everyPassKeepsTheMeaningOfDrawnProgramsInAnyOrder() {
        int ended = 0;
        for (int seed = 0; seed < PROGRAMS; seed++) {
            String text = seed % 3 == 0 ? RandomFunctions.module(seed) : StructuredFunctions.module(seed);
            Module now = IrParser.read(text);
            IrChecker.require(now);
            List<String> order = new ArrayList<>(passes());
            order.addAll(passes());
            Collections.shuffle(order, new Random(seed));
            // Little is to be seen where variables are memory.
            order.addFirst("construct-ssa");
            StringBuilder way = new StringBuilder("seed " + seed + ":");
            for (String pass : order) {
                Step step = step(pass, now, way.append(' ').append(pass).toString(), 4, seed);
                now = step.after;
                ended += step.ended;
            }
        }
        assertThat(ended).as("runs that came to an end").isGreaterThan(PROGRAMS * 50);
    }

    @Test
    void thePipelineKeepsTheMeaningOfDrawnPrograms() {
        int ended = 0;
        for (int seed = 0; seed < PROGRAMS; seed++) {
            Module module = IrParser.read(StructuredFunctions.module(seed));
            Module after = Pipeline.run(module, true);
            ended += Agreement.check(module, after, 10, seed);
        }
        assertThat(ended).as("runs that came to an end").isGreaterThan(PROGRAMS * 8);
    }

    /** What a pass made, and how many runs of it came to an end. */
    private record Step(Module after, int ended) {}

    private static Step step(String pass, Module before, String way, int rounds, long seed) {
        try {
            Module after =
                    PassGoldenTest.PASSES.getOrDefault(pass, same -> same).apply(before);
            IrChecker.require(after);
            return new Step(after, Agreement.check(before, after, rounds, seed));
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError(way + " " + pass + "\n" + IrPrinter.print(before), failure);
        }
    }

    /** All but the whole pipeline, in one order everywhere. */
    private static List<String> passes() {
        TreeSet<String> all = new TreeSet<>(PassGoldenTest.PASSES.keySet());
        all.remove("pipeline");
        return List.copyOf(all);
    }
}
