package dev.turnout.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every golden file is a test; a second one, if it claims how a run ends, puts that to the running kernel. */
class GoldenTest {
    static final Path FOLDER = Path.of("golden").toAbsolutePath().normalize();
    private static final boolean BLESS = asked("bless");

    @Test
    void continuous_integration_never_blesses() {
        assertThat(BLESS && System.getenv("CI") != null)
                .as("-Dbless rewrites expectations, and CI is set: expectations are for people to change")
                .isFalse();
    }

    @TestFactory
    Stream<DynamicNode> golden() throws IOException {
        List<DynamicNode> tests = new ArrayList<>();
        for (Path path : files()) {
            String name = FOLDER.relativize(path).toString();
            GoldenFile file = GoldenFile.parse(Files.readString(path));
            tests.add(DynamicTest.dynamicTest(name, path.toUri(), () -> check(name, path, file)));
            if (file.sections().stream()
                    .anyMatch(one -> Directives.named(one.name()) instanceof Directive.KernelClaim)) {
                tests.add(DynamicTest.dynamicTest(
                        name + " in the kernel", path.toUri(), () -> checkInKernel(name, path, file)));
            }
        }
        assertThat(tests).as("files that -Dgolden selects").isNotEmpty();
        return tests.stream();
    }

    /** The files that {@code -Dgolden} selects, sorted. */
    static List<Path> files() throws IOException {
        String glob = System.getProperty("golden", "");
        PathMatcher selected = FileSystems.getDefault().getPathMatcher("glob:" + (glob.isBlank() ? "**" : glob));
        try (Stream<Path> all = Files.walk(FOLDER)) {
            return all.filter(path -> path.toString().endsWith(".turn") && selected.matches(FOLDER.relativize(path)))
                    .sorted()
                    .toList();
        }
    }

    private static boolean asked(String property) {
        String value = System.getProperty(property);
        return value != null && !value.equals("false");
    }

    private static void check(String name, Path path, GoldenFile file) throws IOException {
        assertThat(file.sections()).as("directives of " + name).isNotEmpty();
        Subject subject = new Subject(path, file);
        List<String> failures = new ArrayList<>();
        Map<Section, List<String>> blessed = new LinkedHashMap<>();
        for (Section section : file.sections()) {
            String where = name + ":" + section.line() + " //! " + section;
            switch (Directives.named(section.name())) {
                case null -> failures.add(where + "\nno such directive; there are " + Directives.names());
                case Directive.Part part -> {}
                case Directive.Claim claim ->
                    claim.failures(subject, section).forEach(one -> failures.add(where + "\n" + one));
                case Directive.Snapshot snapshot -> {
                    List<String> actual = trimmed(snapshot.text(subject, section));
                    if (section.searches()) {
                        failures.addAll(search(where, section, actual));
                    } else if (!actual.equals(section.exact())) {
                        blessed.put(section, actual);
                        failures.add(where + "\n" + difference(section.exact(), actual));
                    }
                }
            }
        }
        if (BLESS && System.getenv("CI") == null && !blessed.isEmpty()) {
            Files.writeString(path, file.rewritten(blessed));
            failures.removeIf(
                    one -> blessed.keySet().stream().anyMatch(s -> one.startsWith(name + ":" + s.line() + " ")));
        }
        assertThat(failures)
                .withFailMessage(() -> String.join("\n\n", failures)
                        + (blessed.isEmpty()
                                ? ""
                                : "\n\nif the new text is right: ./check -Dbless -Dgolden='" + name + "'"))
                .isEmpty();
    }

    private static void checkInKernel(String name, Path path, GoldenFile file) {
        Subject subject = new Subject(path, file);
        Kernel.whyNot().ifPresent(reason -> Assumptions.abort(reason));
        List<String> failures = new ArrayList<>();
        for (Section section : file.sections()) {
            if (Directives.named(section.name()) instanceof Directive.KernelClaim claim) {
                claim.kernelFailures(subject, section)
                        .forEach(one -> failures.add(name + ":" + section.line() + " //! " + section + "\n" + one));
            }
        }
        assertThat(failures)
                .withFailMessage(() -> String.join("\n\n", failures))
                .isEmpty();
    }

    /** The lines of a text, without blanks at their ends and empty lines at its end. */
    private static List<String> trimmed(String text) {
        List<String> lines =
                new ArrayList<>(text.lines().map(String::stripTrailing).toList());
        while (!lines.isEmpty() && lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        return lines;
    }

    private static List<String> search(String where, Section section, List<String> actual) {
        List<String> failures = new ArrayList<>();
        for (String wanted : section.contains()) {
            if (actual.stream().noneMatch(line -> line.contains(wanted))) {
                failures.add(where + "\nno line contains `" + wanted + "`:\n" + String.join("\n", actual));
            }
        }
        for (String unwanted : section.lacks()) {
            if (actual.stream().anyMatch(line -> line.contains(unwanted))) {
                failures.add(where + "\na line contains `" + unwanted + "`:\n" + String.join("\n", actual));
            }
        }
        return failures;
    }

    private static String difference(List<String> expected, List<String> actual) {
        return String.join(
                "\n",
                UnifiedDiffUtils.generateUnifiedDiff(
                        "expected", "actual", expected, DiffUtils.diff(expected, actual), 3));
    }
}
