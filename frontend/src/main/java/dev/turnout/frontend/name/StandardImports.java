package dev.turnout.frontend.name;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.frontend.ast.Ast;
import dev.turnout.frontend.parse.Parser;
import dev.turnout.stdlib.prelude.Prelude;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Imports as programs have them: modules of the prelude, and files through a door that the caller gives. */
public final class StandardImports implements ImportResolver {
    private static final Map<String, Ast.File> PRELUDE = new ConcurrentHashMap<>();

    private final Function<String, Optional<SourceFile>> files;
    private final Diagnostics diagnostics;
    private final Map<String, Resolved> known = new HashMap<>();

    /**
     * @param files the text of a file, by its path (relative to the directory of the main file's path, {@code ..} and
     *     {@code .} resolved); empty if it cannot be read
     * @param diagnostics receives syntax errors in imported texts
     */
    public StandardImports(Function<String, Optional<SourceFile>> files, Diagnostics diagnostics) {
        this.files = files;
        this.diagnostics = diagnostics;
    }

    /** The prelude only. */
    public static StandardImports preludeOnly(Diagnostics diagnostics) {
        return new StandardImports(path -> Optional.empty(), diagnostics);
    }

    @Override
    public Resolved module(String path) {
        Resolved before = known.get("module " + path);
        if (before != null) {
            return before;
        }
        Resolved resolved = Prelude.module(path)
                .<Resolved>map(text -> new Resolved.Found(path, prelude(path, text)))
                .orElseGet(() -> new Resolved.Missing(missingModule(path)));
        known.put("module " + path, resolved);
        return resolved;
    }

    /** A standard module's syntax: one and the same for all compilations, since it never changes. */
    private static Ast.File prelude(String path, SourceFile text) {
        return PRELUDE.computeIfAbsent(path, _ -> {
            Diagnostics mistakes = new Diagnostics();
            Ast.File file = Parser.parse(text, mistakes);
            if (mistakes.hasErrors()) {
                throw new IllegalStateException("the prelude is broken: " + mistakes.all());
            }
            return file;
        });
    }

    private static String missingModule(String path) {
        String there = "there is no such standard module";
        return Spelling.nearest(path, Prelude.modules())
                .map(near -> there + "; did you mean `" + near + "`?")
                .orElse(there + " (a file is imported as `import \"" + path + ".turn\";`)");
    }

    @Override
    public Resolved file(SourceFile importing, String relative) {
        String path = resolve(importing.name(), relative);
        Resolved before = known.get("file " + path);
        if (before != null) {
            return before;
        }
        Resolved resolved = files.apply(path)
                .<Resolved>map(text -> new Resolved.Found(ImportGraph.stem(path), Parser.parse(text, diagnostics)))
                .orElseGet(() -> new Resolved.Missing("`" + path + "` cannot be read"));
        known.put("file " + path, resolved);
        return resolved;
    }

    /** {@code relative} as seen from the directory of the file {@code from}. */
    static String resolve(String from, String relative) {
        if (relative.startsWith("/")) {
            return relative;
        }
        java.util.ArrayList<String> parts = new java.util.ArrayList<>();
        int slash = from.lastIndexOf('/');
        String joined = slash < 0 ? relative : from.substring(0, slash + 1) + relative;
        for (String part : joined.split("/", -1)) {
            boolean up = part.equals("..")
                    && !parts.isEmpty()
                    && !parts.getLast().equals("..")
                    && !parts.getLast().isEmpty();
            if (up) {
                parts.removeLast();
            } else if (!part.equals(".")) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }
}
