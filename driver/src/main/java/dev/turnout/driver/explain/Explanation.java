package dev.turnout.driver.explain;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A page of explanation.
 *
 * @param code what is explained
 * @param markdown the page, as {@code docs/diagnostics/CODE.md} has it
 */
public record Explanation(DiagnosticCode code, String markdown) {
    /** The page of a code. A test holds that every code has one. */
    public static Optional<Explanation> of(DiagnosticCode code) {
        try (InputStream page =
                Explanation.class.getResourceAsStream("/dev/turnout/driver/pages/" + code.name() + ".md")) {
            return page == null
                    ? Optional.empty()
                    : Optional.of(new Explanation(code, new String(page.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
