package dev.turnout.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of the documentation that is a table, printed. {@code -Dbless} writes it anew. */
final class PrintedPage {
    private PrintedPage() {}

    /** Holds the page of this name in {@code docs} to what it ought to be. */
    static void hold(String name, String text) throws IOException {
        Path page = Path.of("..", "docs", name);
        if (System.getProperty("bless") != null) {
            assertThat(System.getenv("CI")).as("pages are not blessed in CI").isNull();
            Files.writeString(page, text);
        }
        assertThat(Files.readString(page))
                .as("docs/" + name + " (rewrite with -Dbless, then read the diff)")
                .isEqualTo(text);
    }
}
