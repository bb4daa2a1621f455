package dev.turnout.frontend.parse;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Ast;
import dev.turnout.frontend.ast.Decl;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.ast.Name;
import dev.turnout.frontend.ast.Path;
import dev.turnout.frontend.ast.TypeExpr;
import dev.turnout.grammar.TurnoutParser;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of ANTLR's tree: declarations here, the rest in {@link TypeBuilder}, {@link StmtBuilder} and {@link
 * ExprBuilder}. The tree may be broken at any node: a child may be missing, or be there with an error in it. What has
 * lost its name, or another part that it is nothing without, is left out.
 */
final class AstBuilder {
    private final SourceFile source;
    private final Places places;
    private final ExprBuilder exprs;
    private final StmtBuilder stmts;
    private final TypeBuilder types;

    AstBuilder(SourceFile source, Diagnostics diagnostics) {
        this.source = source;
        this.places = new Places(source);
        this.exprs = new ExprBuilder(places, diagnostics);
        this.stmts = exprs.stmts();
        this.types = stmts.types();
    }

    Ast.File file(TurnoutParser.FileContext file) {
        List<Ast.Import> imports = new ArrayList<>();
        for (TurnoutParser.ImportDContext one : file.importD()) {
            Ast.Import built = imported(one);
            if (built != null) {
                imports.add(built);
            }
        }
        List<Ast.License> licenses = new ArrayList<>();
        for (TurnoutParser.LicenseDContext one : file.licenseD()) {
            Expr.Str text = exprs.string(one.STRING());
            if (text != null) {
                licenses.add(new Ast.License(text, places.of(one)));
            }
        }
        List<Decl> declarations = new ArrayList<>();
        for (TurnoutParser.ItemContext item : file.item()) {
            if (item.decl() != null) {
                Decl.Modifiers modifiers = new Decl.Modifiers(exprs.attributes(item.attr()), item.PUB() != null);
                Decl built = decl(item.decl(), modifiers, places.of(item));
                if (built != null) {
                    declarations.add(built);
                }
            }
        }
        return new Ast.File(source, imports, licenses, declarations, source.whole());
    }

    private Ast.@Nullable Import imported(TurnoutParser.ImportDContext one) {
        Name alias = places.name(one.id());
        Expr.Str relative = exprs.string(one.STRING());
        if (relative != null) {
            return new Ast.Import(new Ast.Import.Source.Relative(relative), alias, places.of(one));
        }
        Path module = places.path(one.path());
        return module == null ? null : new Ast.Import(new Ast.Import.Source.Module(module), alias, places.of(one));
    }

    private @Nullable Decl decl(TurnoutParser.DeclContext decl, Decl.Modifiers modifiers, Span span) {
        if (decl instanceof TurnoutParser.TestDContext test) {
            Expr.Str title = exprs.string(test.STRING());
            return title == null ? null : new Decl.Test(modifiers, title, stmts.block(test.block(), span), span);
        }
        Name name = places.name(decl.getRuleContext(TurnoutParser.IdContext.class, 0));
        if (name == null) {
            return null;
        }
        return switch (decl) {
            case TurnoutParser.ConstDContext d ->
                new Decl.Const(modifiers, name, types.optional(d.type()), exprs.expr(d.expr(), span), span);
            case TurnoutParser.ConfigDContext d ->
                new Decl.Config(modifiers, name, types.type(d.type(), span), exprs.optional(d.expr()), span);
            case TurnoutParser.GlobalDContext d ->
                new Decl.Global(modifiers, name, types.type(d.type(), span), exprs.optional(d.expr()), span);
            case TurnoutParser.KeyDContext d ->
                new Decl.Key(modifiers, name, types.optional(d.type()), exprs.expr(d.expr(), span), span);
            case TurnoutParser.AliasDContext d -> new Decl.Alias(modifiers, name, types.type(d.type(), span), span);
            case TurnoutParser.StructDContext d ->
                new Decl.Struct(modifiers, layout(d), name, fields(d.fields()), span);
            case TurnoutParser.EnumDContext d ->
                new Decl.Enum(modifiers, d.OPEN() != null, name, types.optional(d.type()), variants(d), span);
            case TurnoutParser.MapDContext d ->
                new Decl.Map(
                        modifiers, name, types.type(d.type(), span), d.rows() == null ? null : rows(d.rows()), span);
            case TurnoutParser.TableDContext d ->
                new Decl.Table(
                        modifiers,
                        d.MUTABLE() != null,
                        name,
                        exprs.expr(d.expr(), span),
                        types.type(d.type(), span),
                        rows(d.rows()),
                        span);
            case TurnoutParser.FnDContext d ->
                new Decl.Fn(
                        modifiers,
                        name,
                        params(d.params()),
                        types.optional(d.type()),
                        fails(d.fails()),
                        stmts.block(d.block(), span),
                        span);
            case TurnoutParser.ExternDContext d ->
                new Decl.Extern(modifiers, d.KFUNC() != null, name, params(d.params()), types.optional(d.type()), span);
            case TurnoutParser.ProgDContext d -> prog(d, modifiers, name, span);
            default -> null;
        };
    }

    private @Nullable Decl prog(TurnoutParser.ProgDContext d, Decl.Modifiers modifiers, Name name, Span span) {
        Path kind = places.path(d.path());
        if (kind == null) {
            return null;
        }
        TypeExpr result = types.type(d.type(), span);
        return new Decl.Prog(
                modifiers,
                kind,
                exprs.string(d.STRING()),
                name,
                params(d.params()),
                result,
                fails(d.fails()),
                stmts.block(d.block(), span),
                span);
    }

    private static Decl.Struct.Layout layout(TurnoutParser.StructDContext d) {
        return d.HEADER() != null
                ? Decl.Struct.Layout.HEADER
                : d.KERNEL() != null ? Decl.Struct.Layout.KERNEL : Decl.Struct.Layout.STRUCT;
    }

    private List<Decl.Field> fields(TurnoutParser.@Nullable FieldsContext fields) {
        List<Decl.Field> built = new ArrayList<>();
        if (fields != null) {
            for (TurnoutParser.FieldContext field : fields.field()) {
                Name name = places.name(field.id());
                if (name != null) {
                    Span span = places.of(field);
                    built.add(
                            new Decl.Field(exprs.attributes(field.attr()), name, types.type(field.type(), span), span));
                }
            }
        }
        return built;
    }

    private List<Decl.Variant> variants(TurnoutParser.EnumDContext d) {
        List<Decl.Variant> built = new ArrayList<>();
        for (TurnoutParser.VariantContext variant : d.variant()) {
            Name name = places.name(variant.id());
            if (name != null) {
                built.add(new Decl.Variant(name, exprs.optional(variant.expr()), places.of(variant)));
            }
        }
        return built;
    }

    private List<Decl.Row> rows(TurnoutParser.@Nullable RowsContext rows) {
        List<Decl.Row> built = new ArrayList<>();
        if (rows != null) {
            for (TurnoutParser.RowContext row : rows.row()) {
                Span span = places.of(row);
                built.add(new Decl.Row(exprs.cases(row.cases(), span), exprs.expr(row.expr(), span), span));
            }
        }
        return built;
    }

    private List<Decl.Param> params(TurnoutParser.@Nullable ParamsContext params) {
        List<Decl.Param> built = new ArrayList<>();
        if (params != null) {
            for (TurnoutParser.ParamContext param : params.param()) {
                Name name = places.name(param.id());
                if (name != null) {
                    Span span = places.of(param);
                    built.add(new Decl.Param(name, types.type(param.type(), span), span));
                }
            }
        }
        return built;
    }

    private @Nullable Expr fails(TurnoutParser.@Nullable FailsContext fails) {
        if (fails == null) {
            return null;
        }
        Span span = places.of(fails);
        if (fails.id() != null) {
            Name name = places.name(fails.id());
            return name == null ? new Expr.Invalid(span) : new Expr.Member(name, span);
        }
        Expr value = exprs.atom(fails.atom(), span);
        return fails.MINUS() == null ? value : exprs.negated(fails.MINUS(), value);
    }
}
