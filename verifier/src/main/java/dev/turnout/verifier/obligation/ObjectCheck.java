package dev.turnout.verifier.obligation;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapField;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.kfunc.KernelArgument;
import dev.turnout.stdlib.kfunc.KernelFunction;
import dev.turnout.stdlib.program.AttachType;
import dev.turnout.stdlib.program.ProgramSection;
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
    private final BpfProgram program;
    private final OwnFields own;

    ObjectCheck(BpfProgram program) {
        this.program = program;
        this.own = new OwnFields(program);
    }

    Optional<Violation> argument(
            State state, SlotCheck.Argument argument, KernelFunction function, KernelArgument kind, Value value) {
        return switch (kind) {
            case LOCAL_TYPE -> type(state, argument, value);
            case ALLOCATED ->
                whole(state, argument, value, List.of(Standing.OWNED), "an object that the program owns")
                        .or(() -> freed(argument, value));
            case COUNTED -> counted(state, argument, value);
            case LIST_HEAD -> root(state, argument, value, MapField.Kind.LIST_HEAD);
            case TREE_ROOT -> root(state, argument, value, MapField.Kind.RB_ROOT);
            case LIST_NODE -> node(state, argument, value, MapField.Kind.LIST_HEAD, Need.OWNED);
            case LIST_NODE_SEEN -> node(state, argument, value, MapField.Kind.LIST_HEAD, Need.EITHER);
            case TREE_NODE ->
                node(
                        state,
                        argument,
                        value,
                        MapField.Kind.RB_ROOT,
                        function == KernelFunction.RBTREE_ADD || function == KernelFunction.RBTREE_ADD_IMPL
                                ? Need.OWNED
                                : Need.EITHER);
            default -> throw new IllegalStateException("no object: " + kind);
        };
    }

    private Optional<Violation> type(State state, SlotCheck.Argument argument, Value value) {
        return value instanceof Value.Scalar number
                        && state.num(number).isConstant()
                        && own.objects()
                                .ofNumber(state.num(number).constant(), Standing.OWNED)
                                .isPresent()
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

    /** Programs that may run anywhere, even where an interrupt was not expected, free nothing whose parts take locks to be freed. */
    private Optional<Violation> freed(SlotCheck.Argument argument, Value value) {
        boolean anywhere = program.type()
                .map(type -> switch (type) {
                    case KPROBE, TRACEPOINT, PERF_EVENT, RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE -> true;
                    case TRACING ->
                        program.attach() != AttachType.TRACE_ITER && !program.has(ProgramSection.Trait.SLEEPABLE);
                    default -> false; // All others are called where locks may be taken.
                })
                .orElse(false);
        return anywhere
                        && value instanceof Value.Pointer pointer
                        && own.of(pointer.region()).stream().map(MapField::kind).anyMatch(ObjectCheck::takesLocks)
                ? Optional.of(argument.must(
                                DiagnosticCode.V0152,
                                "an object without pointers, lists and trees in a tracing program")
                        .note("it is " + value.words() + ", and to free what it holds takes locks"))
                : Optional.empty();
    }

    private static boolean takesLocks(MapField.Kind kind) {
        return switch (kind) {
            case SPIN_LOCK, RES_SPIN_LOCK, REFCOUNT, TIMER, WORKQUEUE, TASK_WORK, KPTR_UNTRUSTED -> false;
            case KPTR, KPTR_PERCPU, USER_POINTER, LIST_HEAD, LIST_NODE, RB_ROOT, RB_NODE -> true;
        };
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

    /** What the program has to have to do with an object to hand over its node. */
    private enum Need {
        OWNED("the program owns"),
        EITHER("the program owns, or sees under the lock");

        private final String words;

        Need(String words) {
            this.words = words;
        }

        boolean isMet(Standing standing) {
            return switch (this) {
                case OWNED -> standing == Standing.OWNED;
                case EITHER -> standing == Standing.OWNED || standing == Standing.SEEN;
            };
        }
    }

    private Optional<Violation> node(
            State state, SlotCheck.Argument argument, Value value, MapField.Kind kind, Need need) {
        Optional<MapField> root = own.field(state, state.reg(Reg.R1), kind);
        if (root.isEmpty()) {
            return Optional.empty(); // Argument 1 has said so.
        }
        OptionalLong at = own.objects().offset(root.get().type(), root.get().node());
        boolean right = value instanceof Value.Pointer pointer
                && pointer.region() instanceof Region.Allocated object
                && object.name().equals(root.get().type())
                && need.isMet(object.standing())
                && (object.standing() != Standing.OWNED || state.held().holds(pointer.resource()))
                && at.isPresent()
                && state.offset(pointer).equals(Num.constant(at.getAsLong()));
        return mayBeNull(argument, value)
                .or(() -> right
                        ? Optional.empty()
                        : Optional.of(argument.must(
                                        need == Need.OWNED ? DiagnosticCode.V0142 : DiagnosticCode.V0152,
                                        "the node `" + root.get().node() + "` of a `struct "
                                                + root.get().type() + "` that " + need.words)
                                .note("it is " + value.words() + standing(value))));
    }
}
