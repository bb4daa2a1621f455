package dev.turnout.verifier.obligation;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.domain.Held;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.kernel.ReadSections;
import dev.turnout.verifier.report.Violation;
import java.util.Optional;

/** What a program holds where it must hold nothing, and what it does where it may not. */
final class HeldCheck {
    private final ReadSections sections;

    HeldCheck(BpfProgram program) {
        this.sections = ReadSections.of(program);
    }

    /**
     * Nothing is held, and no region is open, where control leaves for good. A function that returns may leave to its caller what it
     * took, but a tail call out of it takes the program's locks and regions with it.
     *
     * @param what leaves, as a sentence begins
     */
    Optional<Violation> leaves(State state, int slot, String what) {
        return leaves(state, slot, what, state.depth() == 0);
    }

    /** The same where it leaves all functions that are active. */
    Optional<Violation> leavesAll(State state, int slot, String what) {
        return leaves(state, slot, what, true);
    }

    private static Optional<Violation> leaves(State state, int slot, String what, boolean all) {
        Held held = state.held();
        if (!held.locks().isEmpty()) {
            return Optional.of(
                    open(slot, what, "a lock is held", held.locks().getLast().slot())
                            .help("unlock it on every way to here"));
        }
        if (all && !held.resources().isEmpty()) {
            Held.Resource first = held.resources().getFirst();
            return Optional.of(Violation.of(DiagnosticCode.V0141, slot, what + " without giving back " + first.words())
                    .note("it was taken at instruction " + first.slot()
                            + ", and on some way to here nothing gives it back")
                    .help("give it back on every way to here"));
        }
        if (!held.interrupts().isEmpty()) {
            return Optional.of(Violation.of(DiagnosticCode.V0144, slot, what + " while interrupts are off")
                    .help("restore the saved flags on every way to here"));
        }
        if (held.readSections() > 0) {
            return Optional.of(Violation.of(DiagnosticCode.V0144, slot, what + " inside of an RCU read section")
                    .help("call `bpf_rcu_read_unlock` on every way to here"));
        }
        if (held.preemptions() > 0) {
            return Optional.of(Violation.of(DiagnosticCode.V0144, slot, what + " while preemption is off")
                    .help("call `bpf_preempt_enable` on every way to here"));
        }
        return Optional.empty();
    }

    private static Violation open(int slot, String what, String condition, int since) {
        return Violation.of(DiagnosticCode.V0144, slot, what + " while " + condition)
                .note("it was taken at instruction " + since);
    }

    /** While a lock is held, hardly anything is called: nobody knows for how long, or what that would lock. */
    Optional<Violation> called(State state, int slot, String name, boolean underLock) {
        if (state.rest() == State.Rest.COMPARING) {
            return Optional.of(Violation.of(
                    DiagnosticCode.V0144,
                    slot,
                    "`" + name
                            + "` is called by a function that compares what hangs in a tree, under the tree's lock"));
        }
        return state.held().locks().isEmpty() || underLock
                ? Optional.empty()
                : Optional.of(open(
                                slot,
                                "`" + name + "` is called",
                                "a lock is held",
                                state.held().locks().getLast().slot())
                        .help("unlock first"));
    }

    /** What may sleep does so outside of all regions only. */
    Optional<Violation> rests(State state, int slot, String name) {
        if (state.rest() == State.Rest.FORBIDDEN) {
            return Optional.of(Violation.of(
                    DiagnosticCode.V0144,
                    slot,
                    "`" + name + "` may sleep, and is called where a timer ends, which may not"));
        }
        return state.held().isAtomic()
                ? Optional.of(Violation.of(
                        DiagnosticCode.V0144, slot, "`" + name + "` may sleep, and is called " + where(state.held())))
                : Optional.empty();
    }

    private static String where(Held held) {
        if (held.readSections() > 0) {
            return "inside of an RCU read section";
        }
        if (held.preemptions() > 0) {
            return "while preemption is off";
        }
        return held.interrupts().isEmpty() ? "while a lock is held" : "while interrupts are off";
    }

    /** Whether RCU keeps objects alive here: programs that may not sleep run inside of a read section. */
    boolean inReadSection(State state) {
        return sections.around(state);
    }

    /** Whether runs may sleep where no region is open. */
    boolean maySleep(State state) {
        return sections.maySleep(state);
    }
}
