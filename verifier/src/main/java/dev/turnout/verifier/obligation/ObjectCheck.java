package dev.turnout.verifier.obligation;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapField;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.kfunc.KernelArgument;
import dev.turnout.stdlib.kfunc.KernelFunction;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.Region.Standing;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.kernel.OwnFields;
import dev.turnout.verifier.report.Violation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Objects that a program allocates, and the lists and trees that they hang in: what is given back is owned, a list or tree is reached under
 * the lock of the memory that it lies in, and what hangs in it is of the type that it was declared to hold, at the node that it was declared
 * to hang by.
 */
final class ObjectCheck {
    private final OwnFields own;

    ObjectCheck(BpfProgram program) {
        this.own = new OwnFields(program);
    }

    Optional<Violation> argument(
            State state, SlotCheck.Argument argument, KernelFunction function, KernelArgument kind, Value value) {
        return switch (kind) {
            case LOCAL_TYPE -> type(state, argument, value);
            case ALLOCATED -> whole(state, argument, value, List.of(Standing.OWNED), "an object that the program owns");
            case COUNTED -> counted(state, argument, value);
            case LIST_HEAD -> root(state, argument, value, MapField.Kind.LIST_HEAD);
            case TREE_ROOT -> root(state, argument, value, MapField.Kind.RB_ROOT);
            case LIST_NODE -> node(state, argument, value, MapField.Kind.LIST_HEAD, Standing.OWNED);
            case LIST_NODE_SEEN -> node(state, argument, value, MapField.Kind.LIST_HEAD, Standing.SEEN);
            case TREE_NODE ->
                node(
                        state,
                        argument,
                        value,
                        MapField.Kind.RB_ROOT,
                        function == KernelFunction.RBTREE_ADD || function == KernelFunction.RBTREE_ADD_IMPL
                                ? Standing.OWNED
                                : Standing.SEEN);
            default -> throw new IllegalStateException("no object: " + kind);
        };
    }

    private Optional<Violation> type(State state, SlotCheck.Argument argument, Value value) {
        return value instanceof Value.Scalar number
                        && state.num(number).isConstant()
                        && own.objects().ofNumber(state.num(number).constant(), Standing.OWNED).isPresent()
                ? Optional.empty()
                : wrong(argument, "the number of a struct of the program's own types, known when it is loaded", value);
    }

    private static Optional<Violation> wrong(SlotCheck.Argument argument, String what, Value value) {
        return Optional.of(argument.must(DiagnosticCode.V0152, what).note("it is " + value.words()));
    }

    private static Optional<Violation> mayBeNull(SlotCheck.Argument argument, Value value) {
        return value instanceof Value.Pointer pointer && pointer.isNullable()
                ? Optional.of(AccessCheck.mayBeNull(
                        argument.slot(), Reg.argument(argument.index()).toString(), pointer))
                : Optional.empty();
    }

    private static Optional<Violation> whole(
            State state, SlotCheck.Argument argument, Value value, List<Standing> standings, String what) {
        boolean right = value instanceof Value.Pointer pointer
                && pointer.region() instanceof Region.Allocated object
                && standings.contains(object.standing())
                && (object.standing() != Standing.OWNED || state.held().holds(pointer.resource()))
                && pointer.form().equals(Form.ZERO);
        return mayBeNull(argument, value)
                .or(() -> right
                        ? Optional.empty()
                        : Optional.of(argument.must(DiagnosticCode.V0142, what)
                                .note("it is " + value.words() + standing(value))));
    }

    private static String standing(Value value) {
        return value instanceof Value.Pointer pointer && pointer.region() instanceof Region.Allocated object
                ? switch (object.standing()) {
                    case OWNED -> ", which the program owns";
                    case SEEN -> ", which hangs in a list or tree";
                    case KEPT -> ", which a map keeps";
                    case LOST -> ", which may be gone";
                }
                : "";
    }

    private Optional<Violation> counted(State state, SlotCheck.Argument argument, Value value) {
        return whole(
                        state,
                        argument,
                        value,
                        List.of(Standing.OWNED, Standing.SEEN, Standing.KEPT),
                        "an object that is owned, or seen under its lock")
                .or(() -> value instanceof Value.Pointer pointer
                                && pointer.region() instanceof Region.Allocated object
                                && own.objects().fields(object).stream()
                                        .anyMatch(field -> field.kind() == MapField.Kind.REFCOUNT)
                        ? Optional.empty()
                        : wrong(argument, "an object whose type has a `bpf_refcount`", value));
    }

    private Optional<Violation> root(State state, SlotCheck.Argument argument, Value value, MapField.Kind kind) {
        String what = "a `" + kind.kernelName() + "` in a map's value or an object, at a constant offset";
        if (mayBeNull(argument, value).isPresent()) {
            return mayBeNull(argument, value);
        }
        if (own.field(state, value, kind).isEmpty() || !(value instanceof Value.Pointer pointer)) {
            return wrong(argument, what, value);
        }
        boolean locked = state.held().locks().stream().anyMatch(lock -> lock.is(lock.kind(), pointer));
        return locked
                ? Optional.empty()
                : Optional.of(Violation.of(
                                DiagnosticCode.V0143,
                                argument.slot(),
                                "`" + argument.name() + "` is called without the lock of what argument "
                                        + (argument.index() + 1) + " lies in")
                        .help("lock the `bpf_spin_lock` that stands beside the `" + kind.kernelName() + "` first"));
    }

    private Optional<Violation> node(
            State state, SlotCheck.Argument argument, Value value, MapField.Kind kind, Standing standing) {
        Optional<MapField> root = own.field(state, state.reg(Reg.R1), kind);
        if (root.isEmpty()) {
            return Optional.empty(); // Argument 1 has said so.
        }
        OptionalLong at = own.objects().offset(root.get().type(), root.get().node());
        boolean right = value instanceof Value.Pointer pointer
                && pointer.region() instanceof Region.Allocated object
                && object.name().equals(root.get().type())
                && object.standing() == standing
                && (standing != Standing.OWNED || state.held().holds(pointer.resource()))
                && at.isPresent()
                && state.offset(pointer).equals(Num.constant(at.getAsLong()));
        return mayBeNull(argument, value)
                .or(() -> right
                        ? Optional.empty()
                        : Optional.of(argument.must(
                                        standing == Standing.OWNED ? DiagnosticCode.V0142 : DiagnosticCode.V0152,
                                        "the node `" + root.get().node() + "` of a `struct "
                                                + root.get().type() + "` that "
                                                + (standing == Standing.OWNED
                                                        ? "the program owns"
                                                        : "hangs in a list or tree, and is seen under its lock"))
                                .note("it is " + value.words() + standing(value))));
    }
}
