package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who calls whom. No function calls itself, directly or not: the stack of BPF has 512 bytes and no guard. */
final class CallGraph {
    private enum Mark {
        OPEN,
        DONE
    }

    /**
     * A call that may happen.
     *
     * @param way what it goes through, for messages: nothing for a call by name
     */
    private record Edge(FunctionSymbol callee, String way, Span span) {}

    /** A function on the way, and which of its calls is next. */
    private static final class Step {
        private final FunctionSymbol function;
        private final List<Edge> calls;
        private int next;

        private Step(FunctionSymbol function, List<Edge> calls) {
            this.function = function;
            this.calls = calls;
        }
    }

    private final Compilation compilation;
    private final Set<Span> reported = new HashSet<>();
    private final IdentityHashMap<FunctionSymbol, Mark> marks = new IdentityHashMap<>();
    /** The functions that a value of a type may be: those named as values anywhere, and the rows of tables that are passed. */
    private final Map<Type.Function, Set<FunctionSymbol>> values = new HashMap<>();

    /**
     * The calls of these functions.
     *
     * @param tests what test blocks use: they hand functions on too
     */
    CallGraph(Compilation compilation, List<FunctionSymbol> functions, List<Uses> tests) {
        this.compilation = compilation;
        tests.forEach(this::addValues);
        functions.forEach(function -> addValues(compilation.bodies().uses(function)));
    }

    private void addValues(Uses uses) {
        for (Uses.Call one : uses.values) {
            values.computeIfAbsent(one.callee().type(), _ -> new LinkedHashSet<>())
                    .add(one.callee());
        }
        for (Place.TableRows rows : uses.tables) {
            values.computeIfAbsent(rows.table().functionType(), _ -> new LinkedHashSet<>())
                    .addAll(rows.table().candidates());
        }
    }

    /** What a function may call. Nothing says which functions a value holds but its type, so it may be any of them. */
    private List<Edge> calls(FunctionSymbol function) {
        Uses uses = compilation.bodies().uses(function);
        List<Edge> edges = new ArrayList<>();
        uses.calls.forEach(call -> edges.add(new Edge(call.callee(), "", call.span())));
        for (Uses.ThroughTable call : uses.throughTables) {
            String way = " through the table `" + call.table().name() + "`";
            call.table().candidates().forEach(one -> edges.add(new Edge(one, way, call.span())));
        }
        for (Uses.ThroughValue call : uses.throughValues) {
            String way = " through a `" + call.type() + "`";
            values.getOrDefault(call.type(), Set.of()).forEach(one -> edges.add(new Edge(one, way, call.span())));
        }
        return edges;
    }

    /** Reports every call that closes a circle. */
    void checkRecursion(List<FunctionSymbol> functions) {
        for (FunctionSymbol function : functions) {
            walk(function);
        }
    }

    /** Depth first, with a stack of its own: a program may have more functions in a row than Java has frames. */
    private void walk(FunctionSymbol from) {
        List<Step> way = new ArrayList<>();
        enter(from, way);
        while (!way.isEmpty()) {
            Step step = way.getLast();
            if (step.next == step.calls.size()) {
                marks.put(step.function, Mark.DONE);
                way.removeLast();
                continue;
            }
            Edge call = step.calls.get(step.next++);
            if (marks.get(call.callee()) == Mark.OPEN) {
                report(call, way);
            } else {
                enter(call.callee(), way);
            }
        }
    }

    private void enter(FunctionSymbol function, List<Step> way) {
        if (marks.putIfAbsent(function, Mark.OPEN) == null) {
            way.add(new Step(function, calls(function)));
        }
    }

    /** {@code last} goes back to a function of the way. */
    private void report(Edge last, List<Step> way) {
        if (!reported.add(last.span())) {
            return;
        }
        FunctionSymbol callee = last.callee();
        int from = 0;
        while (!way.get(from).function.equals(callee)) {
            from++;
        }
        StringBuilder names = new StringBuilder();
        for (Step step : way.subList(from, way.size())) {
            Edge taken = step.calls.get(step.next - 1);
            names.append(names.isEmpty() ? "`" + step.function.name() + "`" : ", which")
                    .append(" calls `")
                    .append(taken.callee().name())
                    .append('`')
                    .append(taken.way());
        }
        String through = way.getLast().function.name();
        Diagnostic diagnostic = at(
                        last.span(),
                        DiagnosticCode.E0402,
                        from == way.size() - 1
                                ? "`" + callee.name() + "` calls itself"
                                : "`" + callee.name() + "` calls itself through `" + through + "`")
                .withNote(names.toString())
                .withNote("BPF has no recursion: its stack is 512 bytes");
        compilation.report(diagnostic.withHelp("write a loop with a `limit`"));
    }

    /**
     * The functions that one reaches, itself first, in the order in which calls name them. A function that is named as a value is
     * reached: whoever calls the value got it from somebody who named it.
     */
    Set<FunctionSymbol> reached(FunctionSymbol from) {
        Set<FunctionSymbol> reached = new LinkedHashSet<>();
        Deque<FunctionSymbol> open = new ArrayDeque<>();
        open.add(from);
        while (!open.isEmpty()) {
            FunctionSymbol next = open.removeFirst();
            if (reached.add(next)) {
                for (Uses.Call call : compilation.bodies().uses(next).mentioned()) {
                    open.addLast(call.callee());
                }
            }
        }
        return reached;
    }
}
