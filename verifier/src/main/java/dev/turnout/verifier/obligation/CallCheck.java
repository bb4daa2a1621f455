package dev.turnout.verifier.obligation;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.program.AttachType;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.report.Violation;
import java.util.Optional;

/** What single helpers demand besides their rows: of an argument's number, of several arguments together, of the place of the call. */
final class CallCheck {
    /** Errors are numbers from -4095 to -1. */
    private static final long MOST_ERROR = 4095;

    private final BpfProgram program;

    CallCheck(BpfProgram program) {
        this.program = program;
    }

    /** All arguments are what the row says; are they together what the helper takes? */
    Optional<Violation> check(State state, int slot, HelperFunction helper) {
        return switch (helper) {
            case GET_LOCAL_STORAGE ->
                number(state, Reg.R2).equals(Num.constant(0))
                        ? Optional.empty()
                        : argument(
                                slot,
                                helper,
                                Reg.R2,
                                "0: there are no flags, and no error that could say so",
                                number(state, Reg.R2));
            case SET_RETVAL -> result(state, slot, helper);
            case SNPRINTF -> printed(state, slot, helper);
            case GET_FUNC_IP -> entered(slot, helper);
            default -> Optional.empty(); // The row says all of the others.
        };
    }

    private static Num number(State state, Reg reg) {
        return state.reg(reg) instanceof Value.Scalar scalar ? state.num(scalar) : Num.top();
    }

    private static Optional<Violation> argument(int slot, HelperFunction helper, Reg reg, String must, Num is) {
        return Optional.of(Violation.of(
                        DiagnosticCode.V0123,
                        slot,
                        "argument " + reg.number() + " of `" + helper.word() + "` must be " + must)
                .note("it is " + is)
                .about(reg));
    }

    /** What a hook of a cgroup gives back in its program's place: an error, or 0. Reading options may give anything. */
    private Optional<Violation> result(State state, int slot, HelperFunction helper) {
        if (program.type().filter(type -> type == ProgramType.LSM).isPresent()) {
            return Optional.of(Violation.of(
                    DiagnosticCode.V0134,
                    slot,
                    "which results the hook takes is not known here: types of the kernel are needed"));
        }
        Num num = number(state, Reg.R1);
        boolean any = program.attach() == AttachType.CGROUP_GETSOCKOPT;
        return state.reg(Reg.R1) instanceof Value.Scalar && (any || (num.sMin32() >= -MOST_ERROR && num.sMax32() <= 0))
                ? Optional.empty()
                : argument(slot, helper, Reg.R1, any ? "a number" : "0, or an error from -4095 on", num);
    }

    /** The values to print are eight bytes each, and the format prints no more of them than there are. */
    private Optional<Violation> printed(State state, int slot, HelperFunction helper) {
        Num bytes = number(state, Reg.R5);
        // Of a length that is not one number Linux counts the bits that are known.
        long known = bytes.bits().value();
        if (known % 8 != 0) {
            return argument(slot, helper, Reg.R5, "a length that 8 divides: a value is 8 bytes", bytes);
        }
        ConstantText format = ConstantText.at(program, state, state.reg(Reg.R3));
        return PrintFormat.wrong(format.text(), (int) (known / 8))
                .map(why -> Violation.of(
                                DiagnosticCode.V0123, slot, "the format given to `" + helper.word() + "` is not taken")
                        .note(why)
                        .about(Reg.R3));
    }

    /** Only entries of functions have one to ask for. */
    private Optional<Violation> entered(int slot, HelperFunction helper) {
        boolean entry = switch (program.attach()) {
            case TRACE_FENTRY, TRACE_FEXIT, MODIFY_RETURN, TRACE_FSESSION -> true;
            case TRACE_FENTRY_MULTI, TRACE_FEXIT_MULTI, TRACE_FSESSION_MULTI -> true;
            default ->
                program.type().filter(type -> type == ProgramType.KPROBE).isPresent(); // No other is at a function.
        };
        return entry
                ? Optional.empty()
                : Optional.of(Violation.of(
                        DiagnosticCode.V0124,
                        slot,
                        "`" + helper.word()
                                + "` is for programs at the entry or the exit of a function, which this is not"));
    }
}
