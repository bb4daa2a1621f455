package dev.turnout.stdlib.program;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A type by which the language names a context. Most show the fields of a layout as they are; those of some tracepoints show what
 * one tracepoint puts there. The records of the {@code syscalls} tracepoints are as their format files in tracefs say.
 */
public enum ContextView {
    XDP("XdpCtx", ContextLayout.XDP_MD),
    SK_BUFF("SkBuff", ContextLayout.SK_BUFF),
    FLOW_DISSECTOR("FlowDissector", ContextLayout.DISSECTED_SK_BUFF),
    SOCK("Sock", ContextLayout.BPF_SOCK),
    SOCK_ADDR("SockAddr", ContextLayout.SOCK_ADDR),
    /** The first argument of an event stands where its answer is put. */
    SOCK_OPS("SockOps", ContextLayout.SOCK_OPS, Arguments.NONE, "", List.of(unsigned("args[0]", 4, 4))),
    SK_MSG("SkMsg", ContextLayout.SK_MSG),
    SK_REUSEPORT("SkReuseport", ContextLayout.SK_REUSEPORT),
    SK_LOOKUP("SkLookup", ContextLayout.SK_LOOKUP),
    SYSCTL("Sysctl", ContextLayout.SYSCTL),
    SOCKOPT("SockOpt", ContextLayout.SOCKOPT),
    CGROUP_DEVICE("CgroupDev", ContextLayout.CGROUP_DEVICE),
    LIRC("LircMode2", ContextLayout.LIRC),
    /** The registers at a probe. The arguments of the function are where x86-64's calling convention has them. */
    PT_REGS("PtRegs", ContextLayout.PT_REGS, Arguments.IN_REGISTERS, "", registers()),
    PERF_EVENT("PerfEvent", ContextLayout.PERF_EVENT),
    /** Any raw tracepoint. */
    RAW_TP("RawTp", ContextLayout.RAW_TRACEPOINT, Arguments.IN_ORDER, "", List.of()),
    /** What {@code sys_enter} gives: the registers of the caller, and the number of the system call. */
    SYS_ENTER(
            "SysEnter",
            ContextLayout.RAW_TRACEPOINT,
            Arguments.OF_SYSTEM_CALL,
            "sys_enter",
            List.of(unsigned("regs", 0, 8), signed("nr", 8, 8))),
    /** What {@code sys_exit} gives: the registers of the caller, and the result. */
    SYS_EXIT(
            "SysExit",
            ContextLayout.RAW_TRACEPOINT,
            Arguments.NONE,
            "sys_exit",
            List.of(unsigned("regs", 0, 8), signed("ret", 8, 8))),
    /** Any tracepoint, of whose record nothing is known. */
    TP_RECORD("TpRecord", ContextLayout.TRACEPOINT),
    /** The record of {@code syscalls/sys_enter_*}. */
    TP_SYS_ENTER(
            "TpSysEnter",
            ContextLayout.TRACEPOINT,
            Arguments.IN_ORDER,
            "syscalls/sys_enter_",
            List.of(
                    signed("nr", 8, 4),
                    unsigned("args[0]", 16, 8),
                    unsigned("args[1]", 24, 8),
                    unsigned("args[2]", 32, 8),
                    unsigned("args[3]", 40, 8),
                    unsigned("args[4]", 48, 8),
                    unsigned("args[5]", 56, 8))),
    /** The record of {@code syscalls/sys_exit_*}. */
    TP_SYS_EXIT(
            "TpSysExit",
            ContextLayout.TRACEPOINT,
            Arguments.NONE,
            "syscalls/sys_exit_",
            List.of(signed("nr", 8, 4), signed("ret", 16, 8))),
    TP_SYS_ENTER_OPENAT(
            "TpSysEnterOpenat",
            ContextLayout.TRACEPOINT,
            Arguments.NONE,
            "syscalls/sys_enter_openat",
            List.of(
                    signed("nr", 8, 4),
                    unsigned("dfd", 16, 8),
                    unsigned("filename", 24, 8),
                    unsigned("flags", 32, 8),
                    unsigned("mode", 40, 8))),
    SYSCALL("SyscallCtx", ContextLayout.SYSCALL),
    /** The arguments of the function of the kernel that a program is attached to. */
    FUNCTION("Context", ContextLayout.OPAQUE, Arguments.IN_ORDER, "", List.of());

    /** Where {@code ctx.arg(n)} looks. */
    public enum Arguments {
        /** There is no such method. */
        NONE,
        /** {@code args[n]}; where the layout has no rows, the n-th eight bytes. */
        IN_ORDER,
        /** The registers that hold a function's integer arguments. */
        IN_REGISTERS,
        /** The registers that {@code regs} leads to, as they hold a system call's arguments. */
        OF_SYSTEM_CALL
    }

    /**
     * A field by name.
     *
     * @param offset bytes from the start of the context
     */
    public record Slot(String name, int offset, int bytes, boolean signed) {}

    private static final List<String> FUNCTION_ARGUMENTS = List.of("di", "si", "dx", "cx", "r8", "r9");
    private static final List<String> SYSTEM_CALL_ARGUMENTS = List.of("di", "si", "dx", "r10", "r8", "r9");
    /** Arguments that a function of the kernel may have where programs see them in a row. */
    private static final int MOST_FUNCTION_ARGUMENTS = 12;

    private final String word;
    private final ContextLayout layout;
    private final Arguments arguments;
    private final String target;
    private final List<Slot> slots;

    ContextView(String word, ContextLayout layout) {
        this(word, layout, Arguments.NONE, "", List.of());
    }

    /** @param slots those that the layout does not have; where there is a target, all that there are */
    ContextView(String word, ContextLayout layout, Arguments arguments, String target, List<Slot> slots) {
        this.word = word;
        this.layout = layout;
        this.arguments = arguments;
        this.target = target;
        List<Slot> all = new ArrayList<>();
        if (target.isEmpty()) {
            for (ContextField field : layout.fields()) {
                if (field.kind() == ContextField.Kind.SCALAR) {
                    all.add(unsigned(field.name(), field.offset(), field.bytes()));
                }
            }
        }
        all.addAll(slots);
        this.slots = List.copyOf(all);
    }

    private static Slot unsigned(String name, int offset, int bytes) {
        return new Slot(name, offset, bytes, false);
    }

    private static Slot signed(String name, int offset, int bytes) {
        return new Slot(name, offset, bytes, true);
    }

    private static List<Slot> registers() {
        ContextField result = ContextLayout.PT_REGS.field("ax").orElseThrow();
        return List.of(unsigned("ret", result.offset(), result.bytes()));
    }

    /** The name of the type. */
    public String word() {
        return word;
    }

    public ContextLayout layout() {
        return layout;
    }

    public Arguments arguments() {
        return arguments;
    }

    /** The fields that can be read by name. */
    public List<Slot> slots() {
        return slots;
    }

    public Optional<Slot> slot(String name) {
        return slots.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The names of the fields, an array's once. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        for (Slot slot : slots) {
            int bracket = slot.name().indexOf('[');
            names.add(bracket < 0 ? slot.name() : slot.name().substring(0, bracket));
        }
        return names;
    }

    /** How many arguments {@code ctx.arg(n)} reaches. */
    public int argumentCount() {
        return switch (arguments) {
            case NONE -> 0;
            case IN_REGISTERS, OF_SYSTEM_CALL -> FUNCTION_ARGUMENTS.size();
            case IN_ORDER ->
                layout == ContextLayout.OPAQUE
                        ? MOST_FUNCTION_ARGUMENTS
                        : (int) slots.stream()
                                .filter(one -> one.name().startsWith("args["))
                                .count();
        };
    }

    /**
     * Where argument {@code number} stands: in the context, or in the registers that {@code regs} leads to.
     *
     * @param number from 0, below {@link #argumentCount}
     */
    public Slot argument(int number) {
        return switch (arguments) {
            case NONE -> throw new IllegalArgumentException(word + " has no arguments");
            case IN_REGISTERS -> register(FUNCTION_ARGUMENTS.get(number));
            case OF_SYSTEM_CALL -> register(SYSTEM_CALL_ARGUMENTS.get(number));
            case IN_ORDER ->
                slot("args[" + number + "]").orElseGet(() -> unsigned("args[" + number + "]", 8 * number, 8));
        };
    }

    private static Slot register(String name) {
        ContextField field = ContextLayout.PT_REGS.field(name).orElseThrow();
        return unsigned(name, field.offset(), field.bytes());
    }

    /** Whether programs of a section can be given their context by this type. */
    public boolean fits(ProgramType type, String section) {
        if (layout != type.context()) {
            return false;
        }
        int slash = section.indexOf('/');
        String attached = slash < 0 ? "" : section.substring(slash + 1);
        return target.isEmpty() || (target.endsWith("_") ? attached.startsWith(target) : attached.equals(target));
    }

    /** The views that fit, the one that says most first. */
    public static List<ContextView> of(ProgramType type, String section) {
        List<ContextView> fitting = new ArrayList<>();
        for (ContextView view : values()) {
            if (view.fits(type, section)) {
                fitting.add(view);
            }
        }
        fitting.sort((a, b) -> Integer.compare(b.target.length(), a.target.length()));
        return fitting;
    }
}
