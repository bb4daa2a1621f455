package dev.turnout.bpf.codegen;

import dev.turnout.diagnostics.source.SourceFile;
import java.util.Map;

/**
 * What the user may say about code generation.
 *
 * @param strictLowering whether a construct that the target has only a substitute for is an error
 * @param sources texts by the names that locations use: for lines in the object and places in diagnostics; may be empty
 */
public record Options(boolean strictLowering, Map<String, SourceFile> sources) {
    public static final Options DEFAULT = new Options(false, Map.of());

    public Options {
        sources = Map.copyOf(sources);
    }
}
