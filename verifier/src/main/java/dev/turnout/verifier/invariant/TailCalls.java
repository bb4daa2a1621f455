package dev.turnout.verifier.invariant;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.verifier.report.Violation;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where tail calls may stand. The program that takes over begins in the place of the function that makes the call, so whoever
 * waits below stays as it is: a helper that waits for its callback would wait for another program's result, and the frames of
 * callers are still there while that program takes up to 512 bytes of its own, 33 times over. Linux gives all of them 8 KiB, and
 * allows less than 256 bytes of frames below a tail call.
 */
final class TailCalls {
    private static final long MOST_BELOW = 256;

    private final BpfProgram program;
    private final CallGraph calls;

    TailCalls(BpfProgram program, CallGraph calls) {
        this.program = program;
        this.calls = calls;
    }

    /**
     * Adds what is wrong.
     *
     * @param stack bytes of each function's frame
     */
    void check(int[] stack, Map<Integer, Violation> violations) {
        Set<Integer> inside = callbacks();
        long[] below = below(stack);
        for (int f = 0; f < stack.length; f++) {
            BpfProgram.FunctionRange function = program.functions().get(f);
            if (!inside.contains(f) && below[f] < MOST_BELOW) {
                continue;
            }
            for (int slot = function.start();
                    slot < function.end();
                    slot = program.code().next(slot)) {
                if (inside.contains(f) && program.code().at(slot) instanceof Insn.PacketLoad) {
                    violations.putIfAbsent(slot, packetLoad(slot, function.name()));
                }
                if (program.code().at(slot) instanceof Insn.CallHelper call
                        && call.id() == HelperFunction.TAIL_CALL.id()) {
                    violations.putIfAbsent(
                            slot, inside.contains(f) ? inCallback(slot, function.name()) : tooDeep(slot, below[f]));
                }
            }
        }
    }

    private static Violation inCallback(int slot, String function) {
        return Violation.of(DiagnosticCode.V0124, slot, "a callback cannot make a tail call")
                .note("`" + function + "` is called by a helper, which a tail call would never return to");
    }

    private static Violation packetLoad(int slot, String function) {
        return Violation.of(DiagnosticCode.V0162, slot, "a callback cannot make a legacy packet load")
                .note("`" + function + "` is called by a helper, and such a load may end the function with any result");
    }

    private static Violation tooDeep(int slot, long below) {
        return Violation.of(
                        DiagnosticCode.V0140,
                        slot,
                        "a tail call is made with " + below + " bytes of callers' frames below it")
                .note("less than " + MOST_BELOW + " are allowed: they stay there while the other program runs")
                .help("make the tail call in the program itself, or keep the callers' variables in a map");
    }

    /** Callbacks, and what they call. */
    private Set<Integer> callbacks() {
        Set<Integer> inside = new TreeSet<>(calls.callbacks());
        boolean grew = !inside.isEmpty();
        while (grew) {
            grew = false;
            for (CallGraph.Call call : calls.calls()) {
                grew |= inside.contains(call.caller()) && inside.add(call.callee());
            }
        }
        return inside;
    }

    /** The most bytes of frames that callers have when a function is entered. No call goes in a circle. */
    private long[] below(int[] stack) {
        long[] below = new long[stack.length];
        boolean changed = true;
        for (int round = 0; changed && round <= stack.length; round++) {
            changed = false;
            for (CallGraph.Call call : calls.calls()) {
                long through = below[call.caller()] + StackLimit.round(stack[call.caller()]);
                if (through > below[call.callee()]) {
                    below[call.callee()] = through;
                    changed = true;
                }
            }
        }
        return below;
    }
}
