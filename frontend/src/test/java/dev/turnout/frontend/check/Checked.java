package dev.turnout.frontend.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.frontend.ast.Ast;
import dev.turnout.frontend.name.StandardImports;
import dev.turnout.frontend.parse.Parser;
import dev.turnout.frontend.typed.TypedProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A text, checked: what tests ask of it. */
record Checked(Optional<TypedProgram> program, Diagnostics diagnostics) {
    static Checked of(String text) {
        return of(text, Map.of());
    }

    /** With further files, by name. */
    static Checked of(String text, Map<String, String> files) {
        Diagnostics diagnostics = new Diagnostics();
        Ast.File main = Parser.parse(new SourceFile("main.turn", text), diagnostics);
        StandardImports imports = new StandardImports(
                (importing, relative) -> {
                    String name = StandardImports.resolve(importing.name(), relative);
                    return Optional.ofNullable(files.get(name)).map(other -> new SourceFile(name, other));
                },
                diagnostics);
        return new Checked(TypeChecker.check(main, imports, diagnostics), diagnostics);
    }

    /** {@code CODE line:column} of everything reported, in order. */
    List<String> reports() {
        List<String> reports = new ArrayList<>();
        for (Diagnostic one : diagnostics.all()) {
            reports.add(one.code() + " "
                    + one.primary()
                            .map(label ->
                                    label.span().line() + ":" + label.span().column())
                            .orElse("-"));
        }
        return reports;
    }

    TypedProgram good() {
        assertThat(diagnostics.all()).isEmpty();
        return program.orElseThrow();
    }

    /** All the words of the first report, for tests of what is said. */
    String words() {
        Diagnostic first = diagnostics.all().getFirst();
        return first.message() + "\n" + String.join("\n", first.notes()) + "\n" + String.join("\n", first.helps());
    }
}
