package dev.turnout.verifier.specialize;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.Code;
import dev.turnout.verifier.Invariants;
import dev.turnout.verifier.cfg.Liveness;
import dev.turnout.verifier.invariant.Ways;
import dev.turnout.verifier.specialize.Decisions.Origin;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which bytes of read-only data a register was computed from: a walk over the code that some run gets to, along the values, through
 * moves, arithmetic, the stack of a frame, arguments and results. What a value owes to the way that control came is not followed:
 * an origin that is named had a part in the value, and others may have had one. This explains; it proves nothing, and no rewrite
 * asks it.
 *
 * <p>Facts only grow, by one origin or the loss of an address at a time, so the walk ends.
 */
final class ReadOnlyOrigins {
    private static final Fact NOTHING = new Fact(Set.of(), null);

    private final BpfProgram program;
    private final Code code;
    private final Invariants invariants;
    private final Map<Integer, List<BranchSite>> sites;
    /** By slot. */
    private final @Nullable State[] before;
    /** By first slot of a function: what it returns, and who calls it. */
    private final Map<Integer, Fact> results = new HashMap<>();

    private final Map<Integer, Set<Integer>> callers = new HashMap<>();
    private final ArrayDeque<Integer> pending = new ArrayDeque<>();

    /** An address in read-only data; {@code map} is its index in the program. */
    private record Pointer(int map, int offset) {}

    /**
     * What is known of a value.
     *
     * @param from all that it was computed from
     * @param to if it is an address of read-only data, which
     */
    private record Fact(Set<Origin> from, @Nullable Pointer to) {
        Fact join(Fact other) {
            return equals(other) ? this : new Fact(union(from, other.from), Objects.equals(to, other.to) ? to : null);
        }

        Fact with(Fact other) {
            return new Fact(union(from, other.from), null);
        }

        Fact number() {
            return to == null ? this : new Fact(from, null);
        }

        private static Set<Origin> union(Set<Origin> a, Set<Origin> b) {
            if (a.containsAll(b)) {
                return a;
            }
            Set<Origin> all = new TreeSet<>(a);
            all.addAll(b);
            return all;
        }
    }

    /** What registers hold, and the stack by offset from the frame pointer. What is not in it is nothing. */
    private static final class State {
        private final Fact[] registers = new Fact[11];
        private final Map<Integer, Fact> stack = new HashMap<>();

        State() {
            Arrays.fill(registers, NOTHING);
        }

        State copy() {
            State copy = new State();
            System.arraycopy(registers, 0, copy.registers, 0, registers.length);
            copy.stack.putAll(stack);
            return copy;
        }

        /** Whether it grew. */
        boolean join(State other) {
            boolean grew = false;
            for (int i = 0; i < registers.length; i++) {
                Fact joined = registers[i].join(other.registers[i]);
                grew |= !joined.equals(registers[i]);
                registers[i] = joined;
            }
            for (Map.Entry<Integer, Fact> slot : other.stack.entrySet()) {
                Fact joined = stack.getOrDefault(slot.getKey(), NOTHING).join(slot.getValue());
                grew |= !joined.equals(stack.put(slot.getKey(), joined));
            }
            return grew;
        }

        Fact at(Reg reg) {
            return reg == Reg.AX ? NOTHING : registers[reg.number()];
        }

        void put(Reg reg, Fact fact) {
            if (reg != Reg.AX) {
                registers[reg.number()] = fact;
            }
        }

        void forget(int mask) {
            for (int i = 0; i < registers.length; i++) {
                registers[i] = (mask >>> i & 1) != 0 ? NOTHING : registers[i];
            }
        }
    }

    private ReadOnlyOrigins(BpfProgram program, Invariants invariants) {
        this.program = program;
        this.code = program.code();
        this.invariants = invariants;
        this.sites = program.branchSites().stream().collect(Collectors.groupingBy(BranchSite::slot));
        this.before = new State[code.size()];
    }

    static ReadOnlyOrigins of(BpfProgram program, Invariants invariants) {
        ReadOnlyOrigins origins = new ReadOnlyOrigins(program, invariants);
        if (program.maps().stream().anyMatch(map -> map.frozen())) {
            program.functions().forEach(function -> origins.flow(function.start(), new State()));
            while (!origins.pending.isEmpty()) {
                origins.step(origins.pending.remove());
            }
        }
        return origins;
    }

    /** What the values that the instruction reads were computed from, in order of map and offset. */
    List<Origin> read(int slot) {
        State state = before[slot];
        Set<Origin> all = new TreeSet<>();
        int registers = Liveness.reads(code.at(slot));
        for (int i = 0; state != null && i < state.registers.length; i++) {
            all.addAll((registers >>> i & 1) != 0 ? state.registers[i].from : Set.of());
        }
        return List.copyOf(all);
    }

    private void flow(int slot, State state) {
        if (!invariants.reachable(slot)) {
            return;
        }
        State known = before[slot];
        if (known == null) {
            before[slot] = state.copy();
            pending.add(slot);
        } else if (known.join(state)) {
            pending.add(slot);
        }
    }

    private void step(int slot) {
        State state = Objects.requireNonNull(before[slot]).copy();
        Insn insn = code.at(slot);
        int next = code.next(slot);
        switch (insn) {
            case Insn.Alu alu -> alu(state, alu);
            case Insn.Neg neg -> state.put(neg.dst(), state.at(neg.dst()).number());
            case Insn.Swap swap -> state.put(swap.dst(), state.at(swap.dst()).number());
            case Insn.CastSpace cast ->
                state.put(cast.dst(), state.at(cast.src()).number());
            case Insn.Wide wide -> state.put(wide.dst(), address(wide));
            case Insn.Load load -> state.put(load.dst(), load(state, load));
            case Insn.Store store -> {
                if (store.base() == Reg.R10) {
                    state.stack.put(
                            store.offset(),
                            store.value() instanceof Operand.Register(Reg reg) ? state.at(reg) : NOTHING);
                }
            }
            case Insn.CallLocal call -> call(slot, next + call.distance(), state);
            case Insn.Exit _ -> result(program.functionAt(slot).start(), state.at(Reg.R0));
            case Insn.Atomic _, Insn.PacketLoad _, Insn.CallHelper _, Insn.CallKernel _, Insn.CallIndirect _ ->
                state.forget(Liveness.writes(insn));
            case Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _, Insn.MayGoto _, Insn.JumpIndirect _ -> {}
        }
        Ways ways = invariants.ways();
        boolean test = insn instanceof Insn.JumpIf;
        if (insn.fallsThrough() && (!test || ways.mayGoOn(slot))) {
            flow(next, state);
        }
        if (insn.jumpDistance().isPresent() && (!test || ways.mayJump(slot))) {
            flow(next + insn.jumpDistance().get(), state);
        }
        ways.targets(slot).forEach(target -> flow(target, state));
        sites.getOrDefault(slot, List.of()).forEach(site -> flow(site.target(), state));
    }

    private static void alu(State state, Insn.Alu alu) {
        Fact other = alu.src() instanceof Operand.Register(Reg reg) ? state.at(reg) : NOTHING;
        Fact own = state.at(alu.dst());
        boolean whole = alu.width() == Width.W64;
        if (!alu.op().readsDestination()) {
            state.put(alu.dst(), whole && alu.op() == AluOp.MOV ? other : other.number());
        } else if (whole
                && alu.op() == AluOp.ADD
                && own.to != null
                && alu.src() instanceof Operand.Immediate(int distance)) {
            state.put(alu.dst(), new Fact(own.from, new Pointer(own.to.map, own.to.offset + distance)));
        } else {
            state.put(alu.dst(), own.with(other));
        }
    }

    private Fact address(Insn.Wide wide) {
        return wide.kind() == WideKind.MAP_INDEX_VALUE
                        && program.maps().get(wide.low()).frozen()
                ? new Fact(Set.of(), new Pointer(wide.low(), wide.high()))
                : NOTHING;
    }

    private Fact load(State state, Insn.Load load) {
        if (load.base() == Reg.R10) {
            return state.stack.getOrDefault(load.offset(), NOTHING);
        }
        Fact base = state.at(load.base());
        if (base.to == null) {
            return base;
        }
        Origin origin = new Origin(
                program.maps().get(base.to.map).name(),
                base.to.offset + load.offset(),
                load.size().bytes());
        return new Fact(Set.of(origin), null);
    }

    /** Arguments go in; what the function returns comes back, now or when it is known. */
    private void call(int slot, int callee, State state) {
        callers.computeIfAbsent(callee, _ -> new TreeSet<>()).add(slot);
        State inside = new State();
        for (int i = 1; i <= 5; i++) {
            inside.registers[i] = state.registers[i];
        }
        flow(callee, inside);
        state.forget(Liveness.writes(code.at(slot)));
        state.put(Reg.R0, results.getOrDefault(callee, NOTHING));
    }

    private void result(int function, Fact returned) {
        Fact known = results.getOrDefault(function, NOTHING);
        Fact joined = known.join(returned.number());
        if (!joined.equals(known)) {
            results.put(function, joined);
            pending.addAll(callers.getOrDefault(function, Set.of()));
        }
    }
}
