package dev.turnout.verifier.fixpoint;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.cfg.ControlFlow;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.invariant.InvariantTable;
import dev.turnout.verifier.invariant.Root;
import dev.turnout.verifier.obligation.Checker;
import dev.turnout.verifier.report.Violation;
import dev.turnout.verifier.transfer.EntryState;
import dev.turnout.verifier.transfer.Transfer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The proof of a program that the structural rules have passed: invariants first, then every obligation of every reachable
 * instruction judged on them.
 */
public final class Analysis {
    private final BpfProgram program;
    private final Options options;
    private final InvariantTable table;
    private final TreeMap<Integer, Violation> violations = new TreeMap<>();

    private Analysis(BpfProgram program, Options options) {
        this.program = program;
        this.options = options;
        this.table = new InvariantTable(program);
    }

    /**
     * What was found.
     *
     * @param violations in order of slots; empty if everything is proven
     * @param torn whether states met that are not to be joined: then nothing is decided
     * @param steps instructions visited
     */
    public record Outcome(List<Violation> violations, boolean torn, InvariantTable table, long steps) {
        /** Whether all is proven. */
        public boolean proves() {
            return violations.isEmpty() && !torn;
        }
    }

    /** The proof of all runs that begin there, with all functions that they go through. */
    public static Outcome of(BpfProgram program, Options options, Root root) {
        return new Analysis(program, options).run(root);
    }

    private Outcome run(Root root) {
        Fixpoint fixpoint = new Fixpoint(program, options);
        Trace trace = fixpoint.run(root.function(), EntryState.of(program, options, root));
        for (Violation violation : trace.violations()) {
            violations.putIfAbsent(violation.slot(), violation);
        }
        judge(fixpoint, trace);
        table.calls().add(trace.calls());
        table.ways().add(trace.ways());
        table.check(options, violations);
        return new Outcome(onePerFunction(), trace.isTorn(), table, fixpoint.steps());
    }

    /** Goes once more through every block from the state at its head. A block that fails is not followed further. */
    private void judge(Fixpoint fixpoint, Trace trace) {
        Transfer transfer = new Transfer(program, options);
        Checker checker = new Checker(program, options);
        for (Trace.Entry entry : trace.entries()) {
            ControlFlow flow = fixpoint.flow(entry.function());
            State state = entry.state().copy();
            int last = flow.last(entry.block());
            for (int slot = flow.start(entry.block()); ; slot = program.code().next(slot)) {
                Insn insn = program.code().at(slot);
                table.note(slot, state);
                Optional<Violation> violation = checker.check(state, slot, insn);
                if (violation.isPresent()) {
                    violations.putIfAbsent(slot, violation.get());
                    break;
                }
                table.noteStack(entry.active(), state, insn);
                // Jumps and calls leave the state to the fixpoint, and end blocks; a load may end one, too.
                transfer.step(state, slot, insn);
                if (insn instanceof Insn.Load load) {
                    table.noteLoad(slot, state, load.dst());
                }
                if (slot == last) {
                    break;
                }
            }
        }
    }

    /** What follows from a first mistake is not worth a message: one a function, the first by place. */
    private List<Violation> onePerFunction() {
        TreeMap<Integer, Violation> first = new TreeMap<>(Comparator.naturalOrder());
        for (Violation violation : violations.values()) {
            first.putIfAbsent(program.functionAt(violation.slot()).start(), violation);
        }
        return List.copyOf(first.values());
    }
}
