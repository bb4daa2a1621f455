package dev.turnout.x86.lower;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;

/** The instructions of all functions, in order. */
final class InsnLowering {
    private final Draft draft;
    private final Code code;
    private final KnownRegisters known;
    private final ArithmeticLowering arithmetic;
    private final MemoryLowering memory;
    private final BranchLowering branches;
    private final CallLowering calls;
    private final PacketLowering packets;

    InsnLowering(Draft draft, SharedRoutines shared) {
        this.draft = draft;
        this.code = draft.program.code();
        this.known = new KnownRegisters(draft.program);
        this.arithmetic = new ArithmeticLowering(draft);
        this.memory = new MemoryLowering(draft);
        this.branches = new BranchLowering(draft);
        this.calls = new CallLowering(draft, shared);
        this.packets = new PacketLowering(draft, shared);
    }

    /** Functions come in the order of their slots. */
    void function(BpfProgram.FunctionRange function, Frame frame) {
        for (int slot = function.start(); slot < function.end(); slot = code.next(slot)) {
            Insn insn = code.at(slot);
            known.arrive(slot);
            draft.asm.place(draft.slot(slot));
            lower(slot, insn, frame);
            known.pass(insn);
        }
    }

    private void lower(int slot, Insn insn, Frame frame) {
        switch (insn) {
            case Insn.Alu alu -> arithmetic.alu(alu);
            case Insn.Neg neg -> arithmetic.negate(neg);
            case Insn.Swap swap -> arithmetic.swap(swap);
            case Insn.Wide wide -> wide(slot, wide);
            case Insn.Load load -> memory.load(load);
            case Insn.Store store -> memory.store(store);
            case Insn.Atomic atomic -> memory.atomic(atomic);
            case Insn.PacketLoad load -> packets.load(load, frame);
            case Insn.Jump jump -> branches.jump(slot + 1 + jump.distance());
            case Insn.JumpIf jump -> branches.jumpIf(jump, slot + 1 + jump.distance());
            case Insn.StaticJump _ -> branches.branchSite(slot, draft.program.branchesAt(slot));
            case Insn.MayGoto jump -> branches.mayGoto(slot + 1 + jump.distance());
            case Insn.JumpIndirect jump -> branches.indirect(jump);
            case Insn.CallHelper call -> calls.helper(slot, call, known, frame);
            case Insn.CallLocal call -> calls.local(slot + 1 + call.distance());
            case Insn.CallIndirect call -> calls.indirect(call);
            case Insn.Exit _ -> frame.leave(draft.asm);
            case Insn.CallKernel call -> calls.kernel(slot, call);
            case Insn.CastSpace _ -> throw unmet(insn);
        }
    }

    private void wide(int slot, Insn.Wide wide) {
        var dst = Registers.of(wide.dst());
        switch (wide.kind()) {
            case CONSTANT -> arithmetic.constant(dst, wide.value());
            case MAP_INDEX -> draft.mapHeader(dst, wide.low());
            case MAP_INDEX_VALUE -> draft.mapValue(dst, wide.low(), wide.high());
            case FUNCTION -> draft.asm.movAddress(dst, draft.entry(slot + 1 + wide.low()));
            case MAP_FD, MAP_VALUE, BTF_ID -> throw unmet(wide);
        }
    }

    private static IllegalStateException unmet(Insn insn) {
        return new IllegalStateException("no machine can run " + insn);
    }
}
