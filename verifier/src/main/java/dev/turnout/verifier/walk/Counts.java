package dev.turnout.verifier.walk;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.stdlib.kfunc.KernelFunction;
import dev.turnout.verifier.domain.Held;
import dev.turnout.verifier.domain.SlotObject;
import dev.turnout.verifier.domain.Slots;
import dev.turnout.verifier.domain.State;
import java.util.BitSet;
import java.util.Optional;

/**
 * The counts that the machine keeps and that no program can go round for ever: the rounds of a helper's callback, the steps of
 * an iterator, the {@code may_goto}s of a run. A count is named by the slot of the instruction that starts it.
 */
final class Counts {
    /** The count of {@code may_goto}: one for the whole run. */
    static final int MAY_GOTO = Integer.MAX_VALUE;

    private final BpfProgram program;
    private final BitSet places = new BitSet();

    Counts(BpfProgram program) {
        this.program = program;
        Code code = program.code();
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            Insn insn = code.at(slot);
            boolean iterates = insn instanceof Insn.CallKernel call
                    && program.kernelRow(call)
                            .filter(f -> f.asksIterator() || f.createsIterator())
                            .isPresent();
            if (iterates || insn instanceof Insn.MayGoto) {
                places.set(slot);
            }
        }
    }

    /** Whether the instruction at {@code slot} moves or starts a count, other than that of a helper. */
    boolean isAt(int slot) {
        return places.get(slot);
    }

    /** The count that the call starts anew, or {@link Checkpoint#NONE}. */
    int restarted(int slot, Insn.CallKernel call) {
        return program.kernelRow(call).filter(KernelFunction::createsIterator).isPresent() ? slot : Checkpoint.NONE;
    }

    /** The count that the call moves if the iterator gives something, or {@link Checkpoint#NONE}. */
    int started(State state, Insn.CallKernel call) {
        Optional<KernelFunction> next = program.kernelRow(call).filter(KernelFunction::asksIterator);
        Optional<SlotObject.Iterator> iterator = next.flatMap(KernelFunction::iterator)
                .flatMap(type -> Slots.iterator(
                        state,
                        state.reg(Reg.R1),
                        type.substring("iter_".length()),
                        next.orElseThrow().iteratorBytes()));
        return iterator.stream()
                .flatMap(it -> state.held().resources().stream().filter(resource -> resource.id() == it.resource()))
                .mapToInt(Held.Resource::slot)
                .findFirst()
                .orElse(Checkpoint.NONE);
    }
}
