package dev.turnout.tests.docs;

import dev.turnout.runtime.helper.Absence;
import dev.turnout.runtime.helper.HelperCalls;
import dev.turnout.stdlib.helper.ArgumentKind;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The reference page of helpers is the table, printed. {@code -Dbless} writes it anew. */
class HelperReferenceTest {
    @Test
    void the_page_is_the_table() throws IOException {
        PrintedPage.hold("helpers.md", page());
    }

    private static String page() {
        StringBuilder out = new StringBuilder("""
                # Helpers

                The helper functions of Linux 7.2 as the verifier knows them (`HelperFunction`). This page is printed by a test; edit the table, not the page.

                Arguments are what `ArgumentKind` says of them, the result what `ResultKind` does. "All" program types are all, "most" are all but `lirc_mode2`. A place in
                brackets is where programs of that type must be attached; "not" in brackets, where not. "Runs" says whether Turnout's own machine carries it out, on every
                engine (`HelperCalls`); the kernel has them all. Loading a program that calls one of the others says why it cannot be: what is missing is named below the table.

                | no. | name | arguments | result | maps | program types | runs | besides |
                |---|---|---|---|---|---|---|---|
                """);
        for (HelperFunction helper : HelperFunction.values()) {
            out.append("| %d | `%s` | %s | %s | %s | %s | %s | %s |%n"
                    .formatted(
                            helper.id(),
                            helper.word(),
                            arguments(helper),
                            helper.result().name().toLowerCase(Locale.ROOT),
                            helper.maps().stream().map(MapKind::word).sorted().collect(Collectors.joining(", ")),
                            helper.callers().words(),
                            runs(helper) ? "yes" : Absence.of(helper).name().toLowerCase(Locale.ROOT),
                            String.join(", ", remarks(helper))));
        }
        out.append("\n");
        for (Absence absence : Absence.values()) {
            if (Stream.of(HelperFunction.values()).anyMatch(helper -> !runs(helper) && Absence.of(helper) == absence)) {
                out.append("- %s: %s.%n".formatted(absence.name().toLowerCase(Locale.ROOT), absence.reason()));
            }
        }
        return out.toString();
    }

    private static boolean runs(HelperFunction helper) {
        return HelperCalls.support(helper) != HelperCalls.Support.NONE;
    }

    private static String arguments(HelperFunction helper) {
        Map<List<ArgumentKind>, List<String>> others = new LinkedHashMap<>();
        for (ProgramType type : ProgramType.values()) {
            List<ArgumentKind> own = helper.arguments(Optional.of(type));
            if (!own.equals(helper.arguments()) && helper.allowedIn(type)) {
                others.computeIfAbsent(own, _ -> new ArrayList<>()).add(type.word());
            }
        }
        StringBuilder out = new StringBuilder(words(helper.arguments()));
        others.forEach((kinds, types) -> out.append("; in ")
                .append(String.join(", ", types))
                .append(": ")
                .append(words(kinds)));
        return out.toString();
    }

    private static String words(List<ArgumentKind> kinds) {
        return kinds.isEmpty()
                ? "–"
                : kinds.stream()
                        .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "));
    }

    private static List<String> remarks(HelperFunction helper) {
        List<String> remarks = new ArrayList<>();
        if (helper.gplOnly()) {
            remarks.add("GPL");
        }
        if (helper.sleeps(false)) {
            remarks.add("may sleep");
        } else if (helper.sleeps(true)) {
            remarks.add("may sleep where the program may");
        }
        if (helper.movesPacket()) {
            remarks.add("moves the packet");
        }
        if (helper.takesPacket()) {
            remarks.add("reads from the packet");
        }
        if (helper.acquires()) {
            remarks.add("to be given back");
        }
        if (helper.casts()) {
            remarks.add("another form of its argument");
        }
        return remarks;
    }
}
