package dev.turnout.driver.stage;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.verifier.specialize.ExecutableProgram;
import dev.turnout.verifier.specialize.SpecializeOptions;
import dev.turnout.x86.code.X86Code;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToIntBiFunction;

/**
 * A program in all its forms: as it was loaded, as it runs, as native code. What is not accepted has the first only, what no
 * machine of ours can run lacks the last.
 */
record ProgramViews(BpfProgram program, Optional<ExecutableProgram> executable, Optional<X86Code> code) {
    static ProgramViews of(BpfProgram program, SpecializeOptions rewrites) {
        Optional<ExecutableProgram> executable = Accepted.of(program, rewrites, new Diagnostics());
        return new ProgramViews(program, executable, executable.flatMap(one -> X86Dump.code(one, new Diagnostics())));
    }

    /** Where the instruction at an original slot is by now. */
    CodePlace place(int slot) {
        return place(slot, X86Code::offset);
    }

    /** Where the function that begins at an original slot is called by now. */
    CodePlace function(int start) {
        return place(start, X86Code::entryAt);
    }

    private CodePlace place(int slot, ToIntBiFunction<X86Code, Integer> offsetIn) {
        Optional<Integer> now = executable.map(one -> one.rewritten(slot));
        Optional<Integer> offset = now.filter(at -> at != ExecutableProgram.REMOVED)
                .flatMap(at -> code.map(one -> offsetIn.applyAsInt(one, at)))
                .filter(at -> at != X86Code.NONE);
        return new CodePlace(slot, optional(now), optional(offset), program.lineAt(slot));
    }

    private static OptionalInt optional(Optional<Integer> number) {
        return number.isPresent() ? OptionalInt.of(number.get()) : OptionalInt.empty();
    }
}
