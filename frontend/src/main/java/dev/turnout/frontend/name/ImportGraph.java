package dev.turnout.frontend.name;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Ast;
import dev.turnout.frontend.ast.Decl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The modules of a compilation, loaded depth first from the main file, so that each comes behind what it imports. */
public final class ImportGraph {
    private final ImportResolver resolver;
    private final Diagnostics diagnostics;
    private final Map<String, Module> bySource = new HashMap<>();
    private final List<Module> path = new ArrayList<>();
    private final List<Module> ordered = new ArrayList<>();

    private ImportGraph(ImportResolver resolver, Diagnostics diagnostics) {
        this.resolver = resolver;
        this.diagnostics = diagnostics;
    }

    /** Loads {@code main} and what it imports, directly or not. Mistakes are reported, and their imports left out. */
    public static ImportGraph load(Ast.File main, ImportResolver resolver, Diagnostics diagnostics) {
        ImportGraph graph = new ImportGraph(resolver, diagnostics);
        graph.visit(stem(main.source().name()), Module.Origin.MAIN, main);
        return graph;
    }

    /** The main file's module. */
    public Module main() {
        return ordered.stream().filter(Module::isMain).findFirst().orElseThrow();
    }

    /** All modules, imported ones before those that import them. Grows by {@link #always}. */
    public List<Module> modules() {
        return List.copyOf(ordered);
    }

    /** A standard module that needs no import, such as {@code csum}; loaded when it is first named. */
    public Optional<Module> always(String name) {
        return switch (resolver.module(name)) {
            case ImportResolver.Resolved.Found found -> {
                Module known = bySource.get(found.file().source().name());
                yield Optional.of(known != null ? known : visit(found.name(), Module.Origin.STANDARD, found.file()));
            }
            case ImportResolver.Resolved.Missing _ -> Optional.empty();
        };
    }

    private Module visit(String name, Module.Origin origin, Ast.File file) {
        Module module = new Module(name, origin, file);
        bySource.put(file.source().name(), module);
        path.add(module);
        for (Decl declaration : file.declarations()) {
            if (declaration instanceof Decl.Named named) {
                declare(module, named);
            }
        }
        for (Ast.Import one : file.imports()) {
            Module imported = resolve(module, one);
            if (imported != null) {
                module.addImport(new Module.Import(
                        imported, one.alias() == null ? null : one.alias().text(), one.span()));
            }
        }
        path.removeLast();
        ordered.add(module);
        return module;
    }

    private void declare(Module module, Decl.Named named) {
        module.declare(named)
                .ifPresent(first -> diagnostics.report(at(
                                named.name().span(),
                                DiagnosticCode.E0202,
                                "`" + named.name().text() + "` is declared twice")
                        .labelled("declared again here")
                        .withLabel(first.name().span(), "first declared here")
                        .withNote("types, values, functions, maps and keys share one namespace")));
    }

    private @Nullable Module resolve(Module importing, Ast.Import one) {
        String written;
        ImportResolver.Resolved resolved;
        Module.Origin origin;
        Span span;
        switch (one.from()) {
            case Ast.Import.Source.Module module -> {
                written = module.path().toString();
                resolved = resolver.module(written);
                origin = Module.Origin.STANDARD;
                span = module.path().span();
            }
            case Ast.Import.Source.Relative relative -> {
                written = relative.file().bytes();
                resolved = resolver.file(importing.file().source(), written);
                origin = Module.Origin.FILE;
                span = relative.file().span();
            }
        }
        switch (resolved) {
            case ImportResolver.Resolved.Missing missing -> {
                diagnostics.report(
                        at(span, DiagnosticCode.E0204, "cannot import `" + written + "`: " + missing.reason()));
                return null;
            }
            case ImportResolver.Resolved.Found found -> {
                Module known = bySource.get(found.file().source().name());
                if (known != null && path.contains(known)) {
                    reportCycle(known, span);
                    return null;
                }
                return known != null ? known : visit(found.name(), origin, found.file());
            }
        }
    }

    private void reportCycle(Module from, Span span) {
        StringBuilder way = new StringBuilder();
        for (Module module : path.subList(path.indexOf(from), path.size())) {
            way.append('`').append(module.name()).append("` imports ");
        }
        diagnostics.report(at(span, DiagnosticCode.E0205, "imports go in a circle")
                .withNote(way.append('`').append(from.name()).append('`').toString())
                .withHelp("move what both need into a third file"));
    }

    /** The name of a file without directories and ending. */
    public static String stem(String file) {
        int from = Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1;
        int dot = file.lastIndexOf('.');
        return dot > from ? file.substring(from, dot) : file.substring(from);
    }
}
