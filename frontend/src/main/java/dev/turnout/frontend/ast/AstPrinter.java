package dev.turnout.frontend.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tree as text: nested lists, one declaration or statement a line. {@code (fn f ((a u32)) u32 …)} shows what the
 * parser understood, precedence above all; it is for reading and comparing, not for parsing again.
 */
public final class AstPrinter {
    private final StringBuilder out = new StringBuilder();
    private int indent;

    private AstPrinter() {}

    /** A whole file. */
    public static String print(Ast.File file) {
        AstPrinter printer = new AstPrinter();
        printer.file(file);
        return printer.out.append('\n').toString();
    }

    /** One expression, in one line. */
    public static String print(Expr expr) {
        AstPrinter printer = new AstPrinter();
        printer.expr(expr);
        return printer.out.toString();
    }

    private void file(Ast.File file) {
        out.append("(file");
        indent++;
        for (Ast.Import one : file.imports()) {
            line("(import ");
            switch (one.from()) {
                case Ast.Import.Source.Module module -> out.append(module.path());
                case Ast.Import.Source.Relative relative -> expr(relative.file());
            }
            optional(" as ", one.alias());
            out.append(')');
        }
        for (Ast.License one : file.licenses()) {
            line("(license ");
            expr(one.text());
            out.append(')');
        }
        for (Decl one : file.declarations()) {
            line("(");
            decl(one);
            out.append(')');
        }
        indent--;
        out.append(')');
    }

    // ---- Declarations. ----

    private void decl(Decl decl) {
        attributes(decl.modifiers().attributes());
        out.append(decl.modifiers().isPublic() ? "pub " : "");
        switch (decl) {
            case Decl.Const d -> {
                head("const ", d.name());
                optionalType(d.type());
                spaced(d.value());
            }
            case Decl.Config d -> {
                head("config ", d.name());
                optionalType(d.type());
                optional(d.value());
            }
            case Decl.Global d -> {
                head("var ", d.name());
                optionalType(d.type());
                optional(d.value());
            }
            case Decl.Key d -> {
                head("key ", d.name());
                optionalType(d.type());
                spaced(d.value());
            }
            case Decl.Alias d -> {
                head("alias ", d.name());
                optionalType(d.type());
            }
            case Decl.Struct d -> {
                head(
                        switch (d.layout()) {
                            case STRUCT -> "struct ";
                            case HEADER -> "header ";
                            case KERNEL -> "kernel struct ";
                        },
                        d.name());
                for (Decl.Field field : d.fields()) {
                    out.append(" (");
                    attributes(field.attributes());
                    out.append(field.name());
                    optionalType(field.type());
                    out.append(')');
                }
            }
            case Decl.Enum d -> {
                head(d.isOpen() ? "open enum " : "enum ", d.name());
                optionalType(d.underlying());
                for (Decl.Variant variant : d.variants()) {
                    out.append(" (").append(variant.name());
                    optional(variant.value());
                    out.append(')');
                }
            }
            case Decl.Map d -> {
                head("map ", d.name());
                optionalType(d.type());
                if (d.rows() != null) {
                    rows(d.rows());
                }
            }
            case Decl.Table d -> {
                head(d.isMutable() ? "mutable table " : "table ", d.name());
                spaced(d.index());
                optionalType(d.element());
                rows(d.rows());
            }
            case Decl.Fn d -> {
                head("fn ", d.name());
                params(d.params());
                optionalType(d.result());
                fails(d.fails());
                body(d.body());
            }
            case Decl.Extern d -> {
                head(d.isKernelFunction() ? "extern kfunc " : "extern fn ", d.name());
                params(d.params());
                optionalType(d.result());
            }
            case Decl.Prog d -> {
                out.append("prog ").append(d.kind());
                optional(d.attach());
                out.append(' ').append(d.name());
                params(d.params());
                optionalType(d.result());
                fails(d.fails());
                body(d.body());
            }
            case Decl.Test d -> {
                out.append("test");
                spaced(d.title());
                body(d.body());
            }
        }
    }

    private void head(String word, Name name) {
        out.append(word).append(name);
    }

    private void params(List<Decl.Param> params) {
        out.append(" (");
        String separator = "";
        for (Decl.Param param : params) {
            out.append(separator).append('(').append(param.name());
            optionalType(param.type());
            out.append(')');
            separator = " ";
        }
        out.append(')');
    }

    private void fails(@Nullable Expr value) {
        if (value != null) {
            out.append(" fails");
            spaced(value);
        }
    }

    private void rows(List<Decl.Row> rows) {
        out.append(" (rows");
        indent++;
        for (Decl.Row row : rows) {
            line("(");
            cases(row.cases());
            out.append(" =>");
            spaced(row.value());
            out.append(')');
        }
        indent--;
        out.append(')');
    }

    private void attributes(List<Attribute> attributes) {
        for (Attribute one : attributes) {
            out.append('@').append(one.name());
            if (!one.arguments().isEmpty()) {
                out.append('(');
                String separator = "";
                for (Argument argument : one.arguments()) {
                    out.append(separator);
                    if (argument.name() != null) {
                        out.append(argument.name()).append(" = ");
                    }
                    expr(argument.value());
                    separator = ", ";
                }
                out.append(')');
            }
            out.append(' ');
        }
    }

    // ---- Types. ----

    private void optionalType(@Nullable TypeExpr type) {
        if (type != null) {
            out.append(' ');
            type(type);
        }
    }

    private void type(TypeExpr type) {
        switch (type) {
            case TypeExpr.Named t -> {
                out.append(t.path());
                if (!t.arguments().isEmpty()) {
                    out.append('<');
                    String separator = "";
                    for (TypeExpr argument : t.arguments()) {
                        out.append(separator);
                        type(argument);
                        separator = ", ";
                    }
                    out.append('>');
                }
                if (t.size() != null) {
                    out.append('(');
                    expr(t.size());
                    out.append(')');
                }
            }
            case TypeExpr.Maybe t -> prefixed("?", t.target());
            case TypeExpr.Reference t -> prefixed(t.isConst() ? "*const " : "*", t.target());
            case TypeExpr.Own t -> prefixed("own ", t.target());
            case TypeExpr.Array t -> {
                out.append('[');
                expr(t.length());
                prefixed("]", t.element());
            }
            case TypeExpr.Slice t -> prefixed(t.isConst() ? "[]const " : "[]", t.element());
            case TypeExpr.Function t -> {
                out.append("fn(");
                String separator = "";
                for (TypeExpr param : t.params()) {
                    out.append(separator);
                    type(param);
                    separator = ", ";
                }
                out.append(')');
                if (t.result() != null) {
                    prefixed(" -> ", t.result());
                }
            }
            case TypeExpr.Invalid _ -> out.append("(invalid)");
        }
    }

    private void prefixed(String prefix, TypeExpr target) {
        out.append(prefix);
        type(target);
    }

    // ---- Statements. ----

    private void body(Stmt.Block block) {
        indent++;
        for (Stmt stmt : block.statements()) {
            line("(");
            stmt(stmt);
            out.append(')');
        }
        indent--;
    }

    private void clause(String word, Stmt.@Nullable Block block) {
        if (block != null) {
            line("(" + word);
            body(block);
            out.append(')');
        }
    }

    private void stmt(Stmt stmt) {
        switch (stmt) {
            case Stmt.Block s -> {
                out.append("block");
                body(s);
            }
            case Stmt.Let s -> {
                attributes(s.attributes());
                head("let ", s.name());
                optionalType(s.type());
                spaced(s.value());
                nested("else", s.otherwise());
            }
            case Stmt.Var s -> {
                attributes(s.attributes());
                head("var ", s.name());
                optionalType(s.type());
                optional(s.value());
                nested("else", s.otherwise());
            }
            case Stmt.If s -> ifs(s);
            case Stmt.Switch s -> {
                attributes(s.attributes());
                labelled(s.label(), "switch");
                spaced(s.operand());
                limit(s.limit());
                arms(s.arms());
                nested("exhausted", s.exhausted());
            }
            case Stmt.While s -> {
                attributes(s.attributes());
                labelled(s.label(), "while ");
                condition(s.condition());
                limit(s.limit());
                body(s.body());
                nested("exhausted", s.exhausted());
            }
            case Stmt.For s -> {
                attributes(s.attributes());
                labelled(s.label(), "for ");
                out.append(s.name());
                spaced(s.from());
                spaced(s.to());
                limit(s.limit());
                body(s.body());
                nested("exhausted", s.exhausted());
            }
            case Stmt.StaticBranch s -> {
                attributes(s.attributes());
                out.append("static_branch").append(hint(s.hint())).append(' ').append(s.key());
                nested("then", s.then());
                nested("else", s.otherwise());
            }
            case Stmt.StaticSwitch s -> {
                attributes(s.attributes());
                out.append("static_switch ").append(s.key());
                arms(s.arms());
            }
            case Stmt.Lock s -> {
                out.append("lock");
                spaced(s.lock());
                body(s.body());
            }
            case Stmt.Tail s -> {
                out.append("tail");
                spaced(s.target());
                nested("else", s.otherwise());
            }
            case Stmt.Defer s -> {
                out.append("defer");
                spaced(s.call());
            }
            case Stmt.Assign s -> {
                out.append(s.op().text());
                spaced(s.place());
                spaced(s.value());
            }
            case Stmt.Expression s -> {
                out.append("do");
                spaced(s.value());
            }
            case Stmt.Return s -> {
                out.append("return");
                optional(s.value());
            }
            case Stmt.Break s -> {
                out.append("break");
                optional(" :", s.label());
            }
            case Stmt.Continue s -> {
                out.append("continue");
                optional(" :", s.label());
                optional(s.operand());
            }
            case Stmt.Fallthrough _ -> out.append("fallthrough");
        }
    }

    /** A chain is printed flat: it may be long. */
    private void ifs(Stmt.If first) {
        boolean isFirst = true;
        Stmt.@Nullable Otherwise rest = first;
        while (rest instanceof Stmt.If s) {
            if (isFirst) {
                out.append("if").append(hint(s.hint())).append(' ');
                condition(s.condition());
                nested("then", s.then());
            } else {
                indent++;
                line("(else if" + hint(s.hint()) + " ");
                condition(s.condition());
                body(s.then());
                out.append(')');
                indent--;
            }
            isFirst = false;
            rest = s.otherwise();
        }
        if (rest instanceof Stmt.Block block) {
            nested("else", block);
        }
    }

    private void nested(String word, Stmt.@Nullable Block block) {
        indent++;
        clause(word, block);
        indent--;
    }

    private static String hint(Hint hint) {
        return switch (hint) {
            case NONE -> "";
            case LIKELY -> " likely";
            case UNLIKELY -> " unlikely";
        };
    }

    private void labelled(@Nullable Name label, String word) {
        if (label != null) {
            out.append(label).append(": ");
        }
        out.append(word);
    }

    private void limit(@Nullable Expr limit) {
        if (limit != null) {
            out.append(" limit");
            spaced(limit);
        }
    }

    private void condition(Condition condition) {
        switch (condition) {
            case Condition.Test c -> expr(c.test());
            case Condition.Present c -> {
                head("(let ", c.name());
                spaced(c.value());
                out.append(')');
            }
        }
    }

    private void arms(List<Stmt.Arm> arms) {
        indent++;
        for (Stmt.Arm arm : arms) {
            line("(");
            cases(arm.cases());
            out.append(" => (");
            stmt(arm.body());
            out.append("))");
        }
        indent--;
    }

    private void cases(Cases cases) {
        switch (cases) {
            case Cases.Else _ -> out.append("else");
            case Cases.Of of -> {
                String separator = "";
                for (Pattern pattern : of.patterns()) {
                    out.append(separator);
                    switch (pattern) {
                        case Pattern.One one -> expr(one.value());
                        case Pattern.Range range -> {
                            expr(range.first());
                            out.append("..=");
                            expr(range.last());
                        }
                    }
                    separator = ", ";
                }
            }
        }
    }

    // ---- Expressions. ----

    private void expr(Expr expr) {
        switch (expr) {
            case Expr.Int e -> out.append(e.value());
            case Expr.Address e -> {
                int a = e.value();
                out.append(a >>> 24).append('.').append((a >>> 16) & 255).append('.');
                out.append((a >>> 8) & 255).append('.').append(a & 255);
            }
            case Expr.Str e -> string(e.bytes());
            case Expr.Char e -> out.append("(char ").append(e.value()).append(')');
            case Expr.Bool e -> out.append(e.value());
            case Expr.Null _ -> out.append("null");
            case Expr.Ref e -> out.append(e.path());
            case Expr.Member e -> out.append('.').append(e.name());
            case Expr.StructLiteral e -> {
                out.append("(struct ").append(e.type());
                for (Expr.FieldInit field : e.fields()) {
                    out.append(" (").append(field.name());
                    spaced(field.value());
                    out.append(')');
                }
                out.append(')');
            }
            case Expr.ArrayLiteral e -> list("array", e.elements());
            case Expr.Repeat e -> list("repeat", List.of(e.value(), e.count()));
            case Expr.Parens e -> list("parens", List.of(e.inner()));
            case Expr.Field e -> {
                out.append("(.");
                spaced(e.target());
                out.append(' ').append(e.name()).append(')');
            }
            case Expr.Call e -> {
                out.append("(call");
                spaced(e.callee());
                for (Expr argument : e.arguments()) {
                    spaced(argument);
                }
                out.append(')');
            }
            case Expr.Index e -> list("index", List.of(e.target(), e.index()));
            case Expr.Try e -> list("?", List.of(e.value()));
            case Expr.Unary e -> list(e.op().text(), List.of(e.operand()));
            case Expr.Binary e -> list(e.op().text(), List.of(e.left(), e.right()));
            case Expr.If e -> {
                out.append("(if ");
                condition(e.condition());
                spaced(e.then());
                spaced(e.otherwise());
                out.append(')');
            }
            case Expr.Switch e -> {
                out.append('(');
                attributes(e.attributes());
                out.append("switch");
                spaced(e.operand());
                valueArms(e.arms());
                out.append(')');
            }
            case Expr.Invalid _ -> out.append("(invalid)");
        }
    }

    private void valueArms(List<Expr.Arm> arms) {
        indent++;
        for (Expr.Arm arm : arms) {
            line("(");
            cases(arm.cases());
            out.append(" => ");
            switch (arm.result()) {
                case Expr.Result.Yields yields -> expr(yields.value());
                case Expr.Result.Leaves leaves -> {
                    out.append('(');
                    stmt(leaves.way());
                    out.append(')');
                }
            }
            out.append(')');
        }
        indent--;
    }

    private void list(String word, List<Expr> parts) {
        out.append('(').append(word);
        for (Expr part : parts) {
            spaced(part);
        }
        out.append(')');
    }

    private void spaced(Expr expr) {
        out.append(' ');
        expr(expr);
    }

    private void optional(@Nullable Expr expr) {
        if (expr != null) {
            spaced(expr);
        }
    }

    private void optional(String before, @Nullable Name name) {
        if (name != null) {
            out.append(before).append(name);
        }
    }

    private void string(String bytes) {
        out.append('"');
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                default -> {
                    if (c >= ' ' && c < 127) {
                        out.append(c);
                    } else {
                        out.append("\\x");
                        out.append("0123456789abcdef".charAt(c >> 4)).append("0123456789abcdef".charAt(c & 15));
                    }
                }
            }
        }
        out.append('"');
    }

    private void line(String text) {
        out.append('\n').repeat(' ', 2 * indent).append(text);
    }
}
