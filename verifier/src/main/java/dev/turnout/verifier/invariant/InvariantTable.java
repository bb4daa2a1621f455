package dev.turnout.verifier.invariant;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.domain.Known;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.report.Violation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is known before each instruction, joined over all states that an engine shows to it, and what it has seen of calls,
 * jumps and frames. Mutable while an engine fills it.
 */
public final class InvariantTable {
    private static final int MOST_STACK = 512;

    private final BpfProgram program;
    private final List<List<Known>> rows = new ArrayList<>();
    private final TreeMap<Integer, Known> loads = new TreeMap<>();
    private final Ways ways = new Ways();
    private final CallGraph calls = new CallGraph();
    private final Set<Root> later = new LinkedHashSet<>();
    private final int[] stack;

    public InvariantTable(BpfProgram program) {
        this.program = program;
        this.stack = new int[program.functions().size()];
        for (int slot = 0; slot < program.code().size(); slot++) {
            rows.add(List.of());
        }
    }

    /** A state that some run may have before the instruction at {@code slot}. */
    public void note(int slot, State state) {
        later.addAll(Root.later(program, state, slot));
        List<Known> before = rows.get(slot);
        if (!before.isEmpty() && coversAll(before, state)) {
            return;
        }
        List<Known> now = new ArrayList<>(State.REGISTERS);
        for (int r = 0; r < State.REGISTERS; r++) {
            Known known = known(state, state.reg(Reg.of(r)));
            now.add(before.isEmpty() ? known : before.get(r).join(known));
        }
        rows.set(slot, List.copyOf(now));
    }

    /** Whether nothing is new: the common case of a walk, without making anything. */
    private static boolean coversAll(List<Known> before, State state) {
        for (int r = 0; r < State.REGISTERS; r++) {
            if (!covers(before.get(r), state, state.reg(Reg.of(r)))) {
                return false;
            }
        }
        return true;
    }

    /** Takes over what another table knows, of runs that are not in this one. */
    public void add(InvariantTable other) {
        for (int slot = 0; slot < rows.size(); slot++) {
            List<Known> more = other.rows.get(slot);
            List<Known> before = rows.get(slot);
            if (before.isEmpty() || more.isEmpty()) {
                rows.set(slot, before.isEmpty() ? more : before);
                continue;
            }
            List<Known> both = new ArrayList<>(State.REGISTERS);
            for (int r = 0; r < State.REGISTERS; r++) {
                both.add(before.get(r).join(more.get(r)));
            }
            rows.set(slot, List.copyOf(both));
        }
        other.loads.forEach((slot, known) -> loads.merge(slot, known, Known::join));
        ways.add(other.ways);
        calls.add(other.calls);
        later.addAll(other.later);
        for (int f = 0; f < stack.length; f++) {
            stack[f] = Math.max(stack[f], other.stack[f]);
        }
    }

    /** The functions that the kernel is to call later, in the order in which the engine met them. */
    public Set<Root> later() {
        return Collections.unmodifiableSet(later);
    }

    /** What the load at {@code slot} has left in its register. */
    public void noteLoad(int slot, State after, Reg into) {
        loads.merge(slot, known(after, after.reg(into)), Known::join);
    }

    private static boolean covers(Known old, State state, Value value) {
        return switch (old) {
            case Known.Unreadable _ -> true;
            case Known.Number number ->
                value instanceof Value.Scalar scalar
                        && (number.num().isTop() || state.num(scalar).leq(number.num()));
            case Known.Address address ->
                value instanceof Value.Pointer pointer
                        && (address.nullable() || !pointer.isNullable())
                        && address.region().equals(pointer.region())
                        && (address.offset().isTop() || state.offset(pointer).leq(address.offset()));
            case Known.Target _, Known.Function _ -> false;
        };
    }

    private static Known known(State state, Value value) {
        return switch (value) {
            case Value.Unreadable _, Value.StackObject _ -> new Known.Unreadable();
            case Value.Scalar scalar -> new Known.Number(state.num(scalar));
            case Value.Pointer pointer ->
                new Known.Address(pointer.region(), state.offset(pointer), pointer.isNullable());
            case Value.CodeAddress code -> new Known.Target(code.targets());
            case Value.FunctionAddress function -> new Known.Function(function.starts(), function.isNullable());
        };
    }

    /**
     * How deep the program goes into each function's frame, by every pointer that an instruction or a helper uses.
     *
     * @param active numbers of the active functions, main first; one a frame of the state
     */
    public void noteStack(List<Integer> active, State state, Insn insn) {
        switch (insn) {
            case Insn.Load load -> noteStack(active, state, load.base(), load.offset());
            case Insn.Store store -> noteStack(active, state, store.base(), store.offset());
            case Insn.Atomic atomic -> noteStack(active, state, atomic.base(), atomic.offset());
            case Insn.CallHelper _, Insn.CallKernel _ -> {
                for (int i = 0; i < 5; i++) {
                    noteStack(active, state, Reg.argument(i), 0);
                }
            }
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Wide _, Insn.PacketLoad _ -> {}
            case Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _, Insn.MayGoto _, Insn.JumpIndirect _ -> {}
            case Insn.CallLocal _, Insn.CallIndirect _, Insn.Exit _ -> {}
        }
    }

    private void noteStack(List<Integer> active, State state, Reg base, int offset) {
        if (state.reg(base) instanceof Value.Pointer pointer && pointer.region() instanceof Region.Stack frame) {
            long deep = -(state.offset(pointer).sMin() + offset);
            int function = active.get(frame.depth());
            stack[function] = (int) Math.max(stack[function], Math.min(deep, MOST_STACK));
        }
    }

    /** Adds what is wrong with the whole: tail calls that stand where none may, and a stack that is too deep. */
    public void check(Options options, Map<Integer, Violation> violations) {
        new TailCalls(program, calls).check(stack, violations);
        if (violations.isEmpty()) {
            StackLimit.check(program, options, calls, later, stack)
                    .ifPresent(violation -> violations.put(0, violation));
        }
    }

    /** For each slot what the registers hold before it, in their order; empty where no run gets to. */
    public List<List<Known>> rows() {
        return rows;
    }

    /** By slot, what a load leaves in its register. */
    public Map<Integer, Known> loads() {
        return loads;
    }

    /** The ways on from jumps. */
    public Ways ways() {
        return ways;
    }

    public CallGraph calls() {
        return calls;
    }
}
