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

    private final Compilation compilation;
    private final IdentityHashMap<FunctionSymbol, Mark> marks = new IdentityHashMap<>();

    CallGraph(Compilation compilation) {
        this.compilation = compilation;
    }

    /** Reports every call that closes a circle. */
    void checkRecursion(List<FunctionSymbol> functions) {
        for (FunctionSymbol function : functions) {
            visit(function, new ArrayDeque<>());
        }
    }

    private void visit(FunctionSymbol function, Deque<Uses.Call> way) {
        if (marks.putIfAbsent(function, Mark.OPEN) != null) {
            return;
        }
        for (Uses.Call call : compilation.bodies().uses(function).calls) {
            way.addLast(call);
            if (marks.get(call.callee()) == Mark.OPEN) {
                report(call.callee(), way);
            } else {
                visit(call.callee(), way);
            }
            way.removeLast();
        }
        marks.put(function, Mark.DONE);
    }

    private void report(FunctionSymbol callee, Deque<Uses.Call> way) {
        List<Uses.Call> circle = new ArrayList<>();
        boolean inside = false;
        List<Uses.Call> all = List.copyOf(way);
        // The circle begins behind the call that entered `callee` first; if none did, it is where the walk began.
        int from = 0;
        for (int i = 0; i < all.size() - 1; i++) {
            if (all.get(i).callee().equals(callee)) {
                from = i + 1;
                inside = true;
            }
        }
        circle.addAll(all.subList(inside ? from : 0, all.size()));
        Uses.Call last = circle.getLast();
        StringBuilder names = new StringBuilder("`" + callee.name() + "`");
        for (Uses.Call call : circle) {
            names.append(" calls `").append(call.callee().name()).append('`');
        }
        Diagnostic diagnostic = at(
                        last.span(),
                        DiagnosticCode.E0402,
                        circle.size() == 1
                                ? "`" + callee.name() + "` calls itself"
                                : "`" + callee.name() + "` calls itself through `"
                                        + circle.get(circle.size() - 2).callee().name() + "`")
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
