package dev.turnout.tests.golden;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.frontend.ast.Ast;
import dev.turnout.frontend.parse.Parser;
import java.nio.file.Path;
import java.util.Optional;

/** The program of a golden file on its way through the stages. Each is made when a directive asks for it. */
final class Subject {
    private final SourceFile source;

    Subject(Path path, GoldenFile file) {
        this.source = new SourceFile(String.valueOf(path.getFileName()), file.program());
    }

    /** The tree, and what the parser has to say. */
    Ast.File parse(Diagnostics diagnostics) {
        return Parser.parse(source, diagnostics);
    }

    /** Why the running kernel is not asked; empty if it is. */
    Optional<String> whyNotInKernel() {
        return Optional.of("claims are not decided yet");
    }
}
