package dev.turnout.verifier.obligation;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.report.Violation;
import dev.turnout.verifier.signature.Parameter;
import dev.turnout.verifier.signature.Signature;
import java.util.List;
import java.util.Optional;

/** Whether a call of a global function passes what the function's types promise to it. */
final class SignatureCheck {
    /** Linux's bound on what is passed. */
    private static final long MOST_BYTES = 1L << 29;

    private final AccessCheck access;
    private final HeldCheck held;

    SignatureCheck(AccessCheck access, HeldCheck held) {
        this.access = access;
        this.held = held;
    }

    Optional<Violation> call(State state, int slot, Signature signature) {
        return switch (signature) {
            case Signature.Untyped(int _, String name, String why, boolean forTypes) ->
                Optional.of(Violation.of(
                                DiagnosticCode.V0134,
                                slot,
                                "`" + name + "` cannot be verified alone, as a global function is")
                        .note(why)
                        .help("declare it `static`, so that it is verified with what its callers pass"));
            case Signature.Typed typed ->
                held.called(state, slot, typed.name(), false)
                        .or(() -> typed.sleeps() ? held.rests(state, slot, typed.name()) : Optional.empty())
                        .or(() -> arguments(state, slot, typed));
        };
    }

    private Optional<Violation> arguments(State state, int slot, Signature.Typed signature) {
        for (int i = 0; i < signature.parameters().size(); i++) {
            Reg reg = Reg.argument(i);
            SlotCheck.Argument argument = new SlotCheck.Argument(slot, signature.name(), i);
            Optional<Violation> violation =
                    argument(state, argument, signature, signature.parameters().get(i), state.reg(reg));
            if (violation.isPresent()) {
                return violation.map(v -> v.about(reg)
                        .note("`" + signature.name() + "` is global: it was verified for any arguments of its types"));
            }
        }
        return Optional.empty();
    }

    private Optional<Violation> argument(
            State state, SlotCheck.Argument argument, Signature.Typed signature, Parameter parameter, Value value) {
        return switch (parameter) {
            case Parameter.Number _ ->
                value instanceof Value.Scalar ? Optional.empty() : must(argument, "a number", value);
            case Parameter.ArenaAddress _ ->
                value instanceof Value.Scalar
                                || (value instanceof Value.Pointer pointer && pointer.region() instanceof Region.Arena)
                        ? Optional.empty()
                        : must(argument, "an address in an arena, or a number", value);
            case Parameter.Context _ ->
                value instanceof Value.Pointer pointer
                                && pointer.region() instanceof Region.Context
                                && pointer.form().equals(Form.ZERO)
                        ? Optional.empty()
                        : must(argument, "the program's own context", value);
            case Parameter.Dynptr _ -> SlotCheck.dynptr(state, argument, value, List.of(), false);
            case Parameter.Memory memory -> memory(state, argument, signature, memory, value);
        };
    }

    private static Optional<Violation> must(SlotCheck.Argument argument, String required, Value value) {
        return Optional.of(argument.must(DiagnosticCode.V0123, required).note("it is " + value.words()));
    }

    private Optional<Violation> memory(
            State state, SlotCheck.Argument argument, Signature.Typed signature, Parameter.Memory memory, Value value) {
        boolean isNull =
                value instanceof Value.Scalar scalar && state.num(scalar).equals(Num.constant(0));
        boolean mayBeNull = isNull || (value instanceof Value.Pointer pointer && pointer.isNullable());
        if (mayBeNull && !memory.nullable()) {
            return Optional.of(argument.must(DiagnosticCode.V0123, "something else than null")
                    .note("it is " + value.words())
                    .help("compare it with null before the call, or take the tag `nonnull` off the parameter"));
        }
        if (isNull) {
            return Optional.empty();
        }
        if (!(value instanceof Value.Pointer pointer)) {
            return must(argument, "a pointer to " + memory.bytes() + " bytes", value);
        }
        if (memory.bytes() > MOST_BYTES) {
            return must(argument, "a pointer to " + memory.bytes() + " bytes, more than can be passed", value);
        }
        if (State.isPacket(pointer.region()) && signature.movesPacket()) {
            return Optional.of(argument.must(DiagnosticCode.V0123, "something else than a part of the packet")
                    .note("`" + signature.name() + "` may move the packet")
                    .help("copy the bytes to the stack, and pass those"));
        }
        Num bytes = Num.constant(memory.bytes());
        Value.Pointer there = pointer.orNull(0);
        return access.checkHelper(state, argument.slot(), there, bytes, false, true)
                .or(() -> access.checkHelper(state, argument.slot(), there, bytes, true, true))
                .map(v -> v.note("argument " + (argument.index() + 1) + " of `" + signature.name() + "`, "
                        + memory.bytes() + " bytes"));
    }
}
