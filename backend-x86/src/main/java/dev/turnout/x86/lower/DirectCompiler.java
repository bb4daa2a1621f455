package dev.turnout.x86.lower;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.engine.Requirements;
import dev.turnout.verifier.specialize.ExecutableProgram;
import dev.turnout.x86.asm.AssembledCode;
import dev.turnout.x86.asm.Assembler;
import dev.turnout.x86.code.Listing;
import dev.turnout.x86.code.PatchMode;
import dev.turnout.x86.code.X86Code;
import dev.turnout.x86.isa.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Translates a program instruction by instruction, in time proportional to its length. What comes out depends on the program, the
 * features and the way of patching alone. May be used by many threads.
 */
public final class DirectCompiler {
    private DirectCompiler() {}

    /**
     * Translates a program.
     *
     * @param features what the processor that will run the code has
     * @param patching how static branches obey their keys
     * @return empty if no machine of ours can run the program, which was reported
     */
    public static Optional<X86Code> compile(
            ExecutableProgram program, Set<Feature> features, PatchMode patching, Diagnostics diagnostics) {
        return Requirements.met(program.program(), diagnostics)
                ? Optional.of(compile(program.program(), features, patching, new Assembler())
                        .code())
                : Optional.empty();
    }

    /** The same code, with its text. */
    public static Optional<Listing> list(
            ExecutableProgram program, Set<Feature> features, PatchMode patching, Diagnostics diagnostics) {
        return Requirements.met(program.program(), diagnostics)
                ? Optional.of(compile(program.program(), features, patching, Assembler.listing()))
                : Optional.empty();
    }

    /** Of a program whose requirements are met; without lines if the assembler writes none. */
    static Listing compile(BpfProgram program, Set<Feature> features, PatchMode patching, Assembler asm) {
        Draft draft = new Draft(program, features, patching, asm);
        SharedRoutines shared = new SharedRoutines(draft);
        InsnLowering insns = new InsnLowering(draft, shared);
        for (BpfProgram.FunctionRange function : program.functions()) {
            Frame frame = Frame.of(program.code(), function);
            asm.align(X86Code.ALIGNMENT);
            asm.place(draft.entry(function.start()));
            frame.enter(asm);
            insns.function(function, frame);
        }
        shared.emit();
        AssembledCode assembled = asm.finish();
        X86Code code = draft.code(assembled);
        List<Listing.Place> places = new ArrayList<>();
        if (!assembled.listing().isEmpty()) {
            for (int i = 0; i < program.functions().size(); i++) {
                places.add(new Listing.Place(
                        code.entry(i), program.functions().get(i).name()));
            }
            shared.name(assembled, places);
        }
        return new Listing(code, assembled.listing(), places);
    }
}
