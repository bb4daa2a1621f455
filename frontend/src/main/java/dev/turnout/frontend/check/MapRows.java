package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Cases;
import dev.turnout.frontend.ast.Decl;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.ast.Pattern;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.TypedExpr;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows of a map that is filled at load: {@code { 1 => p, 4..=6 => q, else => r }}. What they name is the caller's to say. */
final class MapRows<T> {
    /**
     * An entry.
     *
     * @param index unsigned
     * @param span of what the row names
     */
    record Row<T>(long index, T held, Span span) {}

    /** Rows stand in the object one by one, up to the last one that is filled. */
    private static final long MOST = 1 << 16;

    private final Compilation compilation;
    private final Module module;
    private final Type.Map table;
    private final DiagnosticCode code;
    private final TreeMap<Long, Row<T>> rows = new TreeMap<>();

    /** @param code of rows that cannot be */
    MapRows(Compilation compilation, Module module, Type.Map table, DiagnosticCode code) {
        this.compilation = compilation;
        this.module = module;
        this.table = table;
        this.code = code;
    }

    /** The entries, in order of index; wrong ones are reported and left out. */
    List<Row<T>> read(@Nullable List<Decl.Row> written, Function<Expr, @Nullable T> held) {
        if (written == null) {
            return List.of();
        }
        Decl.Row rest = null;
        T restHeld = null;
        for (Decl.Row row : written) {
            T one = held.apply(row.value());
            switch (row.cases()) {
                case Cases.Of cases -> cases.patterns().forEach(pattern -> fill(pattern, one, row));
                case Cases.Else other -> {
                    if (rest != null) {
                        compilation.report(at(other.span(), DiagnosticCode.E0318, "a table has one `else`")
                                .withLabel(rest.cases().span(), "the first one"));
                    }
                    rest = row;
                    restHeld = one;
                }
            }
        }
        if (rest != null && restHeld != null) {
            if (table.maxEntries() > MOST) {
                tooMany(rest.cases().span(), table.maxEntries());
            } else {
                for (long index = 0; index < table.maxEntries(); index++) {
                    rows.putIfAbsent(
                            index, new Row<>(index, restHeld, rest.value().span()));
                }
            }
        }
        return new ArrayList<>(rows.values());
    }

    private void fill(Pattern pattern, @Nullable T held, Decl.Row row) {
        long first;
        long last;
        switch (pattern) {
            case Pattern.One one -> {
                first = index(one.value());
                last = first;
            }
            case Pattern.Range range -> {
                first = index(range.first());
                last = index(range.last());
                if (first >= 0 && last >= 0 && !isOrdered(range, first, last)) {
                    return;
                }
            }
        }
        if (first < 0 || last < 0 || held == null) {
            return;
        }
        if (last >= table.maxEntries()) {
            compilation.report(
                    pattern.span(),
                    DiagnosticCode.E0333,
                    "index " + last + " is outside the table, which has " + table.maxEntries() + " entries");
            return;
        }
        if (last >= MOST) {
            tooMany(pattern.span(), last + 1);
            return;
        }
        for (long index = first; index <= last; index++) {
            Row<T> other =
                    rows.putIfAbsent(index, new Row<>(index, held, row.value().span()));
            if (other != null) {
                compilation.report(at(pattern.span(), DiagnosticCode.E0318, name(index) + " is taken already")
                        .withLabel(other.span(), "by this row"));
                return;
            }
        }
    }

    private String name(long index) {
        if (table.key() instanceof EnumType enumeration) {
            for (EnumType.Member member : enumeration.members()) {
                if (member.value().longValue() == index) {
                    return "`." + member.name() + "`";
                }
            }
        }
        return "index " + index;
    }

    private void tooMany(Span span, long rows) {
        compilation.report(at(
                        span,
                        code,
                        "this row fills entry " + (rows - 1) + "; the last that can be filled here is " + (MOST - 1))
                .withNote("an object lists all entries up to the last one that is filled")
                .withHelp("fill entries behind it when the program runs"));
    }

    private boolean isOrdered(Pattern.Range range, long first, long last) {
        if (table.key() instanceof EnumType) {
            compilation.report(
                    range.span(), DiagnosticCode.E0320, Words.a(table.key()) + " has no ranges; name each value");
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

    /** The index that a constant names; negative, reported, if it names none. */
    private long index(Expr written) {
        Body body = Body.ofConstant(compilation, module);
        TypedExpr value = body.value(written, table.key(), "an index of this table");
        return body.constants().of(value) instanceof Constant.Number number
                ? Numbers.meaning(table.key(), number.bits()).longValue()
                : -1;
    }
}
