package dev.turnout.verifier.transfer;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.domain.AbstractAlgebra;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.SlotObject;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import java.util.List;

/**
 * Helpers that call functions of the program before they return: how often, with what, and what those may return. All of them
 * take the function second, and give it what they are given third.
 */
public final class Callbacks {
    /** Which of a helper's arguments is the function, from 0. */
    public static final int FUNCTION = 1;

    private static final int CONTEXT = 2;

    /** Rounds that {@code bpf_loop} makes at most. */
    private static final long MOST_ROUNDS = 1L << 23;

    private final BpfProgram program;
    private final Options options;

    public Callbacks(BpfProgram program, Options options) {
        this.program = program;
        this.options = options;
    }

    /** Whether the instruction calls such a helper. */
    public static boolean callsBack(Insn insn) {
        return insn instanceof Insn.CallHelper call
                && (call.id() == HelperFunction.LOOP.id()
                        || call.id() == HelperFunction.FOR_EACH_MAP_ELEM.id()
                        || call.id() == HelperFunction.USER_RINGBUF_DRAIN.id());
    }

    /** The functions that a value may be the address of. */
    public static List<Integer> functions(Value given) {
        return given instanceof Value.FunctionAddress address ? address.starts() : List.of();
    }

    /**
     * How many rounds there can be.
     *
     * @param given the helper's arguments
     */
    public long mostRounds(State state, Insn insn, List<Value> given) {
        return isLoop(insn) && given.getFirst() instanceof Value.Scalar rounds
                ? Math.min(
                        AbstractAlgebra.INSTANCE
                                .zeroExtend(state.num(rounds), 32)
                                .uMax(),
                        MOST_ROUNDS)
                : Long.MAX_VALUE;
    }

    private static boolean isLoop(Insn insn) {
        return insn instanceof Insn.CallHelper call && call.id() == HelperFunction.LOOP.id();
    }

    /**
     * Gives a callback what the helper gives it.
     *
     * @param state in the function that is called, of which nothing is set yet
     * @param given the helper's arguments
     */
    public void enter(State state, Insn insn, List<Value> given) {
        state.clobber();
        if (isLoop(insn)) {
            state.put(Reg.R1, round(state, mostRounds(state, insn, given)));
            state.put(Reg.R2, given.get(CONTEXT));
        } else if (insn instanceof Insn.CallHelper call && call.id() == HelperFunction.USER_RINGBUF_DRAIN.id()) {
            state.put(Reg.R1, start(new Region.DynptrReference(SlotObject.Dynptr.LENT)));
            state.put(Reg.R2, given.get(CONTEXT));
        } else if (given.getFirst() instanceof Value.Pointer pointer
                && pointer.region() instanceof Region.MapReference reference) {
            MapDefinition map = program.map(reference.map());
            state.put(Reg.R1, pointer);
            state.put(
                    Reg.R2,
                    start(new Region.HelperMemory("a key of map `" + map.name() + "`", map.keySize(), false, false)));
            state.put(Reg.R3, start(Transfer.value(program, reference.map())));
            state.put(Reg.R4, given.get(CONTEXT));
        }
    }

    /** The number of a round, of which Linux knows nothing. */
    private Value round(State state, long most) {
        return state.fresh(options.predicts() ? Num.top() : Num.unsigned(0, Math.max(0, most - 1)));
    }

    private static Value start(Region region) {
        return new Value.Pointer(region, Num.constant(0), Form.ZERO, 0);
    }

    /** What a callback may return. */
    public static Num results() {
        return Num.unsigned(0, 1);
    }
}
