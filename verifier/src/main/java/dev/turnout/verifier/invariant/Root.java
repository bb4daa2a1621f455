package dev.turnout.verifier.invariant;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.kfunc.KernelFunction;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import java.util.List;
import java.util.Optional;

/** Where runs begin that no instruction of the program waits for. */
public sealed interface Root {
    /** The number of the function. */
    int function();

    /** Main (0), or a function that is verified alone, from its types. */
    record Function(int function) implements Root {}

    /**
     * A function that the kernel calls later, on a clock or from a queue, with a map, a key, and the value that holds the timer.
     *
     * @param map as {@link BpfProgram#map} takes it
     * @param sleeps whether it may sleep, whatever the program may
     */
    record Later(int function, int map, boolean sleeps) implements Root {}

    /**
     * A function that compares a node that comes into a tree with one that hangs there, under the tree's lock. The instruction does wait
     * for it; but nothing of the program is within its reach, so that it can be looked at alone.
     *
     * @param node both nodes: where in objects of the type they stand
     */
    record Comparing(int function, Region.Allocated object, long node) implements Root {}

    /** The functions that the instruction at {@code slot} has the kernel call later, or out of the program's reach. */
    static List<Root> later(BpfProgram program, State state, int slot) {
        if (adds(program, slot)) {
            return comparing(program, state);
        }
        boolean queued = switch (program.code().at(slot)) {
            case Insn.CallKernel call ->
                program.kernelRow(call)
                        .filter(function -> function == KernelFunction.WQ_SET_CALLBACK
                                || function == KernelFunction.WQ_SET_CALLBACK_IMPL)
                        .isPresent();
            default -> false; // No other instruction queues anything.
        };
        boolean timed = program.code().at(slot) instanceof Insn.CallHelper call
                && call.id() == HelperFunction.TIMER_SET_CALLBACK.id();
        Optional<Integer> map =
                state.reg(Reg.R1) instanceof Value.Pointer pointer && pointer.region() instanceof Region.MapValue value
                        ? Optional.of(value.map())
                        : Optional.empty();
        return (queued || timed) && map.isPresent() && state.reg(Reg.R2) instanceof Value.FunctionAddress functions
                ? functions.starts().stream()
                        .map(start -> (Root)
                                new Later(program.functions().indexOf(program.functionAt(start)), map.get(), queued))
                        .toList()
                : List.of();
    }

    private static boolean adds(BpfProgram program, int slot) {
        return program.code().at(slot) instanceof Insn.CallKernel call
                && program.kernelRow(call)
                        .filter(function ->
                                function == KernelFunction.RBTREE_ADD || function == KernelFunction.RBTREE_ADD_IMPL)
                        .isPresent();
    }

    private static List<Root> comparing(BpfProgram program, State state) {
        return state.reg(Reg.R2) instanceof Value.Pointer node
                        && node.region() instanceof Region.Allocated object
                        && state.offset(node).isConstant()
                        && state.reg(Reg.R3) instanceof Value.FunctionAddress functions
                ? functions.starts().stream()
                        .map(start -> (Root) new Comparing(
                                program.functions().indexOf(program.functionAt(start)),
                                object.as(Region.Standing.SEEN),
                                state.offset(node).constant()))
                        .toList()
                : List.of();
    }
}
