package dev.turnout.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class TasteTest {
    /** Files, sockets and the console belong to the rim; the kernel's own calls to {@code linux}. */
    @Test
    void only_the_rim_does_io() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.turnout.cli..", "dev.turnout.playground..", "dev.turnout.bench..")
                .and()
                .resideOutsideOfPackages("dev.turnout.linux..", "dev.turnout.grammar..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.nio.file.Files")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.FileInputStream")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.FileOutputStream")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.net..")
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(House.CLASSES);
    }

    @Test
    void antlr_stays_inside_the_parser() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.turnout.grammar..", "dev.turnout.frontend.parse..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.antlr..", "dev.turnout.grammar..")
                .check(House.CLASSES);
    }

    /** A BPF helper is the field's own term: what calls one may say so. */
    @Test
    void names_are_the_terms_of_the_field() {
        classes()
                .that()
                .resideInAPackage("dev.turnout..")
                .should()
                .haveNameNotMatching(".*(Manager|Util|Utils|(?<!Call)Helper|Helpers|Impl|Processor)")
                .check(House.CLASSES);
    }

    @Test
    void every_package_decides_nullness_and_says_what_it_is() {
        for (JavaClass one : House.CLASSES) {
            JavaPackage home = one.getPackage();
            if (!home.getName().startsWith("dev.turnout.grammar")) {
                assertThat(home.tryGetPackageInfo())
                        .as(home.getName() + " has a package-info")
                        .isPresent();
                assertThat(home.isAnnotatedWith(NullMarked.class))
                        .as(home.getName() + " is @NullMarked")
                        .isTrue();
            }
        }
    }
}
