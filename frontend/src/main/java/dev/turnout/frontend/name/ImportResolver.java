package dev.turnout.frontend.name;

import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.frontend.ast.Ast;

/** Where imported modules come from. The only way by which the checker learns of another text. */
public interface ImportResolver {
    /** What became of an import. */
    sealed interface Resolved {
        /**
         * The module's syntax. Mistakes in it have been reported by whoever parsed it.
         *
         * @param name of the module, which becomes the prefix of its names in the object: {@code net}, {@code rules}
         */
        record Found(String name, Ast.File file) implements Resolved {}

        /** Nothing there; {@code reason} completes the sentence "cannot import `x`: …". */
        record Missing(String reason) implements Resolved {}
    }

    /** A standard module by its path as written: {@code net}, {@code sys::x86_64}. */
    Resolved module(String path);

    /**
     * A file relative to the one that imports it. Two imports of one file give {@code Ast.File}s with one {@code
     * SourceFile} name, by which they are known to be the same.
     */
    Resolved file(SourceFile importing, String relative);

    /** No module is found: for texts without imports. */
    static ImportResolver none() {
        return new ImportResolver() {
            @Override
            public Resolved module(String path) {
                return new Resolved.Missing("there are no standard modules here");
            }

            @Override
            public Resolved file(SourceFile importing, String relative) {
                return new Resolved.Missing("there are no files here");
            }
        };
    }
}
