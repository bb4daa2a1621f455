package dev.turnout.runtime.engine;

import dev.turnout.bpf.asm.InsnPrinter;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.KernelSymbol;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.helper.Absence;
import dev.turnout.runtime.helper.HelperCalls;
import dev.turnout.runtime.helper.KernelCalls;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import java.util.BitSet;
import java.util.Optional;

/**
 * What a program may ask of a machine that none of ours has, whatever the engine: a verified program can be for the kernel
 * only. Asked before anything is made of the program, so that engines need not ask again.
 */
public final class Requirements {
    private final BpfProgram program;
    private final Diagnostics diagnostics;
    private boolean met = true;

    private Requirements(BpfProgram program, Diagnostics diagnostics) {
        this.program = program;
        this.diagnostics = diagnostics;
    }

    /** Whether machines of ours can run the program; every instruction that they cannot run is reported. */
    public static boolean met(BpfProgram program, Diagnostics diagnostics) {
        Requirements requirements = new Requirements(program, diagnostics);
        BitSet sites = new BitSet();
        for (BranchSite site : program.branchSites()) {
            sites.set(site.slot());
        }
        requirements.context();
        for (int slot = 0; slot < program.code().size(); slot++) {
            if (program.code().begins(slot)) {
                requirements.check(slot, program.code().at(slot), sites);
            }
        }
        return requirements.met;
    }

    /** A context with pointers to the kernel's own objects would hold numbers that the program takes for addresses. */
    private void context() {
        ProgramType type = program.type().orElse(null);
        if (type != null && !type.context().isMade()) {
            refuse(
                    DiagnosticCode.R0112,
                    0,
                    "this machine has no `" + type.word() + "` events to run program `" + program.name() + "` on");
        }
    }

    private void check(int slot, Insn insn, BitSet sites) {
        switch (insn) {
            case Insn.Wide wide -> wide(slot, wide);
            case Insn.CallHelper call -> helper(slot, call);
            case Insn.CallKernel call -> kernel(slot, call);
            case Insn.CastSpace _ -> lacks(slot, insn, "it needs an arena");
            case Insn.StaticJump _ -> {
                if (!sites.get(slot)) {
                    lacks(slot, insn, "no key is known for it");
                }
            }
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.Load _, Insn.Store _, Insn.Atomic _, Insn.PacketLoad _ -> {}
            case Insn.Jump _, Insn.JumpIf _, Insn.MayGoto _, Insn.JumpIndirect _ -> {}
            case Insn.CallLocal _, Insn.CallIndirect _, Insn.Exit _ -> {}
        }
    }

    private void wide(int slot, Insn.Wide wide) {
        switch (wide.kind()) {
            case CONSTANT, MAP_INDEX, FUNCTION -> {}
            case MAP_INDEX_VALUE -> {
                MapDefinition map = program.maps().get(wide.low());
                if (!hasDirectValue(map)) {
                    lacks(slot, wide, "map `" + map.name() + "` has no value that is there without a lookup");
                }
            }
            case MAP_FD, MAP_VALUE -> lacks(slot, wide, "file descriptors mean nothing here");
            case BTF_ID -> lacks(slot, wide, "there are no variables of a kernel here");
        }
    }

    private static boolean hasDirectValue(MapDefinition map) {
        return map.kind() == MapKind.INSN_ARRAY || (map.kind() == MapKind.ARRAY && map.maxEntries() == 1);
    }

    private void helper(int slot, Insn.CallHelper call) {
        Optional<HelperFunction> row = HelperFunction.ofId(call.id());
        if (row.isEmpty() || HelperCalls.support(row.get()) == HelperCalls.Support.NONE) {
            String name = row.map(HelperFunction::word).orElse("number " + call.id());
            String why = row.map(helper -> ": " + Absence.of(helper).reason()).orElse("");
            refuse(
                    DiagnosticCode.R0104,
                    slot,
                    "program `" + program.name() + "` calls helper `" + name + "`, which this machine lacks" + why);
        }
    }

    private void kernel(int slot, Insn.CallKernel call) {
        if (KernelCalls.number(program, call).isEmpty()) {
            String name = program.kernelFunction(call).map(KernelSymbol::name).orElse("number " + call.btfId());
            refuse(
                    DiagnosticCode.R0118,
                    slot,
                    "program `" + program.name() + "` calls kernel function `" + name + "`, which this machine lacks");
        }
    }

    private void lacks(int slot, Insn insn, String why) {
        refuse(
                DiagnosticCode.R0113,
                slot,
                "this machine cannot run `" + InsnPrinter.print(insn) + "` of program `" + program.name() + "`: "
                        + why);
    }

    private void refuse(DiagnosticCode code, int slot, String message) {
        met = false;
        String line = program.lineAt(slot)
                .map((LineInfo at) -> ", " + at.file() + ":" + at.line())
                .orElse("");
        diagnostics.report(Diagnostic.general(code, message)
                .withNote("at instruction " + slot + line)
                .withHelp("run it in the kernel: `--engine kernel`"));
    }
}
