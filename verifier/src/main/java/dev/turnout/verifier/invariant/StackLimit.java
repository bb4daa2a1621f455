package dev.turnout.verifier.invariant;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.report.Violation;
import java.util.Optional;

/** The frames of the deepest chain of calls must fit one stack. The calls have no cycle: engines refuse recursion. */
final class StackLimit {
    private static final int MOST_BYTES = 512;

    /** What a frame is rounded up to when frames are added: Linux 7.2 with a JIT. */
    private static final int FRAME_UNIT = 16;

    private final BpfProgram program;
    private final CallGraph calls;
    private final int[] stack;
    private final long[] deepest;

    private StackLimit(BpfProgram program, CallGraph calls, int[] stack) {
        this.program = program;
        this.calls = calls;
        this.stack = stack;
        this.deepest = new long[stack.length];
    }

    /** @param stack bytes of each function's frame */
    static Optional<Violation> check(BpfProgram program, CallGraph calls, int[] stack) {
        return new StackLimit(program, calls, stack).check();
    }

    private Optional<Violation> check() {
        for (int f = 0; f < stack.length; f++) {
            deepest[f] = round(stack[f]);
        }
        boolean changed = true;
        for (int round = 0; changed && round <= stack.length; round++) {
            changed = false;
            for (CallGraph.Call call : calls.calls()) {
                long through = round(stack[call.caller()]) + deepest[call.callee()];
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
            long own = round(stack[function]);
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
