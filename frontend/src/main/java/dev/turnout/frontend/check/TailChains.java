package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chains of tail calls that the initialisers of tables make possible: a run goes through 33 at most, and the next one takes its
 * {@code else}. A chain of programs that is longer cannot mean what it says, an error. A circle may be meant (a parser of nested
 * headers) and ends all the same: a warning.
 */
final class TailChains {
    /** As Linux counts: the program that was entered from outside is not one of them. */
    private static final int MOST = 33;

    private final Compilation compilation;
    private final Map<FunctionSymbol, Set<FunctionSymbol>> next;
    /** The longest chain from a program, itself first. What stands here is final. */
    private final Map<FunctionSymbol, Chain> longest = new HashMap<>();

    private record Chain(
            FunctionSymbol first, int length, @Nullable Chain rest) {}

    /** A program on the way, and where it may go on. */
    private static final class Step {
        private final FunctionSymbol program;
        private final Iterator<FunctionSymbol> targets;
        private @Nullable Chain best;

        private Step(FunctionSymbol program, Set<FunctionSymbol> targets) {
            this.program = program;
            this.targets = targets.iterator();
        }

        private void offer(Chain chain) {
            if (best == null || chain.length > best.length) {
                best = chain;
            }
        }
    }

    TailChains(Compilation compilation, Map<FunctionSymbol, Set<FunctionSymbol>> next) {
        this.compilation = compilation;
        this.next = next;
    }

    void check() {
        Set<FunctionSymbol> entered = new LinkedHashSet<>(next.keySet());
        next.forEach((program, targets) ->
                targets.stream().filter(target -> !target.equals(program)).forEach(entered::remove));
        for (FunctionSymbol program : next.keySet()) {
            walk(program);
        }
        for (FunctionSymbol program : entered) {
            Chain chain = longest.get(program);
            if (chain != null && chain.length - 1 > MOST) {
                reportLength(program, chain);
            }
        }
    }

    /** Depth first, with a stack of its own; the step that closes a circle is left out of every chain. */
    private void walk(FunctionSymbol from) {
        if (longest.containsKey(from)) {
            return;
        }
        List<Step> way = new ArrayList<>();
        Set<FunctionSymbol> open = new LinkedHashSet<>();
        enter(from, way, open);
        while (!way.isEmpty()) {
            Step step = way.getLast();
            if (!step.targets.hasNext()) {
                Chain rest = step.best;
                Chain chain = new Chain(step.program, rest == null ? 1 : rest.length + 1, rest);
                longest.put(step.program, chain);
                open.remove(step.program);
                way.removeLast();
                if (!way.isEmpty()) {
                    way.getLast().offer(chain);
                }
                continue;
            }
            FunctionSymbol target = step.targets.next();
            Chain known = longest.get(target);
            if (known != null) {
                step.offer(known);
            } else if (open.contains(target)) {
                reportCircle(target, way);
            } else {
                enter(target, way, open);
            }
        }
    }

    private void enter(FunctionSymbol program, List<Step> way, Set<FunctionSymbol> open) {
        open.add(program);
        way.add(new Step(program, next.getOrDefault(program, Set.of())));
    }

    private void reportCircle(FunctionSymbol back, List<Step> way) {
        StringBuilder names = new StringBuilder();
        boolean inside = false;
        for (Step step : way) {
            inside |= step.program.equals(back);
            if (inside) {
                names.append('`').append(step.program.name()).append("` → ");
            }
        }
        names.append('`').append(back.name()).append('`');
        compilation.report(
                at(back.declared(), DiagnosticCode.W0510, "tail calls lead from `" + back.name() + "` back to it")
                        .withNote(names.toString())
                        .withNote("a run goes through " + MOST + " tail calls; the next one takes its `else`"));
    }

    private void reportLength(FunctionSymbol program, Chain chain) {
        StringBuilder names = new StringBuilder();
        for (Chain at = chain; at != null; at = at.rest) {
            names.append(names.isEmpty() ? "`" : " → `").append(at.first.name()).append('`');
        }
        compilation.report(at(
                        program.declared(),
                        DiagnosticCode.E0430,
                        "a chain of " + (chain.length - 1) + " tail calls begins in `" + program.name() + "`")
                .withNote(names.toString())
                .withNote("a run goes through " + MOST + " tail calls at most")
                .withHelp("let some of the programs share their work in functions"));
    }
}
