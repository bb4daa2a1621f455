package dev.turnout.x86;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.x86.code.Fixup;
import dev.turnout.x86.code.X86Code;

/** Which programs end so soon, whatever their input, that the JVM may wait for them. */
final class QuickPrograms {
    /** Instructions: a microsecond or two. */
    private static final int LONGEST = 2048;

    private QuickPrograms() {}

    /** True of short code that calls no Java, no other function and no other program, and only ever goes forward. */
    static boolean isQuick(BpfProgram program, X86Code code) {
        if (program.code().size() > LONGEST
                || program.functions().size() > 1
                || code.fixups().stream().anyMatch(Fixup.ToStub.class::isInstance)) {
            return false;
        }
        for (BranchSite site : program.branchSites()) {
            if (site.target() <= site.slot()) {
                return false;
            }
        }
        return program.code().insns().stream().allMatch(QuickPrograms::goesForward);
    }

    private static boolean goesForward(Insn insn) {
        return switch (insn) {
            case Insn.Jump jump -> jump.distance() >= 0;
            case Insn.JumpIf jump -> jump.distance() >= 0;
            case Insn.CallHelper call ->
                call.id() != HelperFunction.LOOP.id() && call.id() != HelperFunction.TAIL_CALL.id();
            case Insn.MayGoto _, Insn.JumpIndirect _, Insn.CallLocal _, Insn.CallIndirect _, Insn.CallKernel _ -> false;
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Wide _, Insn.Load _, Insn.Store _ -> true;
            case Insn.Atomic _, Insn.PacketLoad _, Insn.StaticJump _, Insn.Exit _ -> true;
        };
    }
}
