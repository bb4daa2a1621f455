package dev.turnout.driver.pipeline;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.frontend.ast.Ast;
import dev.turnout.frontend.name.ImportResolver;
import dev.turnout.frontend.parse.Parser;
import dev.turnout.stdlib.prelude.Prelude;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Resolves imports: standard modules from the prelude, files through the rim. Parses what it finds. */
final class Imports implements ImportResolver {
    private final SourceReader reader;
    private final Diagnostics diagnostics;
    private final Map<String, SourceFile> texts = new LinkedHashMap<>();

    Imports(SourceReader reader, Diagnostics diagnostics) {
        this.reader = reader;
        this.diagnostics = diagnostics;
    }

    @Override
    public Resolved module(String path) {
        Optional<SourceFile> text = Prelude.module(path);
        if (text.isEmpty()) {
            return new Resolved.Missing("the standard modules are " + String.join(", ", Prelude.modules()));
        }
        int last = path.lastIndexOf(':');
        return new Resolved.Found(path.substring(last + 1), parse(text.get()));
    }

    @Override
    public Resolved file(SourceFile importing, String relative) {
        Optional<SourceFile> text = reader.read(importing, relative);
        if (text.isEmpty()) {
            return new Resolved.Missing("there is no such file beside `" + importing.name() + "`");
        }
        String name = relative.substring(relative.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        return new Resolved.Found(dot > 0 ? name.substring(0, dot) : name, parse(text.get()));
    }

    private Ast.File parse(SourceFile text) {
        texts.put(text.name(), text);
        return Parser.parse(text, diagnostics);
    }

    /** What was parsed so far, by name. */
    Map<String, SourceFile> texts() {
        return texts;
    }
}
