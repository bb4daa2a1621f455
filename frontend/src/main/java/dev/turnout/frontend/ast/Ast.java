package dev.turnout.frontend.ast;

import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.diagnostics.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node of the syntax tree: something that was written at one place of one file. */
public sealed interface Ast
        permits Ast.File,
                Ast.Import,
                Ast.License,
                Argument,
                Attribute,
                Cases,
                Condition,
                Decl,
                Decl.Field,
                Decl.Param,
                Decl.Row,
                Decl.Variant,
                Expr,
                Expr.Arm,
                Expr.FieldInit,
                Name,
                Path,
                Pattern,
                Stmt,
                Stmt.Arm,
                TypeExpr {
    /** From the first character of the construct to behind its last one. */
    Span span();

    /**
     * A whole file, which is a module.
     *
     * @param licenses normally at most one; more are a mistake that the checker reports
     * @param declarations in the order of the text
     */
    record File(SourceFile source, List<Import> imports, List<License> licenses, List<Decl> declarations, Span span)
            implements Ast {
        public File {
            imports = List.copyOf(imports);
            licenses = List.copyOf(licenses);
            declarations = List.copyOf(declarations);
        }
    }

    /**
     * {@code import net;} or {@code import "rules.turn" as r;}
     *
     * @param alias the name under which alone the module is reached; without it its names come into scope
     */
    record Import(Source from, @Nullable Name alias, Span span) implements Ast {
        /** What is imported. */
        public sealed interface Source {
            /** A module of the standard library, by its path. */
            record Module(Path path) implements Source {}

            /** A file, relative to the one that imports it. */
            record Relative(Expr.Str file) implements Source {}
        }
    }

    /** {@code license "GPL";} */
    record License(Expr.Str text, Span span) implements Ast {}
}
