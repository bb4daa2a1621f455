package dev.turnout.driver.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.driver.load.Loader;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.driver.pipeline.CompileOptions;
import dev.turnout.driver.pipeline.SourceReader;
import dev.turnout.runtime.interpreter.Interpreter;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.verifier.specialize.SpecializeOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What tests count is the code that runs: what a {@code config} ruled out is not in it. */
class CountedCodeTest {
    private static final String TEXT = """
            key debug = false;
            config audit: bool = false;
            var seen: u64;
            fn unused(n: u32) -> u32 { return n; }
            prog xdp main(ctx: *XdpCtx) -> XdpAction {
                if (audit) { static_branch (debug) { seen += 1; } }
                static_branch (debug) { seen += 2; }
                return XDP_PASS;
            }
            test "off" { expect(sites(debug) == 1 && nops(main) == 1); }
            test "on" { audit = true; reload(); expect(sites(debug) == 2 && nops(main) == 2); }
            test "nowhere" { expect(tables(unused) == 0); }
            """;

    private static List<TestRunner.Ending> endings(TargetProfile target, SpecializeOptions rewrites) {
        Compilation compilation =
                new Compilation(new SourceFile("counts.turn", TEXT), SourceReader.none(), CompileOptions.of(target));
        return TestRunner.run(compilation, Loader.linux(new Interpreter()).with(rewrites)).orElseThrow().stream()
                .map(TestRunner.Result::ending)
                .toList();
    }

    @Test
    void a_site_that_a_config_rules_out_does_not_count() {
        assertThat(endings(TargetProfile.VM, SpecializeOptions.DEFAULT).subList(0, 2))
                .hasOnlyElementsOfType(TestRunner.Ending.Passed.class);
    }

    @Test
    void code_that_is_run_as_it_was_proven_has_both() {
        assertThat(endings(TargetProfile.VM, SpecializeOptions.NONE).getFirst())
                .isInstanceOf(TestRunner.Ending.Failed.class);
    }

    @Test
    void a_function_that_no_program_reaches_has_no_code_to_count() {
        assertThat(endings(TargetProfile.VM, SpecializeOptions.DEFAULT).getLast())
                .isInstanceOfSatisfying(
                        TestRunner.Ending.Failed.class,
                        failed -> assertThat(failed.reasons())
                                .singleElement()
                                .satisfies(reason ->
                                        assertThat(reason.code().name()).isEqualTo("T0104")));
    }

    @Test
    void code_for_other_targets_is_not_counted() {
        assertThat(endings(TargetProfile.LINUX_6_12, SpecializeOptions.DEFAULT))
                .hasOnlyElementsOfType(TestRunner.Ending.Skipped.class);
    }
}
