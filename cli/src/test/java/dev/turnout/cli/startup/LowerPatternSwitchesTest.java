package dev.turnout.cli.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LowerPatternSwitchesTest {
    private static final String FOLDER = "dev/turnout/cli/startup/";

    @Test
    void aLoweredClassDoesTheSame(@TempDir Path folder) throws Exception {
        Path before = folder.resolve("before.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(before))) {
            for (String name : List.of("Shapes", "Shapes$Shape", "Shapes$Square", "Shapes$Circle", "Shapes$Colour")) {
                out.putNextEntry(new JarEntry(FOLDER + name + ".class"));
                try (InputStream in = LowerPatternSwitchesTest.class.getResourceAsStream(name + ".class")) {
                    out.write(in.readAllBytes());
                }
            }
        }
        Path after = folder.resolve("after.jar");
        LowerPatternSwitches.main(new String[] {before.toString(), after.toString()});

        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {after.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            Object said = loader.loadClass("dev.turnout.cli.startup.Shapes")
                    .getMethod("describe")
                    .invoke(null);
            assertThat(said).isEqualTo(Shapes.describe()).isEqualTo("square large round round text other nothing red");
            try (InputStream in = loader.getResourceAsStream(FOLDER + "Shapes.class")) {
                assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
                        .contains("typeSwitch$0");
            }
        }
    }
}
