package dev.turnout.tests.differential;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Processes with the classes of this one. */
public final class ForkedJvm {
    private ForkedJvm() {}

    /**
     * Starts a class; what the machine says when it dies goes into a file of the folder.
     *
     * @param flags more of them for the machine
     */
    public static Process start(Path folder, Class<?> main, List<String> flags, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx768m",
                "-Xss4m",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + folder.resolve("crash%p.log"),
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(flags);
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(new File(folder.toFile(), "errors.txt"))
                .start();
    }

    /** The lines of the machine's last words that say where it died; empty if it said nothing. */
    public static String lastWords(Path folder, long pid) throws IOException {
        Path file = folder.resolve("crash" + pid + ".log");
        if (!Files.exists(file)) {
            return "";
        }
        try (Stream<String> lines = Files.lines(file)) {
            return String.join(
                    " ",
                    lines.filter(line -> line.startsWith("#  SIG")
                                    || line.startsWith("#  Internal")
                                    || line.startsWith("# C ")
                                    || line.startsWith("siginfo")
                                    || line.startsWith("RIP="))
                            .limit(4)
                            .toList());
        }
    }
}
