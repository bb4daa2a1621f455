package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Name;
import dev.turnout.frontend.ast.Path;
import dev.turnout.frontend.name.ImportGraph;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.name.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What all of one check shares. */
final class Compilation {
    private final ImportGraph graph;
    private final Diagnostics diagnostics;
    private final Universe universe = new Universe();
    private final Declarations declarations = new Declarations(this);
    private final FunctionBodies bodies = new FunctionBodies(this);

    Compilation(ImportGraph graph, Diagnostics diagnostics) {
        this.graph = graph;
        this.diagnostics = diagnostics;
    }

    Universe universe() {
        return universe;
    }

    Declarations declarations() {
        return declarations;
    }

    FunctionBodies bodies() {
        return bodies;
    }

    ImportGraph graph() {
        return graph;
    }

    void report(Diagnostic diagnostic) {
        diagnostics.report(diagnostic);
    }

    void report(Span span, DiagnosticCode code, String message) {
        diagnostics.report(at(span, code, message));
    }

    /** How many errors there are so far. */
    int errors() {
        return diagnostics.errorCount();
    }

    boolean hasErrors() {
        return diagnostics.hasErrors();
    }

    /** What a path names at the top level; a failure is reported. {@code locals} are further names for suggestions. */
    Entity resolve(Path path, Module from, Scope locals) {
        if (path.isSimple()) {
            return simple(path.last(), from, locals);
        }
        String prefix = prefix(path);
        Entity builtIn = universe.find(path.toString());
        if (builtIn != null) {
            return builtIn;
        }
        Optional<Module> module = from.imported(prefix);
        if (module.isEmpty() && prefix.equals("csum")) {
            module = graph.always(prefix);
        }
        if (module.isEmpty()) {
            report(unknownModule(path, prefix));
            return Entity.Invalid.INVALID;
        }
        Module given = module.get();
        return found(given.member(path.last().text()), path.last(), given::published, " in `" + prefix + "`");
    }

    private Diagnostic unknownModule(Path path, String prefix) {
        boolean intrinsic = List.of("atomic", "time", "current", "hash").contains(prefix);
        if (intrinsic) {
            List<String> known = new ArrayList<>();
            for (String name : Universe.FUNCTIONS) {
                if (name.startsWith(prefix + "::")) {
                    known.add(name);
                }
            }
            known.sort(null);
            return at(path.span(), DiagnosticCode.E0201, "there is no `" + path + "`")
                    .withNote("`" + prefix + "` has " + quoted(known));
        }
        return at(path.span(), DiagnosticCode.E0204, "no module `" + prefix + "` is imported here")
                .withHelp("write `import " + prefix + ";` at the top of the file");
    }

    private static String prefix(Path path) {
        StringBuilder out = new StringBuilder();
        for (Name name : path.names().subList(0, path.names().size() - 1)) {
            out.append(out.isEmpty() ? "" : "::").append(name.text());
        }
        return out.toString();
    }

    private Entity simple(Name name, Module from, Scope locals) {
        Module.Lookup lookup = from.lookup(name.text());
        if (lookup instanceof Module.Lookup.Missing || lookup instanceof Module.Lookup.Hidden) {
            Entity builtIn = universe.find(name.text());
            if (builtIn != null) {
                return builtIn;
            }
        }
        return found(
                lookup,
                name,
                () -> {
                    List<String> known = new ArrayList<>(locals.names());
                    known.addAll(from.visible());
                    known.addAll(universe.names());
                    return known;
                },
                "");
    }

    private Entity found(Module.Lookup lookup, Name name, Supplier<List<String>> known, String where) {
        switch (lookup) {
            case Module.Lookup.Found found -> {
                return declarations.entity(found.module(), found.declaration());
            }
            case Module.Lookup.Hidden hidden ->
                report(at(
                                name.span(),
                                DiagnosticCode.E0206,
                                "`" + name.text() + "` is not public in `" + hidden.module() + "`")
                        .withLabel(hidden.declaration().name().span(), "declared here without `pub`")
                        .withHelp("write `pub` before its declaration"));
            case Module.Lookup.Ambiguous ambiguous -> {
                Diagnostic diagnostic =
                        at(name.span(), DiagnosticCode.E0207, "`" + name.text() + "` comes from more than one import");
                for (Module module : ambiguous.modules()) {
                    diagnostic = diagnostic.withHelp(
                            "write `" + module + "::" + name.text() + "` to mean that of `" + module + "`");
                }
                report(diagnostic);
            }
            case Module.Lookup.Missing _ -> {
                Diagnostic diagnostic =
                        at(name.span(), DiagnosticCode.E0201, "there is no `" + name.text() + "`" + where);
                // What will not be shown needs no suggestion: looking through all names for each of many is slow.
                boolean shown = diagnostics.errorCount() < Diagnostics.LIMIT;
                report(shown ? suggest(diagnostic, name.text(), known.get()) : diagnostic);
            }
        }
        return Entity.Invalid.INVALID;
    }

    /** Adds "did you mean" if some known name is near. */
    static Diagnostic suggest(Diagnostic diagnostic, String wanted, List<String> known) {
        return Spelling.nearest(wanted, known)
                .map(near -> diagnostic.withHelp("did you mean `" + near + "`?"))
                .orElse(diagnostic);
    }

    /** {@code `a`, `b` and `c`}. */
    static String quoted(List<String> names) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            out.append(i == 0 ? "" : i == names.size() - 1 ? " and " : ", ")
                    .append('`')
                    .append(names.get(i))
                    .append('`');
        }
        return out.toString();
    }

    /** The position of {@code name}'s declaration for a label, or null if it is built in. */
    static @Nullable Span inText(Span declared) {
        return declared.file().text().isEmpty() ? null : declared;
    }
}
