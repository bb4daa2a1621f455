package dev.turnout.tests.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The plan: each module's packages, and what it needs directly. What it may use is what it needs, transitively. */
final class House {
    /** A room: the packages below {@code dev.turnout.<prefix>} for each of its prefixes, and the rooms that it needs. */
    record Room(List<String> prefixes, Set<String> needs) {
        Room(String prefix, Set<String> needs) {
            this(List.of(prefix), needs);
        }
    }

    static final Map<String, Room> ROOMS = rooms();

    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.turnout");

    private House() {}

    private static Map<String, Room> rooms() {
        Map<String, Room> rooms = new LinkedHashMap<>();
        rooms.put("grammar", new Room("grammar", Set.of()));
        rooms.put("diagnostics", new Room("diagnostics", Set.of()));
        rooms.put("stdlib", new Room("stdlib", Set.of("diagnostics")));
        rooms.put("ir", new Room("ir", Set.of("diagnostics")));
        rooms.put("frontend", new Room("frontend", Set.of("grammar", "stdlib", "ir")));
        rooms.put("backend-bpf", new Room("bpf", Set.of("ir", "stdlib")));
        rooms.put("verifier", new Room("verifier", Set.of("backend-bpf")));
        rooms.put("runtime", new Room("runtime", Set.of("verifier")));
        rooms.put("backend-x86", new Room("x86", Set.of("runtime")));
        rooms.put("linux", new Room("linux", Set.of("backend-bpf")));
        rooms.put("driver", new Room(List.of("driver", "api"), Set.of("frontend", "backend-x86", "linux")));
        rooms.put("cli", new Room("cli", Set.of("driver")));
        rooms.put("playground", new Room("playground", Set.of("driver")));
        rooms.put("bench", new Room("bench", Set.of("driver")));
        return rooms;
    }

    /** The room itself and all that it may use. */
    static Set<String> reachable(String room) {
        Set<String> seen = new LinkedHashSet<>();
        collect(room, seen);
        return seen;
    }

    private static void collect(String room, Set<String> seen) {
        if (seen.add(room)) {
            Room plan = ROOMS.get(room);
            if (plan != null) {
                plan.needs().forEach(next -> collect(next, seen));
            }
        }
    }
}
