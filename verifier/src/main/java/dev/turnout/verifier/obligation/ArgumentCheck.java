package dev.turnout.verifier.obligation;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.helper.ArgumentKind;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramSection;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.stdlib.program.SocketKind;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.kernel.KernelTypes;
import dev.turnout.verifier.report.Violation;
import java.util.List;
import java.util.Optional;

/** Whether an argument of a helper is what its row demands: the rules of Linux 7.2's {@code check_func_arg}. */
final class ArgumentCheck {
    /** No helper takes more at once; also Linux's bound on variable lengths. */
    private static final long MOST_BYTES = 1L << 29;

    /** The first argument of {@code trace_printk} that it prints, from 0; before it stand the format and its length. */
    private static final int PRINTED_FROM = 2;

    private final BpfProgram program;
    private final Options options;
    private final AccessCheck access;
    private final ResourceCheck resources;
    private final KeptPointerCheck kept;
    private final KernelTypes types;

    ArgumentCheck(BpfProgram program, Options options, AccessCheck access) {
        this.types = KernelTypes.of(program);
        this.program = program;
        this.options = options;
        this.access = access;
        FieldCheck fields = new FieldCheck(program);
        this.resources = new ResourceCheck(program, fields);
        this.kept = new KeptPointerCheck(program, fields);
    }

    /**
     * One argument to judge.
     *
     * @param kinds of all arguments
     * @param index of this one, from 0 on
     */
    private record Argument(State state, int slot, HelperFunction helper, List<ArgumentKind> kinds, int index) {
        ArgumentKind kind() {
            return kinds.get(index);
        }

        Reg reg() {
            return Reg.argument(index);
        }

        Value value() {
            return state.reg(reg());
        }

        boolean isNull() {
            return value() instanceof Value.Scalar scalar && state.num(scalar).equals(Num.constant(0));
        }

        Argument before() {
            return new Argument(state, slot, helper, kinds, index - 1);
        }

        Optional<Value> map() {
            int at = kinds.indexOf(ArgumentKind.MAP);
            return at < 0 ? Optional.empty() : Optional.of(state.reg(Reg.argument(at)));
        }

        Violation violation(DiagnosticCode code, String must) {
            return Violation.of(code, slot, "argument " + (index + 1) + " of `" + helper.word() + "` must be " + must);
        }

        Optional<Violation> wrong(String required) {
            return Optional.of(violation(DiagnosticCode.V0123, required)
                    .note("it is " + value().words())
                    .about(reg()));
        }
    }

    Optional<Violation> check(State state, int slot, HelperFunction helper, int index) {
        List<ArgumentKind> kinds = helper.arguments(program.type());
        if (index >= kinds.size()) {
            return Optional.empty();
        }
        Argument argument = new Argument(state, slot, helper, kinds, index);
        if (argument.kind() == ArgumentKind.UNCHECKED && options.mayLeak()) {
            return Optional.empty();
        }
        if (argument.value() instanceof Value.Unreadable && isUnprinted(argument)) {
            return Optional.empty();
        }
        if (argument.value() instanceof Value.Unreadable) {
            return Optional.of(Violation.of(
                            DiagnosticCode.V0111,
                            slot,
                            "argument " + (index + 1) + " of `" + helper.word() + "` (`" + argument.reg()
                                    + "`) is not set on every path")
                    .about(argument.reg()));
        }
        if (argument.kind().nullable() && argument.isNull()) {
            return Optional.empty(); // Whether it may have a length then is for that to say.
        }
        return judge(argument);
    }

    /** A value that the format does not print need not be there: compilers leave it out. */
    private boolean isUnprinted(Argument argument) {
        if (argument.helper() != HelperFunction.TRACE_PRINTK || argument.kind() != ArgumentKind.UNCHECKED) {
            return false;
        }
        ConstantText format =
                ConstantText.at(program, argument.state(), argument.state().reg(Reg.R1));
        return format.isThere()
                && PrintFormat.wrong(format.text(), argument.index() - PRINTED_FROM)
                        .isEmpty();
    }

    private Optional<Violation> judge(Argument argument) {
        return switch (argument.kind()) {
            case UNCHECKED, ANYTHING -> anything(argument);
            case SCALAR -> argument.value() instanceof Value.Scalar ? Optional.empty() : argument.wrong("a number");
            case CONTEXT, CONTEXT_OR_NULL ->
                points(argument, Region.Context.class) ? Optional.empty() : argument.wrong("the program's own context");
            case MAP ->
                map(argument)
                        .or(() -> resources.timerMap(
                                argument.state(), argument.slot(), argument.helper(), argument.index()));
            case MAP_KEY -> memory(argument, keyBytes(argument), false);
            case MAP_VALUE, MAP_VALUE_OR_NULL ->
                holdsSockets(argument) ? socket(argument, true) : memory(argument, valueBytes(argument), false);
            case MAP_VALUE_OUT -> {
                // A bloom filter is asked for the value, not for a value.
                boolean asked = mapOf(argument)
                        .filter(map -> map.kind() == MapKind.BLOOM_FILTER)
                        .isPresent();
                yield memory(argument, valueBytes(argument), !asked);
            }
            case MEMORY, MEMORY_OR_NULL, MEMORY_OUT, MEMORY_IN_OUT, MEMORY_IN_OUT_OR_NULL -> pointer(argument);
            case SIZE -> size(argument, 1);
            case SIZE_OR_ZERO -> size(argument, 0);
            case IPV4_HEADER, IPV6_HEADER, TCP_HEADER -> memory(argument, fixed(argument), false);
            case INT_IN_OUT, LONG_OUT -> aligned(argument).or(() -> memory(argument, fixed(argument), true));
            case CONST_STRING -> text(argument);
            case FUNCTION -> function(argument);
            case STACK_OR_NULL ->
                argument.value() instanceof Value.Pointer pointer
                                && pointer.region() instanceof Region.Stack
                                && !pointer.isNullable()
                        ? Optional.empty()
                        : argument.wrong("a pointer to the stack, or 0");
            case SOCK_COMMON -> socket(argument, false);
            case ANY_SOCK_COMMON, ANY_SOCK_COMMON_OR_NULL -> socket(argument, true);
            case SOCKET_OR_NULL ->
                argument.value() instanceof Value.Pointer pointer
                                && pointer.region().equals(new Region.Socket(SocketKind.FULL))
                                && pointer.form().equals(Form.ZERO)
                        ? Optional.empty()
                        : argument.wrong("a full socket, or 0");
            case ALLOCATION_SIZE,
                    RESERVED_MEMORY,
                    SPIN_LOCK,
                    TIMER,
                    SOCK_RELEASED,
                    DYNPTR,
                    DYNPTR_OUT,
                    RINGBUF_DYNPTR_OUT,
                    RINGBUF_DYNPTR ->
                resources.check(
                        argument.state(), argument.slot(), argument.helper(), argument.kind(), argument.index());
            case BINPRM, CGROUP_OR_NULL, FILE, INODE, INODE_OR_NULL, PATH, SEQ_FILE, SK_BUFF -> object(argument);
            case TASK, TASK_OR_NULL, TCP_SOCK, XDP_BUFF -> object(argument);
            case KPTR_FIELD -> kept.place(argument.state(), argument.slot(), argument.helper());
            case KPTR_OR_NULL -> kept.kept(argument.state(), argument.slot(), argument.helper());
            case PER_CPU_OBJECT -> throw new IllegalStateException("callable() refuses " + argument.helper());
        };
    }

    /**
     * An object of the kernel is told by its type's name. One of another name may begin with what is wanted, which only the
     * kernel's types tell.
     */
    private Optional<Violation> object(Argument argument) {
        String type = argument.kind().kernelType().orElseThrow();
        String required =
                "a `struct " + type + "` of the kernel" + (argument.kind().nullable() ? ", or 0" : "");
        if (!(argument.value() instanceof Value.Pointer pointer)
                || !(pointer.region() instanceof Region.KernelObject object)
                || object.trust() == Region.Trust.UNTRUSTED) {
            return argument.wrong(required);
        }
        if (pointer.isNullable() && !argument.kind().nullable()) {
            return Optional.of(
                    AccessCheck.mayBeNull(argument.slot(), argument.reg().toString(), pointer));
        }
        if (!(object.name().equals(type) || types.begins(object, type))
                || !pointer.form().equals(Form.ZERO)) {
            return Optional.of(Violation.of(
                            DiagnosticCode.V0134,
                            argument.slot(),
                            "argument " + (argument.index() + 1) + " of `"
                                    + argument.helper().word() + "` must be " + required
                                    + ": whether it is one needs types of the kernel")
                    .note("it is " + argument.value().words()));
        }
        return Optional.empty();
    }

    private Optional<Violation> anything(Argument argument) {
        return argument.value() instanceof Value.Scalar
                        || options.mayLeak()
                        || (argument.helper().showsAddresses() && argument.value() instanceof Value.Pointer)
                ? Optional.empty()
                : argument.wrong("a number");
    }

    /** Whether it points to the start of such a region for sure. */
    private static boolean points(Argument argument, Class<? extends Region> to) {
        return argument.value() instanceof Value.Pointer pointer
                && to.isInstance(pointer.region())
                && !pointer.isNullable()
                && pointer.form().equals(Form.ZERO);
    }

    private Optional<Violation> socket(Argument argument, boolean typed) {
        if (argument.value() instanceof Value.Pointer pointer && pointer.region() instanceof Region.Socket) {
            if (pointer.isNullable() && !argument.kind().nullable()) {
                return Optional.of(
                        AccessCheck.mayBeNull(argument.slot(), argument.reg().toString(), pointer));
            }
            return pointer.form().equals(Form.ZERO)
                    ? Optional.empty()
                    : argument.wrong("a socket, and the pointer to it not moved");
        }
        if (typed
                && argument.value() instanceof Value.Pointer pointer
                && pointer.region() instanceof Region.KernelObject object) {
            if (types.begins(object, "sock_common")
                    && object.trust() != Region.Trust.UNTRUSTED
                    && pointer.form().equals(Form.ZERO)) {
                return pointer.isNullable() && !argument.kind().nullable()
                        ? Optional.of(AccessCheck.mayBeNull(
                                argument.slot(), argument.reg().toString(), pointer))
                        : Optional.empty();
            }
            return Optional.of(Violation.of(
                    DiagnosticCode.V0134,
                    argument.slot(),
                    "whether " + pointer.region().words()
                            + " is a socket is not known here: types of the kernel are needed"));
        }
        return argument.wrong("a socket");
    }

    private Optional<Violation> function(Argument argument) {
        if (!(argument.value() instanceof Value.FunctionAddress functions) || functions.isNullable()) {
            return argument.wrong("the address of a function");
        }
        for (int start : functions.starts()) {
            BpfProgram.FunctionRange callback = program.functionAt(start);
            if (callback.global() && options.policy() == Options.Policy.LINUX) {
                return Optional.of(argument.violation(DiagnosticCode.V0123, "a static function")
                        .note("`" + callback.name()
                                + "` is global: it is verified alone, not for what it is given here"));
            }
        }
        return Optional.empty();
    }

    // Maps

    private Optional<MapDefinition> mapOf(Argument argument) {
        return argument.map().flatMap(this::definition);
    }

    private Optional<MapDefinition> definition(Value value) {
        return value instanceof Value.Pointer pointer
                        && pointer.region() instanceof Region.MapReference reference
                        && !pointer.isNullable()
                ? Optional.of(program.map(reference.map()))
                : Optional.empty();
    }

    private Num keyBytes(Argument argument) {
        return Num.constant(mapOf(argument).map(MapDefinition::keySize).orElse(0));
    }

    private Num valueBytes(Argument argument) {
        return Num.constant(mapOf(argument).map(MapDefinition::valueSize).orElse(0));
    }

    private boolean holdsSockets(Argument argument) {
        return mapOf(argument)
                .filter(map -> map.kind() == MapKind.SOCKMAP || map.kind() == MapKind.SOCKHASH)
                .isPresent();
    }

    private Optional<Violation> map(Argument argument) {
        Optional<MapDefinition> of = definition(argument.value());
        if (of.isEmpty() || !points(argument, Region.MapReference.class)) {
            return argument.value() instanceof Value.Pointer pointer && pointer.isNullable()
                    ? Optional.of(AccessCheck.mayBeNull(
                            argument.slot(), argument.reg().toString(), pointer))
                    : argument.wrong("a map");
        }
        MapDefinition map = of.get();
        HelperFunction helper = argument.helper();
        if (!helper.maps().contains(map.kind())) {
            return Optional.of(Violation.of(
                    DiagnosticCode.V0126,
                    argument.slot(),
                    "`" + helper.word() + "` does not work on map `" + map.name() + "`, which is of kind `"
                            + map.kind().word() + "`"));
        }
        if (holdsSockets(argument) && !mayChangeSockets(helper)) {
            return Optional.of(Violation.of(
                            DiagnosticCode.V0126,
                            argument.slot(),
                            "`" + helper.word() + "` cannot change map `" + map.name() + "` in a program of this type")
                    .note("a socket of the map may be locked while the program runs"));
        }
        // What is proven of frozen bytes, and folded, must not change behind the proof.
        if (changes(helper) && (map.frozen() || (map.flags() & AccessCheck.READ_ONLY) != 0)) {
            return Optional.of(Violation.of(
                    DiagnosticCode.V0119,
                    argument.slot(),
                    "`" + helper.word() + "` writes to map `" + map.name() + "`, which programs may only read"));
        }
        return Optional.empty();
    }

    private static boolean changes(HelperFunction helper) {
        return switch (helper) {
            case MAP_UPDATE_ELEM, MAP_DELETE_ELEM, MAP_PUSH_ELEM, MAP_POP_ELEM -> true;
            default -> false; // All others leave a map's elements as they are.
        };
    }

    /** Where no socket can be locked, as Linux sees it. */
    private boolean mayChangeSockets(HelperFunction helper) {
        boolean changes = helper == HelperFunction.MAP_UPDATE_ELEM || helper == HelperFunction.MAP_DELETE_ELEM;
        return !changes
                || program.type()
                        .map(type -> switch (type) {
                            case SOCKET_FILTER, SCHED_CLS, SCHED_ACT, XDP, SK_REUSEPORT, FLOW_DISSECTOR, SK_LOOKUP ->
                                true;
                            case SOCK_OPS -> helper == HelperFunction.MAP_DELETE_ELEM;
                            case TRACING ->
                                ProgramSection.unmarked(program.section()).startsWith("iter");
                            case KPROBE, TRACEPOINT, PERF_EVENT, CGROUP_SKB, CGROUP_SOCK, LWT_IN, LWT_OUT, LWT_XMIT ->
                                false;
                            case SK_SKB, CGROUP_DEVICE, SK_MSG, RAW_TRACEPOINT, CGROUP_SOCK_ADDR, LWT_SEG6LOCAL ->
                                false;
                            case LIRC_MODE2, CGROUP_SYSCTL, RAW_TRACEPOINT_WRITABLE, CGROUP_SOCKOPT -> false;
                            case STRUCT_OPS, EXT, LSM, SYSCALL, NETFILTER -> false;
                        })
                        .orElse(false);
    }

    private Optional<Violation> text(Argument argument) {
        ConstantText text = ConstantText.at(program, argument.state(), argument.value());
        return text.isThere()
                ? Optional.empty()
                : Optional.of(argument.violation(DiagnosticCode.V0123, "a constant text that ends in a zero byte")
                        .note(text.missing())
                        .about(argument.reg()));
    }

    // Memory

    /** A pointer to memory of some kind; how much of it is for the length behind it to say. */
    private Optional<Violation> pointer(Argument argument) {
        if (!(argument.value() instanceof Value.Pointer pointer)) {
            return argument.wrong("a pointer to memory" + (argument.kind().nullable() ? ", or 0" : ""));
        }
        if (pointer.isNullable() && !argument.kind().nullable()) {
            return Optional.of(
                    AccessCheck.mayBeNull(argument.slot(), argument.reg().toString(), pointer));
        }
        if (State.isPacket(pointer.region())
                && options.policy() == Options.Policy.LINUX
                && !argument.helper().takesPacket()
                && program.type()
                        .filter(type -> type == ProgramType.CGROUP_SOCKOPT)
                        .isEmpty()) {
            return Optional.of(argument.violation(DiagnosticCode.V0123, "memory other than the packet's")
                    .note("`" + argument.helper().word() + "` may not be given the packet's bytes")
                    .help("copy what it needs to the stack first")
                    .about(argument.reg()));
        }
        return Optional.empty();
    }

    /** The argument points to memory of {@code bytes}. */
    private Optional<Violation> memory(Argument argument, Num bytes, boolean written) {
        Optional<Violation> none = pointer(argument);
        if (none.isPresent() || !(argument.value() instanceof Value.Pointer pointer)) {
            return none;
        }
        return access.checkHelper(
                        argument.state(),
                        argument.slot(),
                        pointer,
                        bytes,
                        written,
                        argument.helper().showsAddresses())
                .map(v -> v.note("argument " + (argument.index() + 1) + " of `"
                                + argument.helper().word() + "`")
                        .about(argument.reg()));
    }

    private static Num fixed(Argument argument) {
        return Num.constant(argument.kind().bytes());
    }

    private static Optional<Violation> aligned(Argument argument) {
        if (!(argument.value() instanceof Value.Pointer pointer)) {
            return Optional.empty();
        }
        int bytes = argument.kind().bytes();
        Num at = argument.state().offset(pointer);
        return ((at.bits().value() | at.bits().mask()) & (bytes - 1)) == 0
                ? Optional.empty()
                : Optional.of(argument.violation(DiagnosticCode.V0133, "aligned to its " + bytes + " bytes")
                        .note("the offset is " + at)
                        .about(argument.reg()));
    }

    /** A length, together with the memory argument before it. */
    private Optional<Violation> size(Argument argument, long least) {
        if (!(argument.value() instanceof Value.Scalar scalar)) {
            return argument.wrong("a length");
        }
        HelperFunction helper = argument.helper();
        Num bytes = argument.state().num(scalar);
        if (bytes.sMin() < least || bytes.sMax() >= MOST_BYTES) {
            return Optional.of(Violation.of(
                            DiagnosticCode.V0123,
                            argument.slot(),
                            "the length given to `" + helper.word() + "` is not proven to be "
                                    + (least == 0 ? "0 or more and bounded" : "at least 1 and bounded"))
                    .note("argument " + (argument.index() + 1) + " is " + bytes)
                    .help("compare it with the size of the memory first, unsigned")
                    .about(argument.reg()));
        }
        Argument before = argument.before();
        if (before.isNull() && before.kind().nullable()) {
            return bytes.equals(Num.constant(0))
                    ? Optional.empty()
                    : Optional.of(Violation.of(
                                    DiagnosticCode.V0123,
                                    argument.slot(),
                                    "`" + helper.word() + "` gets null with a length that may not be 0")
                            .about(argument.reg()));
        }
        if (before.value() instanceof Value.Pointer pointer
                && pointer.isNullable()
                && before.kind().nullable()) {
            // Null or not, the helper looks: what it is then given must hold if it is not.
            return within(argument, before, pointer.orNull(0), bytes);
        }
        return before.value() instanceof Value.Pointer pointer
                ? within(argument, before, pointer, bytes)
                : Optional.empty();
    }

    private Optional<Violation> within(Argument argument, Argument before, Value.Pointer pointer, Num bytes) {
        boolean read = before.kind() != ArgumentKind.MEMORY_OUT;
        boolean addresses = argument.helper().showsAddresses();
        Optional<Violation> violation = read
                ? access.checkHelper(argument.state(), argument.slot(), pointer, bytes, false, addresses)
                : Optional.empty();
        if (violation.isEmpty() && before.kind().written()) {
            violation = access.checkHelper(argument.state(), argument.slot(), pointer, bytes, true, addresses);
        }
        return violation.map(v -> v.note("argument " + (before.index() + 1) + " of `"
                        + argument.helper().word() + "`")
                .about(before.reg()));
    }
}
