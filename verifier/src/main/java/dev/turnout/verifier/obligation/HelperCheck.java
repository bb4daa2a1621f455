package dev.turnout.verifier.obligation;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.helper.ArgumentKind;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.program.ProgramSection;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.report.Violation;
import java.util.List;
import java.util.Optional;

/** Whether a program may call a helper at all; of its arguments, {@link ArgumentCheck}. */
final class HelperCheck {
    /** What the kernel takes for compatible with the GPL. */
    private static final List<String> GPL =
            List.of("GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL");

    private final BpfProgram program;
    private final Options options;

    HelperCheck(BpfProgram program, Options options) {
        this.program = program;
        this.options = options;
    }

    Optional<Violation> callable(int slot, int id) {
        Optional<HelperFunction> row = HelperFunction.ofId(id);
        if (row.isEmpty()) {
            return Optional.of(Violation.of(DiagnosticCode.V0124, slot, "there is no helper " + id + " here"));
        }
        HelperFunction helper = row.get();
        return available(slot, helper)
                .or(() -> licensed(slot, helper))
                .or(() -> restful(slot, helper))
                .or(() -> modelled(slot, helper));
    }

    private Optional<Violation> available(int slot, HelperFunction helper) {
        Optional<ProgramType> type = program.type();
        boolean allowed = type.isPresent()
                ? helper.callers().contains(type.get(), program.attach())
                : helper.callers().isCommon() && !helper.arguments().contains(ArgumentKind.CONTEXT);
        return allowed
                ? Optional.empty()
                : Optional.of(Violation.of(
                        DiagnosticCode.V0124,
                        slot,
                        "`" + helper.word() + "` cannot be called from "
                                + type.map(t -> "a `" + t.word() + "` program")
                                        .orElse("a function without a context")));
    }

    private Optional<Violation> licensed(int slot, HelperFunction helper) {
        if (!helper.gplOnly() || isGpl(program) || options.policy() != Options.Policy.LINUX) {
            return Optional.empty();
        }
        return Optional.of(Violation.of(
                        DiagnosticCode.V0125,
                        slot,
                        "`" + helper.word() + "` may be called by GPL-compatible programs only")
                .note(
                        program.license().isEmpty()
                                ? "the object states no licence"
                                : "the licence is `" + program.license() + "`")
                .help("state `license \"GPL\";`, or another that is compatible, if that is what you want"));
    }

    private Optional<Violation> restful(int slot, HelperFunction helper) {
        boolean sleepable = program.has(ProgramSection.Trait.SLEEPABLE);
        return !helper.sleeps(sleepable) || sleepable
                ? Optional.empty()
                : Optional.of(Violation.of(
                                DiagnosticCode.V0156,
                                slot,
                                "`" + helper.word() + "` may sleep, and this program may not")
                        .help("put the program into a section whose name says that it may sleep, such as `fentry.s` or"
                                + " `syscall`, if it can be attached so"));
    }

    /** Whether the program's license is compatible with the GPL, as the kernel has it. */
    static boolean isGpl(BpfProgram program) {
        return GPL.contains(program.license());
    }

    private Optional<Violation> modelled(int slot, HelperFunction helper) {
        for (ArgumentKind kind : helper.arguments(program.type())) {
            boolean known = switch (kind) {
                case UNCHECKED, ANYTHING, SCALAR, CONTEXT, CONTEXT_OR_NULL -> true;
                case MAP, MAP_KEY, MAP_VALUE, MAP_VALUE_OR_NULL, MAP_VALUE_OUT -> true;
                case MEMORY, MEMORY_OR_NULL, MEMORY_OUT, MEMORY_IN_OUT, MEMORY_IN_OUT_OR_NULL -> true;
                case SIZE, SIZE_OR_ZERO, IPV4_HEADER, IPV6_HEADER, TCP_HEADER, INT_IN_OUT, LONG_OUT, CONST_STRING ->
                    true;
                case SOCK_COMMON, ANY_SOCK_COMMON, ANY_SOCK_COMMON_OR_NULL, SOCKET_OR_NULL -> true;
                case FUNCTION, STACK_OR_NULL ->
                    helper == HelperFunction.LOOP
                            || helper == HelperFunction.FOR_EACH_MAP_ELEM
                            || helper == HelperFunction.USER_RINGBUF_DRAIN
                            || helper == HelperFunction.TIMER_SET_CALLBACK;
                case ALLOCATION_SIZE, RESERVED_MEMORY, SPIN_LOCK, TIMER, SOCK_RELEASED -> true;
                case DYNPTR, DYNPTR_OUT, RINGBUF_DYNPTR_OUT, RINGBUF_DYNPTR -> true;
                case KPTR_FIELD, KPTR_OR_NULL -> true;
                case PER_CPU_OBJECT -> false;
                case BINPRM, CGROUP_OR_NULL, FILE, INODE, INODE_OR_NULL, PATH, SEQ_FILE, SK_BUFF -> true;
                case TASK, TASK_OR_NULL, TCP_SOCK, XDP_BUFF -> true;
            };
            if (!known) {
                return notModelled(slot, helper);
            }
        }
        return isModelled(helper) ? Optional.empty() : notModelled(slot, helper);
    }

    /** Whether what it gives, and what must be given back, is followed. */
    private static boolean isModelled(HelperFunction helper) {
        return switch (helper.result()) {
            case SCALAR, VOID, TAIL, MAP_VALUE, MAP_VALUE_OR_NULL -> true;
            case SOCKET_OR_NULL, SOCK_COMMON_OR_NULL, TCP_SOCK_OR_NULL -> true;
            case RESERVED_MEMORY_OR_NULL, DYNPTR_MEMORY_OR_NULL -> true;
            case KPTR_OR_NULL -> true;
            case PER_CPU_OBJECT, PER_CPU_OBJECT_OR_NULL -> false;
            case TASK, PT_REGS, FILE_SOCKET_OR_NULL -> true;
            case KERNEL_TCP_SOCK_OR_NULL, MPTCP_SOCK_OR_NULL, TCP6_SOCK_OR_NULL, UDP6_SOCK_OR_NULL -> true;
            case TCP_REQUEST_SOCK_OR_NULL, TCP_TIMEWAIT_SOCK_OR_NULL, UNIX_SOCK_OR_NULL -> true;
        };
    }

    private static Optional<Violation> notModelled(int slot, HelperFunction helper) {
        return Optional.of(Violation.of(
                DiagnosticCode.V0134,
                slot,
                "`" + helper.word()
                        + "` is not modelled: what must be given back, locks, most callbacks and objects of the kernel are still"
                        + " to come"));
    }
}
