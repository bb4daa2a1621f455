package dev.turnout.api;

import java.util.Optional;
import java.util.function.Function;

/**
 * How to compile a text.
 *
 * @param imports gives the text of a file that an import names, or nothing if there is none; the name is seen from where the
 *     first text is, with {@code /}, as in {@code rules/udp.turn}. Standard modules need none
 * @param target what code is made for, by its word: {@code vm}, {@code linux-6.19}, {@code linux-6.12}, {@code linux-6.1}.
 *     Machines run code for any of them; {@code vm} is the best for them
 */
public record CompileSettings(Function<String, Optional<String>> imports, String target) {
    /** No imports but standard modules; for machines of Turnout. */
    public static CompileSettings standard() {
        return new CompileSettings(_ -> Optional.empty(), "vm");
    }

    public CompileSettings withImports(Function<String, Optional<String>> texts) {
        return new CompileSettings(texts, target);
    }

    public CompileSettings withTarget(String word) {
        return new CompileSettings(imports, word);
    }
}
