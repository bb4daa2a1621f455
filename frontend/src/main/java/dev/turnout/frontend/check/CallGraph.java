package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Who calls whom. No function calls itself, directly or not: the stack of BPF has 512 bytes and no guard. */
final class CallGraph {
    private enum Mark {
        OPEN,
        DONE
    }

    /** A function on the way, and which of its calls is next. */
    private static final class Step {
        private final FunctionSymbol function;
        private final List<Uses.Call> calls;
        private int next;

        private Step(FunctionSymbol function, List<Uses.Call> calls) {
            this.function = function;
            this.calls = calls;
        }
    }

    private final Compilation compilation;
    private final IdentityHashMap<FunctionSymbol, Mark> marks = new IdentityHashMap<>();

    CallGraph(Compilation compilation) {
        this.compilation = compilation;
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
            Uses.Call call = step.calls.get(step.next++);
            if (marks.get(call.callee()) == Mark.OPEN) {
                report(call, way);
            } else {
                enter(call.callee(), way);
            }
        }
    }

    private void enter(FunctionSymbol function, List<Step> way) {
        if (marks.putIfAbsent(function, Mark.OPEN) == null) {
            way.add(new Step(function, compilation.bodies().uses(function).calls));
        }
    }

    /** {@code last} goes back to a function of the way. */
    private void report(Uses.Call last, List<Step> way) {
        FunctionSymbol callee = last.callee();
        int from = 0;
        while (!way.get(from).function.equals(callee)) {
            from++;
        }
        StringBuilder names = new StringBuilder();
        for (Step step : way.subList(from, way.size())) {
            names.append('`').append(step.function.name()).append("` calls ");
        }
        names.append('`').append(callee.name()).append('`');
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

    /** The functions that one reaches, itself first, in the order in which calls name them. */
    Set<FunctionSymbol> reached(FunctionSymbol from) {
        Set<FunctionSymbol> reached = new LinkedHashSet<>();
        Deque<FunctionSymbol> open = new ArrayDeque<>();
        open.add(from);
        while (!open.isEmpty()) {
            FunctionSymbol next = open.removeFirst();
            if (reached.add(next)) {
                for (Uses.Call call : compilation.bodies().uses(next).calls) {
                    open.addLast(call.callee());
                }
            }
        }
        return reached;
    }
}
