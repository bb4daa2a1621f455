package dev.turnout.verifier.invariant;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.program.ProgramSection;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.report.Violation;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The frames of the deepest chain of calls must fit one stack: of the program, and of each function that is called later, on a stack
 * that it finds. The calls have no cycle: engines refuse recursion.
 *
 * <p>Linux gives a program that may interrupt itself frames of its own outside of the stack, where they are worth it; these do not
 * add up. Our machines do not.
 */
final class StackLimit {
    private static final int MOST_BYTES = 512;

    /** What a frame is rounded up to when frames are added: Linux 7.2 with a JIT. */
    private static final int FRAME_UNIT = 16;

    /** Frames from this size on stand outside of the stack, where Linux has such. */
    private static final int LEAST_OUTSIDE = 64;

    private final BpfProgram program;
    private final CallGraph calls;
    private final int[] stack;
    private final Set<Integer> calledLater = new TreeSet<>();
    private final boolean outside;
    private final long[] deepest;

    private StackLimit(BpfProgram program, Options options, CallGraph calls, Set<Root> later, int[] stack) {
        this.program = program;
        this.calls = calls;
        this.stack = stack;
        this.outside = options.aim() == Options.Aim.PREDICT && mayInterruptItself(program) && !makesTailCalls(program);
        this.deepest = new long[stack.length];
        later.forEach(root -> calledLater.add(root.function()));
    }

    /** @param stack bytes of each function's frame */
    static Optional<Violation> check(
            BpfProgram program, Options options, CallGraph calls, Set<Root> later, int[] stack) {
        return new StackLimit(program, options, calls, later, stack).check();
    }

    /** Types of programs that a run of themselves can interrupt; Linux 7.2, {@code bpf_enable_priv_stack}. */
    private static boolean mayInterruptItself(BpfProgram program) {
        return program.type()
                .map(type -> type == ProgramType.KPROBE
                        || type == ProgramType.TRACEPOINT
                        || type == ProgramType.PERF_EVENT
                        || type == ProgramType.RAW_TRACEPOINT
                        || (type == ProgramType.TRACING
                                && !ProgramSection.unmarked(program.section()).startsWith("iter")))
                .orElse(false);
    }

    private static boolean makesTailCalls(BpfProgram program) {
        return program.code().insns().stream()
                .anyMatch(insn -> insn instanceof Insn.CallHelper call && call.id() == HelperFunction.TAIL_CALL.id());
    }

    /** Adds all that these functions call. */
    private void spread(Set<Integer> functions) {
        boolean grew = !functions.isEmpty();
        while (grew) {
            grew = false;
            for (CallGraph.Call call : calls.calls()) {
                grew |= functions.contains(call.caller()) && functions.add(call.callee());
            }
        }
    }

    /** Bytes of the stack that a function takes. What is called later may interrupt what runs: it and its callees use the stack. */
    private long taken(int function) {
        long frame = round(stack[function]);
        return outside && frame >= LEAST_OUTSIDE && !calledLater.contains(function) ? 0 : frame;
    }

    private Optional<Violation> check() {
        spread(calledLater);
        for (int f = 0; f < stack.length; f++) {
            deepest[f] = taken(f);
        }
        boolean changed = true;
        for (int round = 0; changed && round <= stack.length; round++) {
            changed = false;
            for (CallGraph.Call call : calls.calls()) {
                long through = taken(call.caller()) + deepest[call.callee()];
                if (through > deepest[call.caller()]) {
                    deepest[call.caller()] = through;
                    changed = true;
                }
            }
        }
        // Not main's alone: what the kernel calls later begins on a stack of its own.
        int root = 0;
        for (int f = 1; f < deepest.length; f++) {
            root = deepest[f] > deepest[root] ? f : root;
        }
        if (deepest[root] <= MOST_BYTES) {
            return Optional.empty();
        }
        return Optional.of(Violation.of(
                        DiagnosticCode.V0106, 0, "the frames of nested calls take " + deepest[root] + " bytes of stack")
                .note("the limit for all active functions together is " + MOST_BYTES + "; each frame is rounded up to "
                        + FRAME_UNIT)
                .note("the deepest calls are " + chain(root))
                .help("use smaller local variables, or keep them in a map"));
    }

    /** The calls whose frames make up the depth of a function, with their bytes. */
    private String chain(int root) {
        StringBuilder text = new StringBuilder();
        for (int function = root; function >= 0; ) {
            long own = taken(function);
            text.append(text.isEmpty() ? "`" : " → `")
                    .append(program.functions().get(function).name())
                    .append("` ")
                    .append(own);
            int next = -1;
            for (CallGraph.Call call : calls.calls()) {
                boolean through = call.caller() == function && own + deepest[call.callee()] == deepest[function];
                next = through && deepest[call.callee()] > 0 && next < 0 ? call.callee() : next;
            }
            function = next;
        }
        return text.toString();
    }

    /** Bytes that a frame takes of the stack. */
    static long round(int bytes) {
        return (bytes + FRAME_UNIT - 1L) / FRAME_UNIT * FRAME_UNIT;
    }
}
