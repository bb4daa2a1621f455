package dev.turnout.x86;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The process that runs {@link Cases}, {@link TableCases} and {@link TailCases}. */
final class CasesProcess {
    private CasesProcess() {}

    static Process start(Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + folder.resolve("crash%p.log"),
                "--enable-native-access=ALL-UNNAMED",
                "-ea",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                CasesProcess.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(new File(folder.toFile(), "errors.txt"))
                .start();
    }

    private static List<Method> cases() {
        return Stream.of(Cases.class, TableCases.class, TailCases.class)
                .flatMap(of -> Arrays.stream(of.getDeclaredMethods()))
                .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isSynthetic())
                .filter(method -> !Modifier.isPrivate(method.getModifiers()))
                .sorted(Comparator.comparing(Method::getName))
                .toList();
    }

    static List<String> names() {
        return cases().stream().map(Method::getName).toList();
    }

    private static Object owner(Class<?> of) {
        if (of == Cases.class) {
            return new Cases();
        }
        return of == TableCases.class ? new TableCases() : new TailCases();
    }

    /** A line a case: its name and how it ended. */
    public static void main(String[] arguments) throws IllegalAccessException {
        PrintStream out = System.out;
        if (arguments[0].equals("endless")) {
            out.println("begins");
            out.flush();
            Cases.runForEver();
            return;
        }
        for (Method one : cases()) {
            out.print(one.getName() + " ");
            out.flush();
            try {
                one.invoke(owner(one.getDeclaringClass()));
                out.println("passed");
            } catch (InvocationTargetException failed) {
                Throwable why = failed.getCause() == null ? failed : failed.getCause();
                why.printStackTrace();
                out.println(String.valueOf(why).replace('\n', ' '));
            }
            out.flush();
        }
    }
}
