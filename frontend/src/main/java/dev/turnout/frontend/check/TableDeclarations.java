package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Argument;
import dev.turnout.frontend.ast.Cases;
import dev.turnout.frontend.ast.Decl;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.ast.Path;
import dev.turnout.frontend.ast.Pattern;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.frontend.typed.TypedExpr;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code table name: [Index]Function = { case => function, … };} */
final class TableDeclarations {
    /** Rows that a table may have: each takes 8 bytes of the object. */
    private static final int MOST = 1 << 16;

    private final Compilation compilation;
    private final Module module;
    private final Decl.Table declaration;
    private final String name;

    TableDeclarations(Compilation compilation, Module module, Decl.Table declaration) {
        this.compilation = compilation;
        this.module = module;
        this.declaration = declaration;
        this.name = declaration.name().text();
    }

    /** A function that fills rows; null for a row that is left empty by {@code null}. */
    private record Filler(@Nullable FunctionSymbol function, Span span) {}

    Entity resolve() {
        boolean callx = Attributes.callx(compilation, declaration.modifiers().attributes());
        Type element = TypeNames.read(compilation, module, declaration.element());
        EnumType byEnum = TypeNames.enumNamed(compilation, module, declaration.index());
        int count = byEnum == null ? count() : byEnum.members().size();
        boolean indexes = byEnum == null
                || MemoryRules.checkIndexes(
                        compilation, byEnum, declaration.index().span());
        if (element.poisoned() || count < 0 || !indexes) {
            return Entity.Invalid.INVALID;
        }
        boolean nullable = element instanceof Type.Maybe;
        Type inside = element instanceof Type.Maybe maybe ? maybe.of() : element;
        if (!(inside instanceof Type.Function type)) {
            compilation.report(at(
                            declaration.element().span(),
                            DiagnosticCode.E0344,
                            "a table holds functions, not `" + element + "`")
                    .withHelp("write the type of its functions, such as `fn(u32) -> u32`, or use an array"));
            return Entity.Invalid.INVALID;
        }
        @Nullable Filler[] rows = new Rows(type, nullable, count, byEnum).read();
        List<@Nullable FunctionSymbol> functions = new ArrayList<>(count);
        Set<FunctionSymbol> candidates = new LinkedHashSet<>();
        boolean full = true;
        for (Filler row : rows) {
            FunctionSymbol function = row == null ? null : row.function;
            functions.add(function);
            full &= function != null;
            if (function != null) {
                candidates.add(function);
            }
        }
        if (declaration.isMutable()) {
            candidates.addAll(added(type));
        }
        Type.Array array = new Type.Array(nullable || !full ? new Type.Maybe(type) : type, count, byEnum);
        return new Entity.Table(new Symbol.Table(
                name,
                module.linkName(name),
                array,
                functions,
                List.copyOf(candidates),
                declaration.isMutable(),
                nullable,
                callx,
                declaration.name().span()));
    }

    private int count() {
        BigInteger number =
                Body.ofConstant(compilation, module).constantNumber(declaration.index(), "the number of rows");
        if (number == null) {
            return -1;
        }
        if (number.signum() <= 0 || number.compareTo(BigInteger.valueOf(MOST)) > 0) {
            compilation.report(
                    declaration.index().span(),
                    DiagnosticCode.E0344,
                    "a table has 1 to " + MOST + " rows, not " + number);
            return -1;
        }
        return number.intValue();
    }

    // ---- functions ----

    /** The function that a row names, if it is one of the type. */
    private @Nullable Filler filler(Expr written, Type.Function type, boolean nullable) {
        if (written instanceof Expr.Null && nullable) {
            return new Filler(null, written.span());
        }
        if (!(written instanceof Expr.Ref ref)) {
            compilation.report(written.span(), DiagnosticCode.E0344, "a row is the name of a function");
            return null;
        }
        Entity entity = compilation.resolve(ref.path(), module, new Scope());
        if (entity instanceof Entity.Function function) {
            FunctionSymbol symbol = function.symbol();
            return fits(symbol, type, ref.span()) ? new Filler(symbol, ref.span()) : null;
        }
        if (!(entity instanceof Entity.Invalid)) {
            compilation.report(
                    ref.span(),
                    DiagnosticCode.E0344,
                    "`" + ref.path() + "` is " + entity.kind() + ", and a row is the name of a function");
        }
        return null;
    }

    private boolean fits(FunctionSymbol function, Type.Function type, Span span) {
        String reason = FunctionValues.whyNot(function);
        if (reason != null) {
            compilation.report(at(span, DiagnosticCode.E0342, "`" + function.name() + "` cannot be a row of a table")
                    .withNote(reason));
            return false;
        }
        if (function.type().equals(type) || function.type().poisoned()) {
            return !function.type().poisoned();
        }
        Diagnostic diagnostic = at(
                        span,
                        DiagnosticCode.E0344,
                        "`" + function.name() + "` is not of the type of the rows of `" + name + "`")
                .labelled("this is `" + function.type() + "`")
                .withLabel(declaration.element().span(), "the rows are `" + type + "`");
        compilation.report(diagnostic);
        return false;
    }

    /** The functions that say {@code @row} of this table. */
    private List<FunctionSymbol> added(Type.Function type) {
        List<FunctionSymbol> added = new ArrayList<>();
        for (Module other : compilation.graph().modules()) {
            for (Decl.Named one : other.declarations()) {
                if (!(one instanceof Decl.Fn fn)) {
                    continue;
                }
                for (Argument argument : Attributes.rows(fn.modifiers().attributes())) {
                    if (names(other, argument)
                            && compilation.declarations().entity(other, fn) instanceof Entity.Function function
                            && fits(function.symbol(), type, fn.name().span())) {
                        added.add(function.symbol());
                    }
                }
            }
        }
        return added;
    }

    /** Whether an argument of {@code @row} is the name of this table. */
    private boolean names(Module where, Argument argument) {
        return argument.value() instanceof Expr.Ref(Path path)
                && lookup(where, path) instanceof Module.Lookup.Found found
                && found.declaration().equals(declaration);
    }

    /** What a path names, without resolving it: a function that is being resolved may name a table that needs it. */
    private static Module.Lookup lookup(Module where, Path path) {
        if (path.isSimple()) {
            return where.lookup(path.last().text());
        }
        return where.imported(path.names().getFirst().text())
                .map(module -> module.member(path.last().text()))
                .orElseGet(Module.Lookup.Missing::new);
    }

    /** Reports the arguments of a function's {@code @row} that name no table whose rows can be replaced. */
    static void checkRowAttributes(Compilation compilation, Module module, Decl.Fn function) {
        for (Argument argument : Attributes.rows(function.modifiers().attributes())) {
            if (!(argument.value() instanceof Expr.Ref ref) || argument.name() != null) {
                compilation.report(argument.span(), DiagnosticCode.E0211, "`@row` takes the names of tables");
                continue;
            }
            Entity entity = compilation.resolve(ref.path(), module, new Scope());
            if (entity instanceof Entity.Invalid
                    || (entity instanceof Entity.Table table && table.symbol().mutable())) {
                continue;
            }
            Diagnostic diagnostic = at(
                    ref.span(),
                    DiagnosticCode.E0344,
                    entity instanceof Entity.Table
                            ? "the rows of `" + ref.path() + "` cannot be replaced"
                            : "`" + ref.path() + "` is " + entity.kind() + ", and `@row` names a table");
            compilation.report(
                    entity instanceof Entity.Table table
                            ? diagnostic
                                    .withLabel(table.symbol().declared(), "declared here")
                                    .withHelp("declare it as a `mutable table`, or name the function in a row")
                            : diagnostic);
        }
    }

    // ---- rows ----

    /** The rows as they are written. */
    private final class Rows {
        private final Type.Function type;
        private final boolean nullable;
        private final @Nullable EnumType byEnum;
        private final @Nullable Filler[] rows;
        private boolean broken;

        Rows(Type.Function type, boolean nullable, int count, @Nullable EnumType byEnum) {
            this.type = type;
            this.nullable = nullable;
            this.byEnum = byEnum;
            this.rows = new Filler[count];
        }

        @Nullable
        Filler[] read() {
            Span rest = null;
            Filler otherwise = null;
            for (Decl.Row row : declaration.rows()) {
                Filler filler = filler(row.value(), type, nullable);
                broken |= filler == null;
                switch (row.cases()) {
                    case Cases.Of cases -> cases.patterns().forEach(pattern -> fill(pattern, filler));
                    case Cases.Else one -> {
                        if (rest != null) {
                            compilation.report(at(one.span(), DiagnosticCode.E0318, "a table has one `else`")
                                    .withLabel(rest, "the first one"));
                        }
                        rest = one.span();
                        otherwise = filler;
                    }
                }
            }
            for (int i = 0; i < rows.length && otherwise != null; i++) {
                rows[i] = rows[i] == null ? otherwise : rows[i];
            }
            if (byEnum != null && rest == null && !broken) {
                checkMembers(byEnum);
            }
            return rows;
        }

        private void checkMembers(EnumType members) {
            List<String> missing = new ArrayList<>();
            for (EnumType.Member member : members.members()) {
                if (rows[member.value().intValue()] == null) {
                    missing.add("." + member.name());
                }
            }
            if (!missing.isEmpty()) {
                compilation.report(at(
                                declaration.name().span(),
                                DiagnosticCode.E0319,
                                "`" + name + "` has no row for " + Compilation.quoted(missing))
                        .withLabel(declaration.index().span(), "one for each member of `" + members + "`")
                        .withHelp(
                                nullable
                                        ? "add a row for each, `null` where there is no function, or `else => …`"
                                        : "add a row for each, or `else => …`"));
            }
        }

        private void fill(Pattern pattern, @Nullable Filler filler) {
            int first;
            int last;
            switch (pattern) {
                case Pattern.One one -> {
                    first = index(one.value());
                    last = first;
                }
                case Pattern.Range range -> {
                    first = index(range.first());
                    last = index(range.last());
                    if (first >= 0 && last >= 0 && !isOrdered(range, first, last)) {
                        broken = true;
                        return;
                    }
                }
            }
            broken |= first < 0 || last < 0;
            if (broken) {
                return;
            }
            for (int i = first; i <= last; i++) {
                Filler other = rows[i];
                if (other != null) {
                    compilation.report(at(pattern.span(), DiagnosticCode.E0318, "row " + shown(i) + " is taken already")
                            .withLabel(other.span, "by this function"));
                    return;
                }
                rows[i] = filler;
            }
        }

        private String shown(int index) {
            return byEnum == null
                    ? String.valueOf(index)
                    : "`." + byEnum.members().get(index).name() + "`";
        }

        private boolean isOrdered(Pattern.Range range, int first, int last) {
            if (byEnum != null) {
                compilation.report(
                        range.span(), DiagnosticCode.E0320, Words.a(byEnum) + " has no ranges; name each member");
                return false;
            }
            if (first > last) {
                compilation.report(
                        at(range.span(), DiagnosticCode.E0320, "this range is empty: " + first + " is above " + last)
                                .withHelp("write the smaller number first"));
                return false;
            }
            return true;
        }

        /** The row that a constant names; negative, reported, if it names none. */
        private int index(Expr written) {
            Body body = Body.ofConstant(compilation, module);
            Type wanted = byEnum == null ? Type.Int.U64 : byEnum;
            TypedExpr value = body.value(written, wanted, "an index of this table");
            if (!(body.constants().of(value) instanceof Constant.Number number)) {
                return -1;
            }
            BigInteger at = Numbers.meaning(wanted, number.bits());
            if (at.compareTo(BigInteger.valueOf(rows.length)) >= 0) {
                compilation.report(
                        at(written.span(), DiagnosticCode.E0333, "row " + at + " is outside a table of " + rows.length)
                                .withNote("they are numbered 0 to " + (rows.length - 1)));
                return -1;
            }
            return at.intValue();
        }
    }
}
