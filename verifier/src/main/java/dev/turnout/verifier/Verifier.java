package dev.turnout.verifier;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.cfg.Structure;
import dev.turnout.verifier.fixpoint.Analysis;
import dev.turnout.verifier.invariant.CallGraph;
import dev.turnout.verifier.invariant.InvariantTable;
import dev.turnout.verifier.invariant.Root;
import dev.turnout.verifier.obligation.LoadRules;
import dev.turnout.verifier.report.Violation;
import dev.turnout.verifier.signature.Signatures;
import dev.turnout.verifier.walk.Walk;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The door: proves a program or says what could not be proven. Never hangs, never throws at bad programs. */
public final class Verifier {
    private Verifier() {}

    public static Verdict verify(BpfProgram program, Options options) {
        List<Violation> broken = broken(program, options);
        return broken.isEmpty()
                ? whole(program, options, root -> one(program, options, Analysis.of(program, options, root), root))
                : new Verdict.Rejected(broken, 0);
    }

    /** What needs no analysis. */
    private static List<Violation> broken(BpfProgram program, Options options) {
        List<Violation> structure = Structure.check(program, options);
        return structure.isEmpty() ? LoadRules.check(program, options) : structure;
    }

    /** The walk's verdict alone, for tests: both engines are held to the same. */
    static Verdict walked(BpfProgram program, Options options) {
        List<Violation> broken = broken(program, options);
        Analysis.Outcome nothing = new Analysis.Outcome(List.of(), true, new InvariantTable(program), 0);
        return broken.isEmpty()
                ? whole(program, options, root -> one(program, options, nothing, root))
                : new Verdict.Rejected(broken, 0);
    }

    /**
     * What was found of one function that is verified alone.
     *
     * @param violations empty if all is proven
     */
    private record Part(List<Violation> violations, InvariantTable table, long steps) {}

    /**
     * Main, and then all functions that are called and verified alone, or called later by the kernel: Linux takes no interest in those
     * that nothing calls.
     */
    private static Verdict whole(BpfProgram program, Options options, Function<Root, Part> parts) {
        Signatures signatures = Signatures.of(program, options);
        InvariantTable table = new InvariantTable(program);
        Deque<Root> waiting = new ArrayDeque<>(List.of(new Root.Function(0)));
        Set<Root> met = new HashSet<>(waiting);
        long steps = 0;
        while (!waiting.isEmpty()) {
            Part part = parts.apply(waiting.remove());
            steps += part.steps;
            if (!part.violations.isEmpty()) {
                return new Verdict.Rejected(part.violations, steps);
            }
            table.add(part.table);
            for (CallGraph.Call call : part.table.calls().calls()) {
                boolean alone = signatures
                        .at(program.functions().get(call.callee()).start())
                        .isPresent();
                if (alone && met.add(new Root.Function(call.callee()))) {
                    waiting.add(new Root.Function(call.callee()));
                }
            }
            for (Root later : part.table.later()) {
                table.calls().callback(later.function());
                if (met.add(later)) {
                    waiting.add(later);
                }
            }
        }
        List<Integer> circle = table.calls().circle();
        if (!circle.isEmpty()) {
            return new Verdict.Rejected(List.of(recursion(program, circle)), steps);
        }
        TreeMap<Integer, Violation> violations = new TreeMap<>();
        table.check(options, violations);
        return violations.isEmpty()
                ? new Verdict.Verified(
                        new VerifiedProgram(program, new Invariants(table.rows(), table.loads(), table.ways())), steps)
                : new Verdict.Rejected(List.copyOf(violations.values()), steps);
    }

    /** What the walk says where the fixpoint has not proven everything. */
    private static Part one(BpfProgram program, Options options, Analysis.Outcome proof, Root root) {
        if (proof.proves()) {
            return new Part(List.of(), proof.table(), proof.steps());
        }
        Walk.Outcome walk = Walk.of(program, options, root);
        long steps = proof.steps() + walk.steps();
        return switch (walk) {
            case Walk.Outcome.Proven proven -> new Part(List.of(), proven.table(), steps);
            case Walk.Outcome.Broken broken -> new Part(List.of(broken.violation()), proof.table(), steps);
            case Walk.Outcome.Exhausted _ ->
                new Part(
                        proof.violations().isEmpty() ? List.of(undecided()) : proof.violations(), proof.table(), steps);
        };
    }

    private static Violation undecided() {
        return Violation.of(DiagnosticCode.V0109, 0, "the program has too many paths to decide")
                .note("what it holds depends on the way that control came, so its paths were followed one by one")
                .help("take and give back what must be given back in one place, or split the program");
    }

    private static Violation recursion(BpfProgram program, List<Integer> circle) {
        List<BpfProgram.FunctionRange> functions =
                circle.stream().map(program.functions()::get).toList();
        String names = functions.stream().map(f -> "`" + f.name() + "`").collect(Collectors.joining(" → "));
        return Violation.of(
                        DiagnosticCode.V0105,
                        functions.getFirst().start(),
                        "function `" + functions.getFirst().name() + "` calls itself")
                .note("a function that is still active is called again: " + names)
                .help("write a loop instead");
    }
}
