package dev.turnout.verifier.obligation;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapField;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.kernel.KernelTypes;
import dev.turnout.verifier.kernel.OwnFields;
import dev.turnout.verifier.report.Violation;
import java.util.Optional;

/** What {@code kptr_xchg} takes: a place of a map's value that keeps a counted pointer, and what shall be kept there instead. */
final class KeptPointerCheck {
    private final OwnFields own;
    private final FieldCheck fields;
    private final KernelTypes types;

    KeptPointerCheck(BpfProgram program, FieldCheck fields) {
        this.own = new OwnFields(program);
        this.fields = fields;
        this.types = KernelTypes.of(program);
    }

    Optional<Violation> place(State state, int slot, HelperFunction helper) {
        SlotCheck.Argument argument = new SlotCheck.Argument(slot, helper.word(), 0);
        return fields.field(state, argument, state.reg(Reg.R1), MapField.Kind.KPTR)
                .or(() -> field(state)
                        .filter(field -> types.typeOf(object(field)) == 0
                                && own.objects()
                                        .named(field.type(), Region.Standing.OWNED)
                                        .isEmpty())
                        .map(field -> Violation.of(
                                        DiagnosticCode.V0134,
                                        slot,
                                        "what `" + helper.word() + "` finds in a map that keeps a `" + field.type()
                                                + "` is known from the kernel's types only")
                                .help("give the kernel's types: `--btf FILE`, where FILE is its"
                                        + " `/sys/kernel/btf/vmlinux`")));
    }

    private static Region.KernelObject object(MapField field) {
        return new Region.KernelObject(field.type(), 0, Region.Trust.TRUSTED);
    }

    private Optional<MapField> field(State state) {
        return own.field(state, state.reg(Reg.R1), MapField.Kind.KPTR);
    }

    private static Optional<String> name(Region region) {
        return region instanceof Region.KernelObject object
                ? Optional.of(object.name())
                : region instanceof Region.Allocated object ? Optional.of(object.name()) : Optional.empty();
    }

    /** Null, which {@link ArgumentCheck} has let pass, or an object of the field's type that the program holds. */
    Optional<Violation> kept(State state, int slot, HelperFunction helper) {
        SlotCheck.Argument argument = new SlotCheck.Argument(slot, helper.word(), 1);
        Value value = state.reg(Reg.R2);
        String what = field(state)
                .map(field -> "a `struct " + field.type() + "` of the kernel that the program holds, or 0")
                .orElse("an object that the program holds, or 0");
        boolean right = value instanceof Value.Pointer pointer
                && name(pointer.region()).isPresent()
                && pointer.form().equals(Form.ZERO)
                && state.held().holds(pointer.resource())
                && field(state)
                        .filter(field ->
                                field.type().equals(name(pointer.region()).get()))
                        .isPresent();
        return right
                ? Optional.empty()
                : Optional.of(argument.must(DiagnosticCode.V0142, what).note("it is " + value.words()));
    }
}
