package dev.turnout.verifier.transfer;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.SlotObject;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Symbols;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.signature.Parameter;
import dev.turnout.verifier.signature.Signature;

/** Both ends of a call that nobody looks through: what it leaves to the caller, and what the function begins with. */
public final class GlobalCalls {
    private GlobalCalls() {}

    /** What holds at the function's entry, whoever calls it. */
    public static State entry(Signature.Typed signature) {
        State state = State.entry(new Symbols());
        for (int i = 0; i < signature.parameters().size(); i++) {
            String name = "argument " + (i + 1) + " of `" + signature.name() + "`";
            state.put(
                    Reg.argument(i),
                    switch (signature.parameters().get(i)) {
                        case Parameter.Number _, Parameter.ArenaAddress _ -> state.fresh(Num.top());
                        case Parameter.Context _ -> start(new Region.Context(), 0);
                        case Parameter.Memory(long bytes, boolean nullable) ->
                            start(
                                    new Region.HelperMemory(name, bytes, true),
                                    nullable ? state.source().fresh() | 1 : 0);
                        case Parameter.Dynptr _ ->
                            start(
                                    new Region.DynptrReference(new SlotObject.Dynptr(
                                            SlotObject.Dynptr.Kind.LOCAL,
                                            state.source().fresh(),
                                            0,
                                            false)),
                                    0);
                    });
        }
        return state;
    }

    private static Value start(Region region, int nullId) {
        return new Value.Pointer(region, Num.constant(0), Form.ZERO, nullId);
    }

    /** Changes the caller's state from what holds before the call to what holds after it. */
    static void step(State state, Signature.Typed signature) {
        for (int i = 0; i < signature.parameters().size(); i++) {
            if (signature.parameters().get(i) instanceof Parameter.Memory(long bytes, boolean _)
                    && state.reg(Reg.argument(i)) instanceof Value.Pointer pointer
                    && pointer.region() instanceof Region.Stack stack) {
                HelperEffect.overwrite(state, stack.depth(), state.offset(pointer), Num.constant(bytes));
            }
        }
        if (signature.movesPacket()) {
            state.forgetPacket();
        }
        state.clobber();
        state.put(Reg.R0, signature.givesNumber() ? state.fresh(Num.top()) : Value.Unreadable.VALUE);
    }
}
