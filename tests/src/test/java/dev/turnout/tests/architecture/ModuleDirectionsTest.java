package dev.turnout.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ModuleDirectionsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TestFactory
    Stream<DynamicTest> a_module_uses_only_what_it_needs() {
        return House.ROOMS.keySet().stream()
                .map(room -> DynamicTest.dynamicTest(room, () -> {
                    Set<String> allowed = House.reachable(room);
                    List<String> forbidden = House.ROOMS.keySet().stream()
                            .filter(other -> !allowed.contains(other))
                            .flatMap(other -> packages(other).stream())
                            .toList();
                    noClasses()
                            .that()
                            .resideInAnyPackage(packages(room).toArray(new String[0]))
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(forbidden.toArray(new String[0]))
                            .allowEmptyShould(true)
                            .check(House.CLASSES);
                }));
    }

    /** What users import is a door from outside: the house walks through its own rooms. */
    @Test
    void nothing_in_the_house_uses_the_java_api() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.turnout.api..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.turnout.api..")
                .check(House.CLASSES);
    }

    private static List<String> packages(String room) {
        House.Room plan = House.ROOMS.get(room);
        assertThat(plan).isNotNull();
        return plan.prefixes().stream()
                .map(prefix -> "dev.turnout." + prefix + "..")
                .toList();
    }

    @Test
    void the_poms_declare_the_plan_and_nothing_else() throws Exception {
        Pattern dependency = Pattern.compile("<artifactId>turnout-([a-z0-9-]+)</artifactId>\\s*<version>");
        for (var room : House.ROOMS.entrySet()) {
            String pom = Files.readString(ROOT.resolve(room.getKey()).resolve("pom.xml"));
            Set<String> declared = new TreeSet<>();
            Matcher matcher = dependency.matcher(pom.substring(pom.indexOf("<dependencies>")));
            while (matcher.find()) {
                declared.add(matcher.group(1));
            }
            assertThat(declared)
                    .as(room.getKey())
                    .isEqualTo(new TreeSet<>(room.getValue().needs()));
        }
    }
}
