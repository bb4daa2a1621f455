package dev.turnout.frontend.parse;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** The eleven programs that the language was designed with. */
final class Programs {
    static final List<String> NAMES = List.of(
            "firewall",
            "parser",
            "dispatcher",
            "rules",
            "logging",
            "limiter",
            "router",
            "tracer",
            "interpreter",
            "balancer",
            "fragments");

    private Programs() {}

    static SourceFile read(String name) {
        try (InputStream in =
                Objects.requireNonNull(Programs.class.getResourceAsStream("/programs/" + name + ".turn"))) {
            return SourceText.decode(name + ".turn", in.readAllBytes(), new Diagnostics());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
