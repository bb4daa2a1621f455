package dev.turnout.driver.pipeline;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.frontend.name.ImportResolver;
import dev.turnout.frontend.name.StandardImports;
import java.util.LinkedHashMap;
import java.util.Map;

/** Resolves imports: standard modules from the prelude, files through the rim. Remembers the texts, by name. */
final class Imports implements ImportResolver {
    private final StandardImports imports;
    private final Map<String, SourceFile> texts = new LinkedHashMap<>();

    Imports(SourceReader reader, Diagnostics diagnostics) {
        this.imports = new StandardImports(reader::read, diagnostics);
    }

    @Override
    public Resolved module(String path) {
        return remembered(imports.module(path));
    }

    @Override
    public Resolved file(SourceFile importing, String relative) {
        return remembered(imports.file(importing, relative));
    }

    private Resolved remembered(Resolved resolved) {
        if (resolved instanceof Resolved.Found found) {
            texts.put(found.file().source().name(), found.file().source());
        }
        return resolved;
    }

    /** What was imported so far, by name. */
    Map<String, SourceFile> texts() {
        return texts;
    }
}
