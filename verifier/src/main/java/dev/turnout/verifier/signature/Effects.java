package dev.turnout.verifier.signature;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.program.ProgramSection;
import java.util.BitSet;

/** What functions may do to more than their arguments, by what stands in them and in all that they name. */
final class Effects {
    private final BpfProgram program;
    private final BitSet moving = new BitSet();
    private final BitSet sleeping = new BitSet();

    Effects(BpfProgram program) {
        this.program = program;
        boolean sleepable = program.has(ProgramSection.Trait.SLEEPABLE);
        for (int f = 0; f < program.functions().size(); f++) {
            own(f, sleepable);
        }
        boolean grew = true;
        while (grew) {
            grew = false;
            for (int f = 0; f < program.functions().size(); f++) {
                grew |= inherit(f);
            }
        }
    }

    boolean movePacket(int function) {
        return moving.get(function);
    }

    boolean sleep(int function) {
        return sleeping.get(function);
    }

    private void own(int f, boolean sleepable) {
        Code code = program.code();
        BpfProgram.FunctionRange function = program.functions().get(f);
        for (int slot = function.start(); slot < function.end(); slot = code.next(slot)) {
            switch (code.at(slot)) {
                case Insn.CallHelper call ->
                    HelperFunction.ofId(call.id()).ifPresent(helper -> {
                        // A tail call goes on as a program of which nothing is known.
                        if (helper.movesPacket() || helper == HelperFunction.TAIL_CALL) {
                            moving.set(f);
                        }
                        if (helper.sleeps(sleepable)) {
                            sleeping.set(f);
                        }
                    });
                case Insn.CallKernel call ->
                    program.kernelRow(call).ifPresent(kernel -> {
                        if (kernel.movesPacket()) {
                            moving.set(f);
                        }
                        if (kernel.sleeps()) {
                            sleeping.set(f);
                        }
                    });
                default -> {} // Nothing else leaves the function but for others of the program.
            }
        }
    }

    private boolean inherit(int f) {
        Code code = program.code();
        BpfProgram.FunctionRange function = program.functions().get(f);
        boolean grew = false;
        for (int slot = function.start(); slot < function.end(); slot = code.next(slot)) {
            int named = switch (code.at(slot)) {
                case Insn.CallLocal call -> slot + 1 + call.distance();
                case Insn.Wide wide when wide.kind() == WideKind.FUNCTION -> slot + 1 + wide.low();
                default -> -1; // Only these name functions.
            };
            if (named >= 0 && named < code.size()) {
                int callee = program.functions().indexOf(program.functionAt(named));
                grew |= spread(moving, callee, f);
                grew |= spread(sleeping, callee, f);
            }
        }
        return grew;
    }

    private static boolean spread(BitSet effect, int from, int to) {
        if (!effect.get(from) || effect.get(to)) {
            return false;
        }
        effect.set(to);
        return true;
    }
}
