package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Decl;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.frontend.typed.Symbol.MapSymbol;
import dev.turnout.frontend.typed.Symbol.ProgramRow;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What tail calls demand of a whole program.
 *
 * <p><b>One hook a table.</b> The programs of a table, and those that go through it, are of one kind and one place: they share
 * the context. Linux compares type and attach type when a program comes into a table, and both follow from the section.
 *
 * <p><b>Functions.</b> In BPF a program that was called from a function comes back to that function's caller, with its result
 * in place of the function's. So that a tail call ends its program wherever it stands, a function that holds one is called in
 * one way only, {@code return f(…);}, with the result type of the program all along the way. Nothing can then look at a
 * verdict that a program from elsewhere has made up.
 */
final class TailRules {
    private final Compilation compilation;
    private final CallGraph calls;
    /** The place of a table, and a program that says so. */
    private final IdentityHashMap<MapSymbol, FunctionSymbol> standards = new IdentityHashMap<>();

    private final Set<Span> reported = new HashSet<>();

    TailRules(Compilation compilation, CallGraph calls) {
        this.compilation = compilation;
        this.calls = calls;
    }

    void check(List<FunctionSymbol> functions, Set<FunctionSymbol> usedByTests) {
        Set<FunctionSymbol> tailing = tailing(functions);
        for (FunctionSymbol function : functions) {
            checkCalls(function, tailing);
        }
        for (FunctionSymbol function : usedByTests) {
            if (tailing.contains(function)) {
                compilation.report(at(
                                function.declared(),
                                DiagnosticCode.E0345,
                                "a test calls `" + function.name() + "`, which goes on in another program")
                        .withHelp("write `run(program, packet(…))` in a test"));
            }
        }
        checkRows();
        Map<FunctionSymbol, Set<FunctionSymbol>> next = new LinkedHashMap<>();
        for (FunctionSymbol program : functions) {
            if (isProgram(program)) {
                next.put(program, targets(program, tailing));
            }
        }
        new TailChains(compilation, next).check();
    }

    private static boolean isProgram(FunctionSymbol function) {
        return function.kind() instanceof Symbol.FunctionKind.Program;
    }

    private static String section(FunctionSymbol program) {
        return program.kind() instanceof Symbol.FunctionKind.Program kind ? kind.section() : "";
    }

    /** The functions, programs left out, that hold a tail call or call one that does. */
    private Set<FunctionSymbol> tailing(List<FunctionSymbol> functions) {
        Set<FunctionSymbol> tailing = new LinkedHashSet<>();
        boolean grew = true;
        while (grew) {
            grew = false;
            for (FunctionSymbol function : functions) {
                if (isProgram(function) || tailing.contains(function)) {
                    continue;
                }
                Uses uses = compilation.bodies().uses(function);
                if (!uses.tails.isEmpty() || uses.calls.stream().anyMatch(call -> tailing.contains(call.callee()))) {
                    grew |= tailing.add(function);
                }
            }
        }
        return tailing;
    }

    private void checkCalls(FunctionSymbol caller, Set<FunctionSymbol> tailing) {
        Uses uses = compilation.bodies().uses(caller);
        for (Uses.Call mention : uses.mentioned()) {
            // Whoever calls a value or a row does not know that nothing may be left to do.
            if (tailing.contains(mention.callee()) && !uses.calls.contains(mention) && reported.add(mention.span())) {
                compilation.report(at(
                                mention.span(),
                                DiagnosticCode.E0345,
                                "`" + mention.callee().name()
                                        + "` may go on in another program, so it is called by its name only")
                        .withLabel(mention.callee().declared(), "a `tail` is reached from here"));
            }
        }
        for (Uses.Call call : uses.calls) {
            FunctionSymbol callee = call.callee();
            if (!tailing.contains(callee)) {
                continue;
            }
            if (!uses.returned.contains(call.span())) {
                compilation.report(at(
                                call.span(),
                                DiagnosticCode.E0345,
                                "`" + callee.name() + "` may go on in another program, which ends this one")
                        .withLabel(callee.declared(), "a `tail` is reached from here")
                        .withNote("nothing may be left to do behind the call")
                        .withHelp("write `return " + callee.name() + "(…);`"));
            } else if (!callee.result().equals(caller.result())) {
                Diagnostic diagnostic = at(
                                call.span(),
                                DiagnosticCode.E0345,
                                "`" + callee.name()
                                        + "` may go on in another program, whose result takes the place of `"
                                        + callee.result() + "`")
                        .withLabel(callee.declared(), "returns `" + callee.result() + "`")
                        .withLabel(caller.declared(), "returns `" + caller.result() + "`");
                compilation.report(
                        diagnostic.withHelp("let `" + callee.name() + "` return `" + caller.result() + "` too"));
            }
        }
    }

    /** The programs that one may go on in, its tables being checked on the way. */
    private Set<FunctionSymbol> targets(FunctionSymbol program, Set<FunctionSymbol> tailing) {
        Set<FunctionSymbol> targets = new LinkedHashSet<>();
        for (FunctionSymbol function : calls.reached(program)) {
            if (!function.equals(program) && !tailing.contains(function)) {
                continue;
            }
            for (Uses.Tail tail : compilation.bodies().uses(function).tails) {
                checkTable(program, tail);
                for (ProgramRow row : tail.table().programs()) {
                    if (tail.index().isEmpty() || tail.index().getAsLong() == row.index()) {
                        targets.add(row.program());
                    }
                }
            }
        }
        return targets;
    }

    /** Used or not: an object whose table cannot be filled cannot be loaded. */
    private void checkRows() {
        for (Module module : compilation.graph().modules()) {
            for (Decl.Named declaration : module.declarations()) {
                if (compilation.declarations().known(declaration) instanceof Entity.MapName map
                        && !map.symbol().programs().isEmpty()) {
                    checkRows(map.symbol());
                }
            }
        }
    }

    private void checkRows(MapSymbol table) {
        FunctionSymbol standard = table.programs().getFirst().program();
        standards.put(table, standard);
        for (ProgramRow row : table.programs()) {
            if (!section(row.program()).equals(section(standard)) && reported.add(row.span())) {
                compilation.report(differ(
                        at(
                                row.span(),
                                DiagnosticCode.E0345,
                                "the programs of `" + table.name() + "` are of different kinds"),
                        standard,
                        row.program()));
            }
        }
    }

    /** A table without rows takes the kind of the first program that goes through it. */
    private void checkTable(FunctionSymbol program, Uses.Tail tail) {
        FunctionSymbol standard = standards.computeIfAbsent(tail.table(), _ -> program);
        if (!section(program).equals(section(standard)) && reported.add(tail.span())) {
            compilation.report(differ(
                    at(
                            tail.span(),
                            DiagnosticCode.E0345,
                            "`" + program.name() + "` cannot go on in the programs of `"
                                    + tail.table().name() + "`"),
                    program,
                    standard));
        }
    }

    private static Diagnostic differ(Diagnostic diagnostic, FunctionSymbol one, FunctionSymbol other) {
        return diagnostic
                .withLabel(one.declared(), "`" + one.name() + "` is " + Words.a(section(one)) + " program")
                .withLabel(other.declared(), "`" + other.name() + "` is " + Words.a(section(other)) + " program")
                .withNote("they share the context, so all of them are of one kind, attached to one kind of place");
    }
}
