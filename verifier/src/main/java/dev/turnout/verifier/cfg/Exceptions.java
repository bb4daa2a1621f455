package dev.turnout.verifier.cfg;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.kfunc.KernelFunction;
import dev.turnout.verifier.report.Violation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Where a program throws: a call of {@code bpf_throw} ends the whole program, out of whatever function it stands in, with its argument for a
 * result. So nothing comes after it, and nothing may be held anywhere, in no function that waits for this one. Linux 7.2, {@code
 * check_subprogs} and {@code process_bpf_exit_full}.
 */
public final class Exceptions {
    private final BpfProgram program;
    /** Numbers of functions that may throw, themselves or by what they call. */
    private final BitSet throwing;

    private Exceptions(BpfProgram program, BitSet throwing) {
        this.program = program;
        this.throwing = throwing;
    }

    /** Whether the instruction throws. */
    public static boolean at(BpfProgram program, Insn insn) {
        return insn instanceof Insn.CallKernel call
                && program.kernelRow(call)
                        .filter(function -> function == KernelFunction.THROW)
                        .isPresent();
    }

    public static Exceptions of(BpfProgram program) {
        Code code = program.code();
        BitSet throwing = new BitSet();
        List<int[]> calls = new ArrayList<>();
        int number = 0;
        for (FunctionRange function : program.functions()) {
            for (int slot = function.start(); slot < function.end(); slot = code.next(slot)) {
                if (at(program, code.at(slot))) {
                    throwing.set(number);
                }
                if (code.at(slot) instanceof Insn.CallLocal call) {
                    calls.add(new int[] {number, slot + 1 + call.distance()});
                }
            }
            number++;
        }
        boolean more = !throwing.isEmpty();
        while (more) {
            more = false;
            for (int[] call : calls) {
                if (!throwing.get(call[0]) && throwing.get(number(program, call[1]))) {
                    throwing.set(call[0]);
                    more = true;
                }
            }
        }
        return new Exceptions(program, throwing);
    }

    private static int number(BpfProgram program, int start) {
        return program.functions().indexOf(program.functionAt(start));
    }

    /** Whether a call of the function that starts at this slot may end in an exception. */
    public boolean mayThrow(int start) {
        return !throwing.isEmpty() && throwing.get(number(program, start));
    }

    /** A function that is called back never throws: the kernel that called it would not come to an end. */
    Optional<Violation> calledBack(int slot, Insn insn) {
        if (throwing.isEmpty() || !(insn instanceof Insn.Wide wide)) {
            return Optional.empty();
        }
        return switch (wide.kind()) {
            case FUNCTION ->
                mayThrow(slot + 1 + wide.low())
                        ? Optional.of(
                                Violation.of(
                                                DiagnosticCode.V0151,
                                                slot,
                                                "`"
                                                        + program.functionAt(slot + 1 + wide.low())
                                                                .name()
                                                        + "` may throw, and is called back by the kernel, which could not go on")
                                        .help(
                                                "let it return a number that says what happened, and throw where the helper returns"))
                        : Optional.empty();
            case CONSTANT, MAP_FD, MAP_VALUE, BTF_ID, MAP_INDEX, MAP_INDEX_VALUE -> Optional.empty();
        };
    }
}
