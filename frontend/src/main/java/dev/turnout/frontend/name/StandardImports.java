package dev.turnout.frontend.name;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.frontend.ast.Ast;
import dev.turnout.frontend.parse.Parser;
import dev.turnout.stdlib.prelude.Prelude;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Imports as programs have them: modules of the prelude, and files through a door that the caller gives. */
public final class StandardImports implements ImportResolver {
    private static final Map<String, Ast.File> PRELUDE = new ConcurrentHashMap<>();

    private final Files files;
    private final Diagnostics diagnostics;
    private final Map<String, Resolved> known = new LinkedHashMap<>();

    /** Gives the text of a file that an import names; empty if there is none. Equal files have equal names. */
    @FunctionalInterface
    public interface Files {
        Optional<SourceFile> read(SourceFile importing, String relative);
    }

    /** Imports whose syntax errors go to {@code diagnostics}. */
    public StandardImports(Files files, Diagnostics diagnostics) {
        this.files = files;
        this.diagnostics = diagnostics;
    }

    /** The prelude only. */
    public static StandardImports preludeOnly(Diagnostics diagnostics) {
        return new StandardImports((importing, relative) -> Optional.empty(), diagnostics);
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
        return Spelling.nearest(path, Prelude.modules())
                .map(near -> "there is no such standard module; did you mean `" + near + "`?")
                .orElse("the standard modules are " + String.join(", ", Prelude.modules()));
    }

    @Override
    public Resolved file(SourceFile importing, String relative) {
        Optional<SourceFile> text = files.read(importing, relative);
        if (text.isEmpty()) {
            return new Resolved.Missing("there is no such file beside `" + importing.name() + "`");
        }
        // A file that two others import is parsed once, so that its mistakes are reported once.
        return known.computeIfAbsent(
                "file " + text.get().name(),
                _ -> new Resolved.Found(ImportGraph.stem(relative), Parser.parse(text.get(), diagnostics)));
    }

    /** What was imported so far, by the name of the text. */
    public Map<String, SourceFile> texts() {
        Map<String, SourceFile> texts = new LinkedHashMap<>();
        for (Resolved one : known.values()) {
            if (one instanceof Resolved.Found found) {
                texts.put(found.file().source().name(), found.file().source());
            }
        }
        return texts;
    }

    /** {@code relative} as seen from the directory of the file {@code from}, both with {@code /}. */
    public static String resolve(String from, String relative) {
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
