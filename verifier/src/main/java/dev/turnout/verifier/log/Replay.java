package dev.turnout.verifier.log;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.invariant.Root;
import dev.turnout.verifier.report.Course.Stop;
import dev.turnout.verifier.signature.Signatures;
import dev.turnout.verifier.transfer.Branching;
import dev.turnout.verifier.transfer.EntryState;
import dev.turnout.verifier.transfer.Transfer;
import java.util.Optional;

/**
 * What is known along one way: the transfer function once more, without joins. Where the way goes through what only the walk can
 * follow (a callback), nothing is known any more: this is for words, and says less rather than something wrong.
 */
final class Replay {
    private final BpfProgram program;
    private final Transfer transfer;
    private Optional<State> state;

    /** Begins where main does, or a function that is verified alone. */
    Replay(BpfProgram program, int start) {
        this.program = program;
        this.transfer = new Transfer(program, Options.kernel());
        // What is called later begins with what the kernel gives it, which the way does not say.
        boolean known =
                start == 0 || Signatures.of(program, Options.kernel()).at(start).isPresent();
        this.state = known
                ? Optional.of(EntryState.of(
                        program,
                        Options.kernel(),
                        new Root.Function(program.functions().indexOf(program.functionAt(start)))))
                : Optional.empty();
    }

    Optional<State> state() {
        return state;
    }

    /** Goes through the instruction of {@code stop} to that of {@code next}. */
    void step(Stop stop, Stop next) {
        state = state.filter(now -> follows(now, stop, next));
    }

    private boolean follows(State now, Stop stop, Stop next) {
        Insn insn = program.code().at(stop.slot());
        boolean deeper = next.depth() > stop.depth();
        return switch (insn) {
            case Insn.JumpIf jump ->
                stop.to() == Stop.ONLY
                        || Branching.assume(
                                now, jump, stop.to() != program.code().next(stop.slot()));
            case Insn.CallLocal _ -> {
                now.enter();
                yield true;
            }
            case Insn.Exit _ -> {
                if (now.depth() == 0) {
                    yield false;
                }
                now.leave();
                yield true;
            }
            case Insn.CallHelper _, Insn.CallKernel _, Insn.CallIndirect _ -> {
                if (!deeper) {
                    transfer.step(now, stop.slot(), insn);
                }
                yield !deeper && stop.to() == Stop.ONLY;
            }
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Wide _, Insn.Load _, Insn.Store _ -> {
                transfer.step(now, stop.slot(), insn);
                yield true;
            }
            case Insn.Atomic _, Insn.PacketLoad _ -> {
                transfer.step(now, stop.slot(), insn);
                yield true;
            }
            case Insn.Jump _, Insn.StaticJump _, Insn.MayGoto _, Insn.JumpIndirect _ -> true;
        };
    }
}
