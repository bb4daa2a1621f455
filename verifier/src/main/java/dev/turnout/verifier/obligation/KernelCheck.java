package dev.turnout.verifier.obligation;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.KernelSymbol;
import dev.turnout.bpf.program.MapField;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.kfunc.KernelArgument;
import dev.turnout.stdlib.kfunc.KernelFunction;
import dev.turnout.stdlib.kfunc.KernelResult;
import dev.turnout.stdlib.program.AttachType;
import dev.turnout.stdlib.program.PacketAccess;
import dev.turnout.stdlib.program.ProgramSection;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.stdlib.program.SocketKind;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Held;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.SlotObject;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.kernel.KernelPrototypes;
import dev.turnout.verifier.kernel.KernelTypes;
import dev.turnout.verifier.report.Violation;
import java.util.List;
import java.util.Optional;

/** Whether a kernel function may be called, and its arguments are what its row demands. */
final class KernelCheck {
    /** Linux's bound on lengths. */
    private static final long MOST_BYTES = 1L << 29;

    private final BpfProgram program;
    private final AccessCheck access;
    private final HeldCheck held;
    private final FieldCheck fields;
    private final KernelPrototypes prototypes;
    private final KernelTypes types;
    private final ObjectCheck objects;

    KernelCheck(BpfProgram program, AccessCheck access, HeldCheck held, FieldCheck fields) {
        this.prototypes = KernelPrototypes.of(program);
        this.types = KernelTypes.of(program);
        this.objects = new ObjectCheck(program);
        this.program = program;
        this.access = access;
        this.held = held;
        this.fields = fields;
    }

    Optional<Violation> check(State state, int slot, Insn.CallKernel call) {
        Optional<KernelSymbol> symbol = program.kernelFunction(call);
        if (symbol.isEmpty()) {
            return Optional.of(Violation.of(DiagnosticCode.V0151, slot, "the call names no function of the kernel"));
        }
        Optional<KernelFunction> row = program.kernelRow(call);
        if (row.isEmpty()) {
            return Optional.of(
                    Violation.of(DiagnosticCode.V0134, slot, "`" + symbol.get().name() + "` needs kernel types")
                            .note("only the kernel's own types say what this function of the kernel takes and gives"));
        }
        KernelFunction function = row.get();
        Optional<Violation> violation = available(slot, function)
                .or(() -> placed(slot, function))
                .or(() -> held.called(state, slot, function.symbol(), function.underLock()))
                .or(() -> rests(state, slot, function))
                .or(() -> regions(state, slot, function));
        for (int i = 0; violation.isEmpty() && i < function.arguments().size(); i++) {
            Reg reg = Reg.argument(i);
            violation = argument(state, new SlotCheck.Argument(slot, function.symbol(), i), function, state.reg(reg))
                    .map(v -> v.about(reg));
        }
        return violation;
    }

    private Optional<Violation> available(int slot, KernelFunction function) {
        Optional<ProgramType> type = program.type();
        if (type.isEmpty() || !function.allowedIn(type.get())) {
            return Optional.of(Violation.of(
                    DiagnosticCode.V0151,
                    slot,
                    "`" + function.symbol() + "` cannot be called from "
                            + type.map(t -> "a `" + t.word() + "` program").orElse("a function without a context")));
        }
        if (function.result() instanceof KernelResult.Slice(boolean writable)
                && writable
                && type.get().packetAccess() != PacketAccess.DIRECT_WRITE) {
            return Optional.of(Violation.of(
                    DiagnosticCode.V0119,
                    slot,
                    "`" + function.symbol()
                            + "` gives bytes to write, and programs of this type may not write the packet"));
        }
        return typed(slot, function)
                .or(() -> isModelled(function)
                        ? Optional.empty()
                        : Optional.of(Violation.of(
                                DiagnosticCode.V0134, slot, "`" + function.symbol() + "` is not modelled")));
    }

    /** Some functions demand more of their callers than a type. */
    private Optional<Violation> placed(int slot, KernelFunction function) {
        boolean iterates = program.attach() == AttachType.TRACE_ITER;
        return switch (function) {
            case SOCK_DESTROY ->
                iterates ? Optional.empty() : elsewhere(slot, function, "from programs that iterate over sockets");
            case ITER_CSS_TASK_NEW ->
                iterates
                                || program.type()
                                        .filter(type -> type == ProgramType.LSM)
                                        .isPresent()
                                || program.has(ProgramSection.Trait.SLEEPABLE)
                        ? Optional.empty()
                        : elsewhere(
                                slot,
                                function,
                                "from programs of security hooks, from those that iterate, and from those that may sleep");
            default -> Optional.empty(); // All others say it by their groups.
        };
    }

    private static Optional<Violation> elsewhere(int slot, KernelFunction function, String where) {
        return Optional.of(Violation.of(
                DiagnosticCode.V0151, slot, "`" + function.symbol() + "` can be called " + where + " only"));
    }

    /** Objects of the kernel are told by its types. */
    private Optional<Violation> typed(int slot, KernelFunction function) {
        if (!function.needsKernelTypes()) {
            return Optional.empty();
        }
        if (!prototypes.isThere()) {
            return Optional.of(Violation.of(
                            DiagnosticCode.V0134, slot, "`" + function.symbol() + "` needs kernel types")
                    .help("give the kernel's types: `--btf FILE`, where FILE is its `/sys/kernel/btf/vmlinux`"));
        }
        return prototypes.has(function)
                ? Optional.empty()
                : Optional.of(Violation.of(
                        DiagnosticCode.V0151,
                        slot,
                        "the kernel whose types are given has no function `" + function.symbol() + "`"));
    }

    private static boolean isModelled(KernelFunction function) {
        boolean known = switch (function.result()) {
            case KernelResult.Nothing _, KernelResult.Number _, KernelResult.ReadOnlyMemory _ -> true;
            case KernelResult.Slice _, KernelResult.LockResult _, KernelResult.WritableMemory _ -> true;
            case KernelResult.Object _ -> true;
            case KernelResult.NewObject(boolean perCpu) -> !perCpu;
            case KernelResult.SameObject _, KernelResult.Node _ -> true;
        };
        for (KernelArgument kind : function.arguments()) {
            known &= switch (kind) {
                case NUMBER, CONSTANT, ANYTHING, IGNORED, CONTEXT, DYNPTR, DYNPTR_OUT, ITERATOR, IRQ_FLAG -> true;
                case RESILIENT_LOCK, MAP, WORKQUEUE, TIMER, MEMORY, MEMORY_OR_NULL, SIZE, CONSTANT_SIZE -> true;
                case OBJECT, OBJECT_OR_NULL, POINTEE, DYNPTR_OR_NULL -> true;
                case LOCAL_TYPE, LIST_HEAD, LIST_NODE, LIST_NODE_SEEN -> true;
                case CALLBACK -> isFollowed(function);
                case CONST_STRING -> true;
                case TREE_ROOT, TREE_NODE, COUNTED -> true;
                case ALLOCATED -> function == KernelFunction.OBJ_DROP || function == KernelFunction.OBJ_DROP_IMPL;
                case TASK_WORK -> false;
            };
        }
        return known;
    }

    private static boolean isFollowed(KernelFunction function) {
        return switch (function) {
            case WQ_SET_CALLBACK, WQ_SET_CALLBACK_IMPL, RBTREE_ADD, RBTREE_ADD_IMPL -> true;
            default -> false; // All others that call back are still to come.
        };
    }

    private Optional<Violation> rests(State state, int slot, KernelFunction function) {
        if (!function.sleeps()) {
            return Optional.empty();
        }
        return held.maySleep(state) || state.rest() == State.Rest.FORBIDDEN
                ? held.rests(state, slot, function.symbol())
                : Optional.of(Violation.of(
                        DiagnosticCode.V0151, slot, "`" + function.symbol() + "` may sleep, and this program may not"));
    }

    private Optional<Violation> regions(State state, int slot, KernelFunction function) {
        Held now = state.held();
        boolean unmatched = (function == KernelFunction.RCU_READ_UNLOCK && now.readSections() == 0)
                || (function == KernelFunction.PREEMPT_ENABLE && now.preemptions() == 0);
        if (unmatched) {
            return Optional.of(Violation.of(
                            DiagnosticCode.V0145,
                            slot,
                            "`" + function.symbol() + "` ends a region that has not begun on some way to here")
                    .help("call `"
                            + (function == KernelFunction.PREEMPT_ENABLE ? "bpf_preempt_disable" : "bpf_rcu_read_lock")
                            + "` first, on every way to here"));
        }
        return function.inRcuRegion() && !held.inReadSection(state)
                ? Optional.of(Violation.of(
                                DiagnosticCode.V0145,
                                slot,
                                "`" + function.symbol() + "` is called outside of RCU read sections")
                        .help("call `bpf_rcu_read_lock` first"))
                : Optional.empty();
    }

    private Optional<Violation> argument(
            State state, SlotCheck.Argument argument, KernelFunction function, Value value) {
        return switch (function.arguments().get(argument.index())) {
            case ANYTHING, IGNORED -> Optional.empty();
            case NUMBER -> value instanceof Value.Scalar ? Optional.empty() : wrong(argument, "a number", value);
            case CONSTANT ->
                isConstant(state, value)
                        ? cast(state, argument, function, value)
                        : wrong(argument, "a number that is known", value);
            case CONTEXT ->
                value instanceof Value.Pointer pointer
                                && pointer.region() instanceof Region.Context
                                && pointer.form().equals(Form.ZERO)
                        ? Optional.empty()
                        : wrong(argument, "the program's own context", value);
            case DYNPTR ->
                SlotCheck.dynptr(
                        state,
                        argument,
                        value,
                        function == KernelFunction.DYNPTR_FILE_DISCARD
                                ? List.of(SlotObject.Dynptr.Kind.FILE)
                                : List.of(),
                        function.releases());
            case DYNPTR_OR_NULL ->
                isZero(state, value) ? Optional.empty() : SlotCheck.dynptr(state, argument, value, List.of(), false);
            case DYNPTR_OUT -> SlotCheck.newDynptr(state, argument, value);
            case OBJECT_OR_NULL ->
                isZero(state, value) ? Optional.empty() : object(state, argument, function, value, true);
            case OBJECT -> object(state, argument, function, value, false);
            case POINTEE ->
                memory(
                        state,
                        argument,
                        function,
                        value,
                        Num.constant(prototypes.pointeeBytes(function, argument.index())));
            case ITERATOR -> SlotCheck.iterator(state, argument, function, value);
            case IRQ_FLAG -> flags(state, argument, function, value);
            case RESILIENT_LOCK -> lock(state, argument, function, value);
            case MAP -> map(state, argument, value);
            case WORKQUEUE -> fields.field(state, argument, value, MapField.Kind.WORKQUEUE);
            case TIMER -> fields.field(state, argument, value, MapField.Kind.TIMER);
            case MEMORY, MEMORY_OR_NULL -> Optional.empty();
            case SIZE -> memory(state, argument, function, value);
            case CONSTANT_SIZE ->
                isConstant(state, value)
                        ? memory(state, argument, function, value)
                        : wrong(argument, "a length that is known", value);
            case LOCAL_TYPE, LIST_HEAD, LIST_NODE, LIST_NODE_SEEN, TREE_ROOT, TREE_NODE, ALLOCATED, COUNTED ->
                objects.argument(state, argument, function, function.arguments().get(argument.index()), value);
            case CALLBACK ->
                value instanceof Value.FunctionAddress functions
                                && !functions.isNullable()
                                && functions.starts().stream()
                                        .noneMatch(start ->
                                                program.functionAt(start).global())
                        ? Optional.empty()
                        : wrong(argument, "a static function", value);
            case CONST_STRING -> {
                ConstantText text = ConstantText.at(program, state, value);
                yield text.isThere()
                        ? Optional.empty()
                        : Optional.of(argument.must(DiagnosticCode.V0152, "a constant text")
                                .note(text.missing()));
            }
            case TASK_WORK -> throw new IllegalStateException("isModelled refuses " + function);
        };
    }

    private static Optional<Violation> wrong(SlotCheck.Argument argument, String required, Value value) {
        return Optional.of(argument.must(DiagnosticCode.V0152, required).note("it is " + value.words()));
    }

    private Optional<Violation> cast(State state, SlotCheck.Argument argument, KernelFunction function, Value value) {
        return function != KernelFunction.RDONLY_CAST
                        || !(value instanceof Value.Scalar scalar)
                        || prototypes.ofNumber(state.num(scalar).constant()).isPresent()
                ? Optional.empty()
                : wrong(argument, "the number of a struct of the kernel's types", value);
    }

    private static boolean isConstant(State state, Value value) {
        return value instanceof Value.Scalar scalar && state.num(scalar).isConstant();
    }

    private static Optional<Violation> flags(
            State state, SlotCheck.Argument argument, KernelFunction function, Value value) {
        boolean saves = function == KernelFunction.LOCAL_IRQ_SAVE || function == KernelFunction.RES_SPIN_LOCK_IRQSAVE;
        boolean byLock = function != KernelFunction.LOCAL_IRQ_SAVE && function != KernelFunction.LOCAL_IRQ_RESTORE;
        return SlotCheck.flags(state, argument, saves, byLock, value);
    }

    private Optional<Violation> lock(State state, SlotCheck.Argument argument, KernelFunction function, Value value) {
        boolean takes = function.result() instanceof KernelResult.LockResult;
        boolean irq = function.arguments().contains(KernelArgument.IRQ_FLAG);
        return fields.lock(
                state, argument, value, irq ? Held.Lock.Kind.RESILIENT_IRQ : Held.Lock.Kind.RESILIENT, takes);
    }

    /** The map is that of the field before it: nobody may free the value while the kernel still knows the field. */
    private static Optional<Violation> map(State state, SlotCheck.Argument argument, Value value) {
        if (!(value instanceof Value.Pointer pointer) || !(pointer.region() instanceof Region.MapReference map)) {
            return wrong(argument, "a map", value);
        }
        Value before = argument.index() == 0 ? value : state.reg(Reg.argument(argument.index() - 1));
        boolean other = before instanceof Value.Pointer field
                && field.region() instanceof Region.MapValue in
                && in.map() != map.map();
        return other
                ? Optional.of(argument.must(DiagnosticCode.V0150, "the map whose value holds the field before it"))
                : Optional.empty();
    }

    /**
     * A length, together with the memory before it, which the function reads and writes. What is offered to a slice as a buffer is
     * written at most, so nobody need have written it before.
     */
    private Optional<Violation> memory(
            State state, SlotCheck.Argument argument, KernelFunction function, Value length) {
        if (!(length instanceof Value.Scalar scalar)) {
            return wrong(argument, "a length", length);
        }
        Num bytes = state.num(scalar);
        if (bytes.sMin() < 0 || bytes.sMax() > MOST_BYTES) {
            return Optional.of(argument.must(DiagnosticCode.V0152, "a length that is bounded, and 0 or more")
                    .note("it is " + bytes));
        }
        SlotCheck.Argument before = new SlotCheck.Argument(argument.slot(), argument.name(), argument.index() - 1);
        return memory(state, before, function, state.reg(Reg.argument(before.index())), bytes);
    }

    /** Memory of so many bytes. */
    private Optional<Violation> memory(
            State state, SlotCheck.Argument before, KernelFunction function, Value memory, Num bytes) {
        if (isZero(state, memory) && function.arguments().get(before.index()) == KernelArgument.MEMORY_OR_NULL) {
            return Optional.empty();
        }
        if (!(memory instanceof Value.Pointer pointer)) {
            return wrong(before, "a pointer to memory", memory);
        }
        if (pointer.isNullable()) {
            return Optional.of(AccessCheck.mayBeNull(
                    before.slot(), Reg.argument(before.index()).toString(), pointer));
        }
        Optional<Violation> unread = function.result() instanceof KernelResult.Slice
                ? Optional.empty()
                : access.checkHelper(state, before.slot(), pointer, bytes, false, false);
        return unread.or(() -> access.checkHelper(state, before.slot(), pointer, bytes, true, false))
                .map(v -> v.note("argument " + (before.index() + 1) + " of `" + before.name() + "`"));
    }

    /**
     * An object of the kernel, of the type that the function's prototype names, or of one that begins with such. It is alive for sure: held,
     * or trusted, or, where the function says that this will do, kept by the RCU read section.
     */
    private Optional<Violation> object(
            State state, SlotCheck.Argument argument, KernelFunction function, Value value, boolean nullable) {
        Optional<Region.KernelObject> wanted = prototypes.argument(function, argument.index());
        if (wanted.isEmpty()) {
            return Optional.of(Violation.of(
                    DiagnosticCode.V0134,
                    argument.slot(),
                    "what argument " + (argument.index() + 1) + " of `" + function.symbol()
                            + "` points to is not told by the kernel's types"));
        }
        String required = "a `struct " + wanted.get().name() + "` of the kernel";
        if (!(value instanceof Value.Pointer pointer)) {
            return wrong(argument, required, value);
        }
        if (pointer.isNullable() && !nullable) {
            return Optional.of(AccessCheck.mayBeNull(
                    argument.slot(), Reg.argument(argument.index()).toString(), pointer));
        }
        boolean released = function.releases() && argument.index() == 0;
        if (released && !state.held().holds(pointer.resource())) {
            return Optional.of(Violation.of(
                            DiagnosticCode.V0142,
                            argument.slot(),
                            "argument " + (argument.index() + 1) + " of `" + function.symbol()
                                    + "` must be an object that the program holds")
                    .note("it is " + value.words() + ", which nobody gave the program to keep"));
        }
        Optional<Region.KernelObject> given = KernelCheck.given(pointer.region());
        Num at = state.offset(pointer);
        if (given.isEmpty()
                || !at.isConstant()
                || !(released
                        ? at.constant() == 0
                                && given.get().name().equals(wanted.get().name())
                        : types.holds(given.get(), at.constant(), wanted.get().name()))) {
            return wrong(argument, required, value);
        }
        boolean alive = state.held().holds(pointer.resource())
                || given.get().trust() == Region.Trust.TRUSTED
                || (function.takesRcu() && given.get().trust() == Region.Trust.RCU);
        return alive
                ? Optional.empty()
                : Optional.of(argument.must(DiagnosticCode.V0152, required + " that is alive for sure")
                        .note("it is " + value.words() + ", which was found by walking from object to object")
                        .help("take it from what the kernel gives the program, or acquire it first and test for null"));
    }

    /** What the kernel has where the program has its own view of it. */
    private static Optional<Region.KernelObject> given(Region region) {
        return switch (region) {
            case Region.KernelObject object -> Optional.of(object);
            case Region.Socket(SocketKind kind) ->
                kind.kernelStruct().map(name -> new Region.KernelObject(name, 0, Region.Trust.TRUSTED));
            case Region.MapReference _ -> Optional.of(new Region.KernelObject("bpf_map", 0, Region.Trust.TRUSTED));
            case Region.Context _, Region.Stack _, Region.Packet _, Region.PacketMeta _, Region.PacketEnd _ ->
                Optional.empty();
            case Region.MapValue _, Region.OneOfMapValues _, Region.InsnTable _, Region.FunctionTables _ ->
                Optional.empty();
            case Region.Memory _, Region.HelperMemory _, Region.Buffer _, Region.FlowKeys _ -> Optional.empty();
            case Region.DynptrReference _, Region.Arena _, Region.Allocated _ -> Optional.empty();
        };
    }

    private static boolean isZero(State state, Value value) {
        return value instanceof Value.Scalar scalar && state.num(scalar).equals(Num.constant(0));
    }
}
