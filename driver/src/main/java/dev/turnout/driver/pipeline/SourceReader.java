package dev.turnout.driver.pipeline;

import dev.turnout.diagnostics.source.SourceFile;
import java.util.Optional;

/** Gives the text of a file that an import names. The rim reads the disk; a service may have its texts elsewhere. */
public interface SourceReader {
    /**
     * The file that {@code relative} names as seen from {@code importing}. Equal files get equal names.
     *
     * @return empty if there is no such file
     */
    Optional<SourceFile> read(SourceFile importing, String relative);

    /** No files: for programs that import standard modules only. */
    static SourceReader none() {
        return (importing, relative) -> Optional.empty();
    }
}
