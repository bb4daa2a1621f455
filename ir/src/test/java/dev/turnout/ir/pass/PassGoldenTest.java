package dev.turnout.ir.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.text.IrParser;
import dev.turnout.ir.text.IrPrinter;
import dev.turnout.ir.verify.IrChecker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The golden files: {@code src/test/resources/pass/PASS/CASE.ir} holds a module, a line {@code // after PASS}, and what the
 * pass makes of it. Before and after are also run on generated inputs and must agree. {@code -Dbless} rewrites what stands
 * behind the line.
 */
class PassGoldenTest {
    private static final Path ROOT = Path.of("src", "test", "resources", "pass");

    static final Map<String, UnaryOperator<Module>> PASSES = Map.ofEntries(
            each("construct-ssa", ConstructSsa::run),
            each("fold-constants", FoldConstants::run),
            each("remove-dead-code", RemoveDeadCode::run),
            each("simplify-cfg", SimplifyCfg::run),
            each("number-values", NumberValues::run),
            each("forward-memory", ForwardMemory::run),
            each("share-slots", ShareSlots::run),
            each("remove-dead-stores", RemoveDeadStores::run),
            each("scalar-replacement", ScalarReplacement::run),
            each("fold-ranges", FoldRanges::run),
            each("rotate-loops", RotateLoops::run),
            each("remove-checks", RemoveChecks::run),
            each("split-addresses", SplitAddresses::run),
            each("scale-counters", ScaleCounters::run),
            each("propagate-constants", PropagateConstants::run),
            each("hoist-invariants", HoistInvariants::run),
            each("unroll-loops", UnrollLoops::run),
            each("thread-jumps", ThreadJumps::run),
            Map.entry("resolve-calls", ResolveCalls::run),
            Map.entry("inline", Inline::run),
            Map.entry("pipeline", module -> Pipeline.run(module, true)));

    private static Map.Entry<String, UnaryOperator<Module>> each(String name, UnaryOperator<Function> pass) {
        return Map.entry(name, Pipeline.each(name, "", pass).run());
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(one -> one.toString().endsWith(".ir"))
                    .map(ROOT::relativize)
                    .sorted()
                    .toList();
        }
    }

    private static String line(Path file) {
        return "// after " + file.getName(0) + "\n";
    }

    private static String before(Path file) throws IOException {
        String text = Files.readString(ROOT.resolve(file));
        int split = text.indexOf(line(file));
        return split < 0 ? text : text.substring(0, split);
    }

    /** The module that a golden file starts from. */
    static Module input(Path file) throws IOException {
        return IrParser.read(before(file));
    }

    @ParameterizedTest
    @MethodSource("files")
    void whatThePassMakesIsWhatTheFileSaysAndDoesTheSame(Path file) throws IOException {
        String name = file.getName(0).toString();
        String line = line(file);
        String text = Files.readString(ROOT.resolve(file));
        String input = before(file);
        Module before = IrParser.read(input);
        IrChecker.require(before);
        UnaryOperator<Module> pass = PASSES.get(name);
        assertThat(pass).as("a pass called " + name).isNotNull();
        Module after = pass.apply(before);
        IrChecker.require(after);
        assertThat(Agreement.check(before, after, 60, file.hashCode()))
                .as("runs that came to an end")
                .isPositive();
        String expected = input + line + IrPrinter.print(after);
        if (System.getProperty("bless") != null && !expected.equals(text)) {
            assertThat(System.getenv("CI")).as("goldens are not blessed in CI").isNull();
            Files.writeString(ROOT.resolve(file), expected);
            return;
        }
        assertThat(text)
                .as("%s (rewrite with -Dbless, then read the diff)", file)
                .isEqualTo(expected);
    }

    @Test
    void everyPassHasAGoldenFile() throws IOException {
        List<String> shown = files().stream()
                .map(one -> one.getName(0).toString())
                .distinct()
                .toList();
        assertThat(shown).containsExactlyInAnyOrderElementsOf(PASSES.keySet());
    }
}
