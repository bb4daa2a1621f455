package dev.turnout.verifier.transfer;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Symbols;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.signature.Signature;
import dev.turnout.verifier.signature.Signatures;

/** What holds when a program is entered. */
public final class EntryState {
    private EntryState() {}

    /** The state before the first instruction of a function that nothing is known to call: main (0), or one that is verified alone. */
    public static State of(BpfProgram program, Options options, int function) {
        if (function == 0) {
            return main(program);
        }
        Signature signature = Signatures.of(program, options)
                .at(program.functions().get(function).start())
                .orElseThrow(() -> new IllegalArgumentException("function " + function + " is not verified alone"));
        return switch (signature) {
            case Signature.Typed typed -> GlobalCalls.entry(typed);
            case Signature.Untyped untyped -> throw new IllegalArgumentException(untyped.name() + ": " + untyped.why());
        };
    }

    private static State main(BpfProgram program) {
        State state = State.entry(new Symbols());
        switch (program.entry()) {
            case BpfProgram.Entry.Context _ ->
                state.put(Reg.R1, new Value.Pointer(new Region.Context(), Num.constant(0), Form.ZERO, 0));
            case BpfProgram.Entry.Memory memory -> {
                state.put(
                        Reg.R1,
                        memory.bytes() == 0
                                ? Value.constant(0)
                                : new Value.Pointer(new Region.Memory(memory.bytes()), Num.constant(0), Form.ZERO, 0));
                state.put(Reg.R2, Value.constant(memory.bytes()));
            }
        }
        return state;
    }
}
