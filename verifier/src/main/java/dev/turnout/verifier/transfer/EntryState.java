package dev.turnout.verifier.transfer;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Symbols;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.invariant.Root;
import dev.turnout.verifier.signature.Signature;
import dev.turnout.verifier.signature.Signatures;

/** What holds when a program is entered. */
public final class EntryState {
    private EntryState() {}

    /** The state before the first instruction of a run that begins there. */
    public static State of(BpfProgram program, Options options, Root root) {
        return switch (root) {
            case Root.Function(int function) -> function(program, options, function);
            case Root.Later later -> later(program, later);
            case Root.Comparing comparing -> comparing(comparing);
        };
    }

    /** What the kernel calls later gets the map, the key and the value; no frame of the program is there any more. */
    private static State later(BpfProgram program, Root.Later root) {
        State state = State.entry(new Symbols());
        MapDefinition map = program.map(root.map());
        state.put(Reg.R1, Transfer.pointer(new Region.MapReference(root.map()), 0));
        state.put(
                Reg.R2,
                Transfer.pointer(
                        new Region.HelperMemory("a key of map `" + map.name() + "`", map.keySize(), false), 0));
        state.put(Reg.R3, Transfer.pointer(Transfer.value(program, root.map()), 0));
        state.put(root.sleeps() ? State.Rest.ALLOWED : State.Rest.FORBIDDEN);
        return state;
    }

    private static State comparing(Root.Comparing root) {
        State state = State.entry(new Symbols());
        Value node = Transfer.pointer(root.object(), root.node());
        state.put(Reg.R1, node);
        state.put(Reg.R2, node);
        state.put(State.Rest.COMPARING);
        return state;
    }

    private static State function(BpfProgram program, Options options, int function) {
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
