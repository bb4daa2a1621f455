package dev.turnout.bpf.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.eval.CheckedMemory;
import dev.turnout.ir.eval.Evaluator;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.text.IrPrinter;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExecutionTest {
    @ParameterizedTest
    @EnumSource
    void code_computes_what_the_IR_says(TargetProfile target) {
        for (int seed = 0; seed < 400; seed++) {
            compare(target, seed, seed < 200 ? 25 : 90);
        }
    }

    static void compare(TargetProfile target, int seed, int budget) {
        Function function = RandomFunction.make(seed, budget);
        Module module = new Module("random", "", List.of(), List.of(), List.of(), List.of(), List.of(function));
        Diagnostics diagnostics = new Diagnostics();
        BpfObject object = CodeGenerator.generate(module, target, Options.DEFAULT, diagnostics);
        assertThat(diagnostics.all()).isEmpty();
        Random random = new Random(~seed);
        for (int run = 0; run < 6; run++) {
            long[] arguments = {random.nextLong(), random.nextInt(), random.nextInt(256), run};
            CheckedMemory memory = new CheckedMemory(module);
            long expected = new Evaluator(module, memory, 2_000_000).run("f", arguments);
            long got;
            try {
                got = new Stepper(object, new CheckedMemory(module), 0).run("f", arguments);
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError(describe(target, seed, module, object), failure);
            }
            assertThat(got).as(() -> describe(target, seed, module, object)).isEqualTo(expected);
        }
    }

    private static String describe(TargetProfile target, int seed, Module module, BpfObject object) {
        return target + " seed " + seed + "\n" + IrPrinter.print(module) + "\n" + CodeText.of(object);
    }
}
