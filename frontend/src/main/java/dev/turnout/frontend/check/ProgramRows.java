package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.frontend.ast.Decl;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.frontend.typed.Symbol.ProgramRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a {@code prog_array}, which name programs. */
final class ProgramRows {
    private final Compilation compilation;
    private final Module module;
    private final Type.Map table;

    ProgramRows(Compilation compilation, Module module, Type.Map table) {
        this.compilation = compilation;
        this.module = module;
        this.table = table;
    }

    /** The entries, in order of index; wrong ones are reported and left out. */
    List<ProgramRow> read(@Nullable List<Decl.Row> written) {
        return new MapRows<FunctionSymbol>(compilation, module, table, DiagnosticCode.E0345)
                .read(written, this::program).stream()
                        .map(row -> new ProgramRow(row.index(), row.held(), row.span()))
                        .toList();
    }

    private @Nullable FunctionSymbol program(Expr written) {
        if (written instanceof Expr.Ref ref) {
            Entity entity = compilation.resolve(ref.path(), module, new Scope());
            if (entity instanceof Entity.Invalid) {
                return null;
            }
            if (entity instanceof Entity.Function function
                    && function.symbol().kind() instanceof Symbol.FunctionKind.Program) {
                return function.symbol();
            }
            compilation.report(at(
                            ref.span(),
                            DiagnosticCode.E0345,
                            "`" + ref.path() + "` is " + entity.kind() + ", and a `prog_array` holds programs")
                    .withHelp("name a `prog`"));
            return null;
        }
        compilation.report(
                written.span(),
                DiagnosticCode.E0345,
                "a row of a `prog_array` is the name of a program of this object");
        return null;
    }
}
