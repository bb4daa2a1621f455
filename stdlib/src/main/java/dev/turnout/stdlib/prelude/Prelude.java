package dev.turnout.stdlib.prelude;

import dev.turnout.diagnostics.source.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The texts of the standard modules. */
public final class Prelude {
    private static final List<String> MODULES = List.of("csum", "net", "sys::x86_64");

    private Prelude() {}

    /** Names of all standard modules, as {@code import} writes them. */
    public static List<String> modules() {
        return MODULES;
    }

    /** The text of a standard module; in messages it is called {@code <net>}. */
    public static Optional<SourceFile> module(String path) {
        if (!MODULES.contains(path)) {
            return Optional.empty();
        }
        String resource = "/dev/turnout/stdlib/prelude/" + path.replace("::", "/") + ".turn";
        try (InputStream text = Prelude.class.getResourceAsStream(resource)) {
            if (text == null) {
                throw new IllegalStateException("the text of module " + path + " is missing");
            }
            return Optional.of(
                    new SourceFile("<" + path + ">", new String(text.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
